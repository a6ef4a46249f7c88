-- Paid visits changed in place (OPT-6): the old visit, its successor, what ends either; leaders replaced (COM-5).

-- name: change_visit :one
-- why: a visit that an order of one's own organisation sold, with all that decides whether it may be changed
-- in: ref text, visit_id int, organisation_id int
-- out: order_id int, order_state text, method text, terms_version text, monument_id int, monument_slug text
-- out: monument_name text, kind text, start_at int?, minutes int?, whole_day int?, persons int, audience text
-- out: leader_kind text, state text, leader_id int?, contact_id int?, split_key text?, days_before int?
-- out: price_cents int, used int, credited int
SELECT o.id, o.state, o.method, o.terms_version, v.monument_id, m.slug, m.name, v.kind, v.start_at, s.minutes,
       s.whole_day, v.persons, v.audience, v.leader_kind, v.state, v.leader_id, v.contact_id, v.split_key, r.days_before,
       COALESCE((SELECT CAST(sum(l.quantity * l.unit_cents) AS BIGINT) FROM order_line l
                  WHERE l.order_id = o.id AND l.visit_id = v.id), 0),
       (SELECT count(*) FROM ticket t WHERE t.visit_id = v.id AND t.state = 'used')
       + COALESCE((SELECT g.arrived FROM gate_group g WHERE g.visit_id = v.id), 0),
       (SELECT count(*) FROM credit_line c WHERE c.visit_id = v.id)
  FROM visit v
  JOIN orders o ON o.id = v.order_id
  JOIN monument m ON m.id = v.monument_id
  LEFT JOIN slot s ON s.monument_id = v.monument_id AND s.start_at = v.start_at
  LEFT JOIN change_rule r ON r.monument_id = v.monument_id
 WHERE v.id = :visit_id AND v.organisation_id = :organisation_id AND o.ref = :ref;

-- name: change_lock :exec
-- why: who changes, ends, scans or pays this visit does it alone until the commit (PostgreSQL; SQLite has one writer)
-- in: visit_id int
UPDATE visit SET state = state WHERE id = :visit_id;

-- name: change_lock_tickets :exec
-- why: no gate lets the group in between the look at its tickets and their end
-- in: visit_id int
UPDATE ticket SET state = state WHERE visit_id = :visit_id;

-- name: change_money :one
-- why: what of an order's money still stands on it: paid or carried over to it, not carried on and not gone back
-- in: order_id int
-- out: left_cents int
SELECT COALESCE((SELECT CAST(sum(p.amount_cents) AS BIGINT) FROM payment p
                  WHERE p.order_id = :order_id AND p.state = 'booked'), 0)
     + COALESCE((SELECT CAST(sum(c.carried_cents) AS BIGINT) FROM order_change c
                  WHERE c.new_order_id = :order_id AND c.state = 'done'), 0)
     - COALESCE((SELECT CAST(sum(c.carried_cents) AS BIGINT) FROM order_change c
                  WHERE c.old_order_id = :order_id AND c.state = 'done'), 0)
     - COALESCE((SELECT CAST(sum(q.amount_cents) AS BIGINT)
                   FROM refund r JOIN refund_part q ON q.refund_id = r.id JOIN payment p ON p.id = q.payment_id
                  WHERE r.order_id = :order_id AND q.state <> 'failed' AND p.state = 'booked'), 0);

-- name: change_of_visit :one
-- why: the change of a visit that is being paid, or that was made
-- in: visit_id int
-- out: id int, state text, new_order_ref text, new_visit_id int, new_order_id int
SELECT c.id, c.state, o.ref, c.new_visit_id, c.new_order_id
  FROM order_change c JOIN orders o ON o.id = c.new_order_id
 WHERE c.old_visit_id = :visit_id AND c.state IN ('pending', 'done');

-- name: change_split_in_slot :one
-- why: sub-groups of one large group stand in different slots (PLA-5)
-- in: organisation_id int, split_key text, monument_id int, start_at int, visit_id int
-- out: n int
SELECT count(*) FROM visit
 WHERE organisation_id = :organisation_id AND split_key = :split_key AND monument_id = :monument_id
   AND start_at = :start_at AND state IN ('option', 'cart', 'confirmed') AND id <> :visit_id;

