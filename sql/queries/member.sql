-- The people of an organisation and invitations to them (ACC-5). Every statement names the organisation.

-- name: member_list :many
-- why: sorted by the service, alike on both engines
-- in: organisation_id int
-- out: id int, email text, first_name text, last_name text, phone text, role text, created_at int, seen_at int?
-- out: factor int
SELECT p.id, p.email, p.first_name, p.last_name, p.phone, p.role, p.created_at,
       (SELECT max(s.seen_at) FROM session s WHERE s.person_id = p.id),
       (SELECT count(*) FROM second_factor f WHERE f.person_id = p.id AND f.confirmed_at IS NOT NULL)
  FROM person p
 WHERE p.organisation_id = :organisation_id AND p.left_at IS NULL
 ORDER BY p.id LIMIT 500;

-- name: member_get :one
-- in: id int, organisation_id int
-- out: email text, email_key text, first_name text, last_name text, role text
SELECT email, email_key, first_name, last_name, role FROM person
 WHERE id = :id AND organisation_id = :organisation_id AND left_at IS NULL;

-- name: member_counts :one
-- why: the last manager stays, and the list has a maximum
-- in: organisation_id int
-- out: people int, managers int
SELECT count(*), CAST(COALESCE(sum(CASE WHEN role = 'manager' THEN 1 ELSE 0 END), 0) AS BIGINT)
  FROM person WHERE organisation_id = :organisation_id AND left_at IS NULL;

-- name: member_add :one
-- why: who accepts an invitation; the link that reached the mailbox proves the address. No row: it has an account
-- in: organisation_id int, email text, email_key text, first_name text, last_name text, phone text, password_hash text
-- in: lang text, role text, now int
-- out: id int
INSERT INTO person (organisation_id, email, email_key, first_name, last_name, phone, password_hash, lang, role,
                    created_at, verified_at)
VALUES (:organisation_id, :email, :email_key, :first_name, :last_name, :phone, :password_hash, :lang, :role, :now,
        :now)
ON CONFLICT (email_key) DO NOTHING
RETURNING id;

-- name: member_role :exec
-- in: id int, organisation_id int, role text
UPDATE person SET role = :role WHERE id = :id AND organisation_id = :organisation_id AND left_at IS NULL;

-- name: member_leave :exec
-- why: nobody signs in with it any more, and the address is free again; what the person did stays
-- in: id int, organisation_id int, email_key text, now int
UPDATE person SET left_at = :now, email_key = :email_key, password_hash = ''
 WHERE id = :id AND organisation_id = :organisation_id AND left_at IS NULL;

-- name: member_leave_cart :exec
-- why: options in a leaver's cart go back to the organisation's list, where others find them
-- in: person_id int, organisation_id int
UPDATE visit SET in_cart = 0
 WHERE organisation_id = :organisation_id AND state = 'option' AND person_id = :person_id AND in_cart = 1
   AND order_id IS NULL;

-- name: invitation_add :exec
-- in: token_hash text, organisation_id int?, staff_id int?, role text, email text, email_key text, lang text
-- in: inviter text, created_at int, expires_at int
INSERT INTO invitation (token_hash, organisation_id, staff_id, role, email, email_key, lang, inviter, created_at,
                        expires_at)
VALUES (:token_hash, :organisation_id, :staff_id, :role, :email, :email_key, :lang, :inviter, :created_at, :expires_at);

-- name: invitation_find :one
-- why: what a link that was clicked, or a mail that is due, is about
-- in: token_hash text
-- out: id int, organisation_id int?, organisation text?, staff_id int?, role text, email text, email_key text
-- out: lang text, inviter text, expires_at int, ended_at int?
SELECT i.id, i.organisation_id, o.name, i.staff_id, i.role, i.email, i.email_key, i.lang, i.inviter, i.expires_at,
       i.ended_at
  FROM invitation i LEFT JOIN organisation o ON o.id = i.organisation_id
 WHERE i.token_hash = :token_hash;

-- name: invitation_accept :exec
-- why: an invitation works once: of two at the same moment one gets the row
-- in: id int, now int
UPDATE invitation SET ended_at = :now, accepted = 1 WHERE id = :id AND ended_at IS NULL AND expires_at > :now;

-- name: invitation_replace :exec
-- why: inviting the same address again makes the earlier link worthless
-- in: organisation_id int, email_key text, now int
UPDATE invitation SET ended_at = :now
 WHERE organisation_id = :organisation_id AND email_key = :email_key AND ended_at IS NULL;

-- name: invitation_replace_staff :exec
-- in: staff_id int, now int
UPDATE invitation SET ended_at = :now WHERE staff_id = :staff_id AND ended_at IS NULL;

-- name: invitation_withdraw :exec
-- in: id int, organisation_id int, now int
UPDATE invitation SET ended_at = :now WHERE id = :id AND organisation_id = :organisation_id AND ended_at IS NULL;

-- name: invitation_list :many
-- why: those that wait, also when their time is over, so that they can be sent again
-- in: organisation_id int
-- out: id int, role text, email text, inviter text, created_at int, expires_at int
SELECT id, role, email, inviter, created_at, expires_at FROM invitation
 WHERE organisation_id = :organisation_id AND ended_at IS NULL
 ORDER BY created_at DESC, id DESC LIMIT 500;

-- name: invitation_count :one
-- why: nobody's mailbox is filled by invitations
-- in: organisation_id int, since int
-- out: n int
SELECT count(*) FROM invitation WHERE organisation_id = :organisation_id AND created_at > :since;

-- name: invitation_sweep :exec
-- why: links that ended long ago are not kept
-- in: before int
DELETE FROM invitation WHERE expires_at < :before;
