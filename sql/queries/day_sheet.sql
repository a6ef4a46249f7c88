-- Who comes to a monument, and when: the day sheet, and whom a change of the planning would hit (OPS-2).

-- name: groups_of_visits :many
-- why: whoever holds places of the slots in a stretch of time, with leader and buyer
-- in: monument_id int, from_at int, until_at int
-- out: id int, start_at int, kind text, persons int, audience text, leader_kind text, state text, ends_at int?
-- out: order_id int?, order_ref text?, order_state text?, organisation_id int, organisation text, country text
-- out: leader_last text?
-- out: leader_first text?, leader_phone text?, leader_email text?, leader_placeholder int?, leader_card text?, card_until int?, first_name text
-- out: last_name text, phone text, email text, needs text
-- max: LIMIT_LIST
SELECT v.id, v.start_at, v.kind, v.persons, v.audience, v.leader_kind, v.state, v.ends_at, o.id, o.ref, o.state,
       g.id, g.name, g.country, l.last_name, l.first_name, l.phone, l.email, l.placeholder, l.card_number, l.card_until, p.first_name, p.last_name,
       p.phone, p.email, v.needs
  FROM visit v
  JOIN organisation g ON g.id = v.organisation_id
  JOIN person p ON p.id = v.person_id
  LEFT JOIN leader l ON l.id = v.leader_id
  LEFT JOIN orders o ON o.id = v.order_id
 WHERE v.monument_id = :monument_id AND v.start_at >= :from_at AND v.start_at < :until_at
   AND v.state IN ('option', 'cart', 'confirmed')
 ORDER BY v.start_at, v.id
 LIMIT 500;

-- name: groups_of_phone :many
-- why: the same of those that booked by telephone
-- in: monument_id int, from_at int, until_at int
-- out: id int, start_at int, persons int, audience text, leader_kind text, organisation text, organisation_id int?
-- out: name text, phone text, email text, needs text
-- max: LIMIT_LIST
SELECT id, start_at, persons, audience, leader_kind, organisation, organisation_id, name, phone, email, needs
  FROM phone_booking
 WHERE monument_id = :monument_id AND start_at >= :from_at AND start_at < :until_at AND state = 'held'
 ORDER BY start_at, id
 LIMIT 500;

-- name: visit_needs_put :exec
-- why: what a group needs, as it says or as the monument was told
-- in: id int, monument_id int, needs text
UPDATE visit SET needs = :needs WHERE id = :id AND monument_id = :monument_id AND state IN ('option', 'cart', 'confirmed');

-- name: visit_needs_own :exec
-- why: the same by the organisation itself
-- in: id int, organisation_id int, needs text
UPDATE visit SET needs = :needs
 WHERE id = :id AND organisation_id = :organisation_id AND state IN ('option', 'cart', 'confirmed');

-- name: visit_needs_of :one
-- in: id int, monument_id int
-- out: needs text, organisation_id int, organisation text, start_at int?, persons int
SELECT v.needs, v.organisation_id, g.name, v.start_at, v.persons
  FROM visit v JOIN organisation g ON g.id = v.organisation_id
 WHERE v.id = :id AND v.monument_id = :monument_id AND v.state IN ('option', 'confirmed');

-- name: visit_needs_mine :one
-- why: what one's own group needs
-- in: id int, organisation_id int
-- out: needs text, monument text, start_at int, persons int, order_ref text?
SELECT v.needs, m.name, v.start_at, v.persons, o.ref
  FROM visit v
  JOIN monument m ON m.id = v.monument_id
  LEFT JOIN orders o ON o.id = v.order_id
 WHERE v.id = :id AND v.organisation_id = :organisation_id AND v.start_at IS NOT NULL
   AND v.state IN ('option', 'cart', 'confirmed');