-- name: change_visit_bind :exec
-- why: the successor belongs to its order and has the people and the needs of the visit that it replaces
-- in: id int, old_id int, order_id int, pay_until int, leader_id int?, contact_id int?, lent_persons int
UPDATE visit SET order_id = :order_id, pay_until = :pay_until, leader_id = :leader_id, contact_id = :contact_id,
                 lent_persons = :lent_persons, needs = (SELECT o.needs FROM visit o WHERE o.id = :old_id)
 WHERE id = :id;

-- name: change_insert :one
-- in: organisation_id int, person_id int, staff_id int?, reason text, old_order_id int, old_visit_id int
-- in: new_order_id int, new_visit_id int, carried_cents int, returned_cents int, now int
-- out: id int
INSERT INTO order_change (organisation_id, person_id, staff_id, reason, old_order_id, old_visit_id, new_order_id,
                          new_visit_id, state, carried_cents, returned_cents, placed_at)
VALUES (:organisation_id, :person_id, :staff_id, :reason, :old_order_id, :old_visit_id, :new_order_id, :new_visit_id,
        'pending', :carried_cents, :returned_cents, :now)
RETURNING id;

-- name: change_of_order :one
-- why: whether an order is a change, and both its visits as they are now
-- in: new_order_id int
-- out: id int, organisation_id int, person_id int, staff_id int?, state text, old_order_id int, old_order_ref text
-- out: old_visit_id int, new_visit_id int, carried_cents int, returned_cents int, old_state text, old_start_at int?
-- out: old_minutes int?, old_persons int, old_leader_id int?, new_state text, monument_id int, monument_name text
-- out: new_start_at int?, new_minutes int?, new_whole_day int?, new_persons int, lent_persons int, used int, others int
-- out: credited int
SELECT c.id, c.organisation_id, c.person_id, c.staff_id, c.state, c.old_order_id, o.ref, c.old_visit_id, c.new_visit_id,
       c.carried_cents, c.returned_cents, a.state, a.start_at, sa.minutes, a.persons, a.leader_id, b.state, b.monument_id,
       m.name, b.start_at, sb.minutes, sb.whole_day, b.persons, b.lent_persons,
       (SELECT count(*) FROM ticket t WHERE t.visit_id = a.id AND t.state = 'used')
       + COALESCE((SELECT g.arrived FROM gate_group g WHERE g.visit_id = a.id), 0),
       (SELECT count(*) FROM order_change x WHERE x.old_visit_id = c.old_visit_id AND x.id <> c.id
                                             AND x.state IN ('pending', 'done')),
       (SELECT count(*) FROM credit_line l WHERE l.visit_id = a.id)
  FROM order_change c
  JOIN orders o ON o.id = c.old_order_id
  JOIN visit a ON a.id = c.old_visit_id
  JOIN visit b ON b.id = c.new_visit_id
  JOIN monument m ON m.id = b.monument_id
  LEFT JOIN slot sa ON sa.monument_id = a.monument_id AND sa.start_at = a.start_at
  LEFT JOIN slot sb ON sb.monument_id = b.monument_id AND sb.start_at = b.start_at
 WHERE c.new_order_id = :new_order_id;

-- name: change_done :exec
-- why: a change that is paid after its end becomes done all the same, if nothing else was done with the visit
-- in: id int, now int
UPDATE order_change SET state = 'done', closed_at = :now WHERE id = :id AND state IN ('pending', 'ended');

-- name: change_ended :exec
-- in: id int, now int
UPDATE order_change SET state = 'ended', closed_at = :now WHERE id = :id AND state = 'pending';

-- name: change_visit_end :exec
-- why: the new places of a change that nobody pays any more; the visit stays with its order, for late money
-- in: id int, now int
UPDATE visit SET state = 'cancelled', closed_at = :now, pay_until = NULL, lent_persons = 0
 WHERE id = :id AND state IN ('option', 'cart');

