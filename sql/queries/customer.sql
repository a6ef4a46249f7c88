-- What customer service does for one customer (OPS-1): every statement names the organisation.

-- name: customer_acting :one
-- why: what the head of the customer's pages shows while customer service acts in the name of a person
-- in: person_id int, organisation_id int, now int
-- out: email text, first_name text, last_name text, organisation text, transfer_allowed int, options int, cart int
SELECT p.email, p.first_name, p.last_name, o.name, o.transfer_allowed,
       (SELECT count(*) FROM visit v
         WHERE v.organisation_id = p.organisation_id AND v.state = 'option'
           AND CASE WHEN v.pay_until > v.ends_at THEN v.pay_until ELSE v.ends_at END > :now),
       (SELECT count(*) FROM visit v
         WHERE v.organisation_id = p.organisation_id AND v.person_id = p.id AND v.in_cart = 1 AND v.order_id IS NULL
           AND v.state IN ('option', 'cart') AND (v.ends_at IS NULL OR v.ends_at > :now))
  FROM person p JOIN organisation o ON o.id = p.organisation_id
 WHERE p.id = :person_id AND p.organisation_id = :organisation_id AND p.left_at IS NULL;

-- name: staff_form_note :exec
-- why: a form of the operator's people that comes again does nothing again: zero rows
-- in: staff_id int, request_key text, now int
INSERT INTO staff_form (staff_id, request_key, done_at) VALUES (:staff_id, :request_key, :now)
ON CONFLICT (staff_id, request_key) DO NOTHING;

-- name: customer_exists :one
-- in: id int
-- out: id int
SELECT id FROM organisation WHERE id = :id;

-- name: customer_note_add :one
-- in: organisation_id int, staff_id int, at int, body text
-- out: id int
INSERT INTO customer_note (organisation_id, staff_id, at, body) VALUES (:organisation_id, :staff_id, :at, :body)
RETURNING id;

-- name: desk_notes :many
-- in: organisation_id int
-- out: at int, body text, first_name text, last_name text
SELECT n.at, n.body, s.first_name, s.last_name
  FROM customer_note n JOIN staff s ON s.id = n.staff_id
 WHERE n.organisation_id = :organisation_id
 ORDER BY n.at DESC, n.id DESC LIMIT 300;

-- name: customer_option :one
-- why: a visit of this organisation, for who extends or cancels it at the desk
-- in: id int, organisation_id int
-- out: person_id int, monument_id int, monument_name text, start_at int?, persons int, state text, placed_at int
-- out: ends_at int?, order_id int?, first_name text, last_name text
SELECT v.person_id, v.monument_id, m.name, v.start_at, v.persons, v.state, v.placed_at, v.ends_at, v.order_id,
       p.first_name, p.last_name
  FROM visit v JOIN monument m ON m.id = v.monument_id JOIN person p ON p.id = v.person_id
 WHERE v.id = :id AND v.organisation_id = :organisation_id;

-- name: customer_option_extend :exec
-- why: only an option that lives, has the end that was seen, and is not being paid; reminders begin anew
-- in: id int, organisation_id int, was_ends_at int, ends_at int, now int
UPDATE visit SET ends_at = :ends_at, end_set_at = :now
 WHERE id = :id AND organisation_id = :organisation_id AND state = 'option' AND order_id IS NULL
   AND ends_at = :was_ends_at AND ends_at > :now;

-- name: customer_option_act :one
-- why: the reason that the mail about it gives, also when it is sent again
-- in: organisation_id int, act text, subject text, until int
-- out: reason text
SELECT reason FROM audit
 WHERE organisation_id = :organisation_id AND act = :act AND subject = :subject AND at <= :until
 ORDER BY at DESC, id DESC LIMIT 1;

-- name: customer_mail :one
-- in: id int, organisation_id int
-- out: kind text, order_id int?, visit_id int?, recipient text, recipient_name text, lang text, state text
SELECT kind, order_id, visit_id, recipient, recipient_name, lang, state
  FROM outbox WHERE id = :id AND organisation_id = :organisation_id;

-- name: customer_mail_successor :one
-- why: a mail of who has left goes to a manager; no row: the reader has not left
-- in: organisation_id int, recipient text
-- out: email text, first_name text, last_name text, lang text
SELECT m.email, m.first_name, m.last_name, m.lang FROM person m
 WHERE m.organisation_id = :organisation_id AND m.left_at IS NULL
   AND EXISTS (SELECT 1 FROM person g WHERE g.organisation_id = :organisation_id AND g.email = :recipient
                                        AND g.left_at IS NOT NULL)
   AND NOT EXISTS (SELECT 1 FROM person h WHERE h.organisation_id = :organisation_id AND h.email = :recipient
                                            AND h.left_at IS NULL)
 ORDER BY CASE m.role WHEN 'manager' THEN 0 ELSE 1 END, m.id LIMIT 1;

-- name: customer_invitation :one
-- why: the invitation of a mail that is sent again, while nobody has accepted or withdrawn it
-- in: organisation_id int, email_key text
-- out: role text, email text, lang text, inviter text
SELECT role, email, lang, inviter FROM invitation
 WHERE organisation_id = :organisation_id AND email_key = :email_key AND ended_at IS NULL;

-- name: customer_person :one
-- why: what is corrected, as it was
-- in: id int, organisation_id int
-- out: email text, first_name text, last_name text, phone text, lang text, role text, factor int
SELECT p.email, p.first_name, p.last_name, p.phone, p.lang, p.role,
       (SELECT count(*) FROM second_factor f WHERE f.person_id = p.id AND f.confirmed_at IS NOT NULL)
  FROM person p
 WHERE p.id = :id AND p.organisation_id = :organisation_id AND p.left_at IS NULL;