-- name: change_take_over :one
-- why: what the old visit of the same slot has just given back; a slot that has closed meanwhile keeps who is in it
-- in: monument_id int, start_at int, persons int
-- out: taken int
UPDATE slot SET taken = taken + :persons
 WHERE monument_id = :monument_id AND start_at = :start_at AND taken + :persons <= capacity
RETURNING taken;

-- name: change_visit_whole :exec
-- why: from now on all of the successor's places are its own, and it has the old visit's leader, who may have been
-- why: replaced
-- in: id int, leader_id int?
UPDATE visit SET lent_persons = 0, leader_id = :leader_id WHERE id = :id;

-- name: change_adrift :many
-- why: changes whose order ended without telling: their places must not wait
-- max: 200
-- out: new_order_id int
SELECT c.new_order_id FROM order_change c JOIN orders o ON o.id = c.new_order_id
 WHERE c.state = 'pending' AND o.state <> 'pending' ORDER BY c.id LIMIT 200;

-- name: changes_of_order :many
-- why: what an order's page says of changes from it and to it
-- max: 100
-- in: order_id int, organisation_id int
-- out: state text, old_visit_id int, old_order_ref text, new_order_ref text, new_visit_id int, carried_cents int
-- out: returned_cents int, from_here int
SELECT c.state, c.old_visit_id, a.ref, b.ref, c.new_visit_id, c.carried_cents, c.returned_cents,
       CASE WHEN c.old_order_id = :order_id THEN 1 ELSE 0 END
  FROM order_change c
  JOIN orders a ON a.id = c.old_order_id
  JOIN orders b ON b.id = c.new_order_id
 WHERE c.organisation_id = :organisation_id
   AND ((c.old_order_id = :order_id AND c.state IN ('pending', 'done')) OR c.new_order_id = :order_id)
 ORDER BY c.id LIMIT 100;

-- name: change_order_visits :many
-- why: which visits of an order may still be changed, and who accompanies them
-- max: LIMIT_CART_VISITS
-- in: order_id int, organisation_id int
-- out: id int, start_at int?, minutes int?, whole_day int?, state text, days_before int?, used int, leader_kind text
-- out: card_number text?, card_until int?
SELECT v.id, v.start_at, s.minutes, s.whole_day, v.state, r.days_before,
       (SELECT count(*) FROM ticket t WHERE t.visit_id = v.id AND t.state = 'used')
       + COALESCE((SELECT g.arrived FROM gate_group g WHERE g.visit_id = v.id), 0), v.leader_kind, l.card_number,
       l.card_until
  FROM visit v
  LEFT JOIN slot s ON s.monument_id = v.monument_id AND s.start_at = v.start_at
  LEFT JOIN change_rule r ON r.monument_id = v.monument_id
  LEFT JOIN leader l ON l.id = v.leader_id
 WHERE v.order_id = :order_id AND v.organisation_id = :organisation_id AND v.start_at IS NOT NULL
 ORDER BY v.id LIMIT 40;

-- name: leader_of_visit :one
-- why: who accompanies it now, and whom to write to about that
-- in: visit_id int
-- out: leader_id int?, first_name text?, last_name text?, email text?, kind text?, placeholder int?
SELECT v.leader_id, l.first_name, l.last_name, l.email, l.kind, l.placeholder
  FROM visit v LEFT JOIN leader l ON l.id = v.leader_id WHERE v.id = :visit_id;

-- name: leader_replace :exec
-- why: only while the visit is confirmed
-- in: visit_id int, leader_id int
UPDATE visit SET leader_id = :leader_id WHERE id = :visit_id AND state = 'confirmed';

-- name: leader_change_find :one
-- why: a form sent twice replaces once
-- in: visit_id int, request_key text
-- out: changed_at int
SELECT changed_at FROM leader_change WHERE visit_id = :visit_id AND request_key = :request_key;

-- name: leader_change_note :exec
-- in: visit_id int, request_key text, old_leader_id int?, new_leader_id int, person_id int, staff_id int?, now int
INSERT INTO leader_change (visit_id, request_key, old_leader_id, new_leader_id, person_id, staff_id, changed_at)
VALUES (:visit_id, :request_key, :old_leader_id, :new_leader_id, :person_id, :staff_id, :now);
