-- The desk of customer service: finding a customer, and all that happened to one (OPS-1).

-- name: desk_names :many
-- why: the search goes over folded words, alike on both engines; leavers are found too, their orders stay
-- max: 20000
-- out: organisation_id int, organisation text, city text, registration text, person_id int, first_name text
-- out: last_name text, email text, gone int
SELECT o.id, o.name, o.city, o.registration, p.id, p.first_name, p.last_name, p.email,
       CASE WHEN p.left_at IS NULL THEN 0 ELSE 1 END
  FROM organisation o JOIN person p ON p.organisation_id = o.id
 ORDER BY o.id, p.id LIMIT 20000;

-- name: desk_order :one
-- in: ref text
-- out: organisation_id int, organisation text, ref text, state text, created_at int
SELECT o.organisation_id, g.name, o.ref, o.state, o.created_at
  FROM orders o JOIN organisation g ON g.id = o.organisation_id WHERE o.ref = :ref;

-- name: desk_ticket :one
-- in: number text
-- out: organisation_id int, organisation text, ref text, state text, issued_at int
SELECT o.organisation_id, g.name, o.ref, t.state, t.issued_at
  FROM ticket t JOIN orders o ON o.id = t.order_id JOIN organisation g ON g.id = o.organisation_id
 WHERE t.number = :number;

-- name: desk_invoice :one
-- in: number text
-- out: organisation_id int, organisation text, ref text, number text, issued_at int
SELECT o.organisation_id, g.name, o.ref, i.number, i.issued_at
  FROM invoice i JOIN orders o ON o.id = i.order_id JOIN organisation g ON g.id = o.organisation_id
 WHERE i.number = :number;

-- name: desk_latest_orders :many
-- why: the newest of all organisations, for a look at what goes on
-- out: organisation_id int, organisation text, ref text, state text, total_cents int, created_at int, first_name text
-- out: last_name text
SELECT o.organisation_id, g.name, o.ref, o.state, o.total_cents, o.created_at, p.first_name, p.last_name
  FROM orders o JOIN organisation g ON g.id = o.organisation_id JOIN person p ON p.id = o.person_id
 ORDER BY o.created_at DESC, o.id DESC LIMIT 100;

-- name: desk_organisation :one
-- in: id int
-- out: name text, kind text, registration text, vat_number text, address text, postcode text, city text, country text
-- out: transfer_allowed int, created_at int
SELECT name, kind, registration, vat_number, address, postcode, city, country, transfer_allowed, created_at
  FROM organisation WHERE id = :id;

-- name: desk_people :many
-- in: organisation_id int
-- out: id int, first_name text, last_name text, email text, phone text, role text, left_at int?, verified_at int?
-- out: factor int
SELECT id, first_name, last_name, email, phone, role, left_at, verified_at,
       (SELECT count(*) FROM second_factor f WHERE f.person_id = person.id AND f.confirmed_at IS NOT NULL)
  FROM person
 WHERE organisation_id = :organisation_id
 ORDER BY CASE WHEN left_at IS NULL THEN 0 ELSE 1 END, id LIMIT 500;

-- name: desk_orders :many
-- in: organisation_id int
-- out: ref text, state text, method text, total_cents int, created_at int, first_name text, last_name text
-- out: staff_first_name text?, staff_last_name text?
SELECT o.ref, o.state, o.method, o.total_cents, o.created_at, p.first_name, p.last_name, s.first_name, s.last_name
  FROM orders o JOIN person p ON p.id = o.person_id LEFT JOIN staff s ON s.id = o.staff_id
 WHERE o.organisation_id = :organisation_id
 ORDER BY o.created_at DESC, o.id DESC LIMIT 300;

-- name: desk_visits :many
-- in: organisation_id int
-- out: id int, monument text, start_at int?, persons int, state text, placed_at int, ref text?, first_name text
-- out: last_name text, staff_first_name text?, staff_last_name text?
SELECT v.id, m.name, v.start_at, v.persons, v.state, v.placed_at, o.ref, p.first_name, p.last_name, s.first_name,
       s.last_name
  FROM visit v JOIN monument m ON m.id = v.monument_id JOIN person p ON p.id = v.person_id
  LEFT JOIN orders o ON o.id = v.order_id LEFT JOIN staff s ON s.id = v.staff_id
 WHERE v.organisation_id = :organisation_id
 ORDER BY v.placed_at DESC, v.id DESC LIMIT 300;

-- name: desk_payments :many
-- in: organisation_id int
-- out: ref text, provider text, amount_cents int, state text, reason text, received_at int
SELECT o.ref, p.provider, p.amount_cents, p.state, p.reason, p.received_at
  FROM payment p JOIN orders o ON o.id = p.order_id
 WHERE o.organisation_id = :organisation_id
 ORDER BY p.received_at DESC, p.id DESC LIMIT 300;

-- name: desk_mails :many
-- in: organisation_id int
-- out: id int, kind text, recipient text, state text, created_at int, ref text?
SELECT b.id, b.kind, b.recipient, b.state, b.created_at, o.ref
  FROM outbox b LEFT JOIN orders o ON o.id = b.order_id
 WHERE b.organisation_id = :organisation_id
 ORDER BY b.created_at DESC, b.id DESC LIMIT 300;

-- name: desk_acts :many
-- why: a note is shown as what it says, not as the act of adding it
-- in: organisation_id int
-- out: at int, act text, subject text, detail text, reason text, was text, became text, first_name text?
-- out: last_name text?, staff_first_name text?, staff_last_name text?
SELECT a.at, a.act, a.subject, a.detail, a.reason, a.was, a.became, p.first_name, p.last_name, s.first_name, s.last_name
  FROM audit a LEFT JOIN person p ON p.id = a.person_id LEFT JOIN staff s ON s.id = a.staff_id
 WHERE a.organisation_id = :organisation_id AND a.act <> 'customer.note'
 ORDER BY a.at DESC, a.id DESC LIMIT 300;

-- name: desk_refunds :many
-- in: organisation_id int
-- out: ref text, amount_cents int, reason text, made_at int, credit_note text?, staff_first_name text?
-- out: staff_last_name text?
SELECT o.ref, r.amount_cents, r.reason, r.made_at, i.number, s.first_name, s.last_name
  FROM refund r JOIN orders o ON o.id = r.order_id LEFT JOIN invoice i ON i.id = r.credit_id
  LEFT JOIN staff s ON s.id = r.staff_id
 WHERE o.organisation_id = :organisation_id
 ORDER BY r.made_at DESC, r.id DESC LIMIT 300;

-- name: desk_order_owner :one
-- why: whose order it is, for who may see every customer's
-- in: ref text
-- out: id int, organisation_id int, person_id int, staff_first_name text?, staff_last_name text?
SELECT o.id, o.organisation_id, o.person_id, s.first_name, s.last_name
  FROM orders o LEFT JOIN staff s ON s.id = o.staff_id WHERE o.ref = :ref;

-- name: desk_order_tickets :many
-- max: 2000
-- in: order_id int
-- out: number text, visit_id int, position int, role text, tariff_code text, price_cents int, state text
-- out: ended_at int?, ended_why text
SELECT number, visit_id, position, role, tariff_code, price_cents, state, ended_at, ended_why
  FROM ticket WHERE order_id = :order_id ORDER BY visit_id, position LIMIT 2000;

-- name: desk_order_visits :many
-- why: the state of each visit of an order
-- max: LIMIT_CART_VISITS
-- in: order_id int
-- out: id int, state text, in_slot int, capacity int?, taken int?
SELECT v.id, v.state, CASE WHEN v.start_at IS NULL THEN 0 ELSE 1 END, s.capacity, s.taken
  FROM visit v LEFT JOIN slot s ON s.monument_id = v.monument_id AND s.start_at = v.start_at
 WHERE v.id IN (SELECT visit_id FROM order_line WHERE order_id = :order_id)
 ORDER BY v.placed_at, v.id LIMIT 40;

-- name: desk_order_mails :many
-- in: order_id int
-- out: id int, kind text, recipient text, state text, created_at int
SELECT id, kind, recipient, state, created_at FROM outbox
 WHERE order_id = :order_id ORDER BY created_at DESC, id DESC LIMIT 300;

-- name: desk_order_acts :many
-- in: organisation_id int, ref text
-- out: at int, act text, detail text, reason text, was text, became text, first_name text?, last_name text?
-- out: staff_first_name text?, staff_last_name text?
SELECT a.at, a.act, a.detail, a.reason, a.was, a.became, p.first_name, p.last_name, s.first_name, s.last_name
  FROM audit a LEFT JOIN person p ON p.id = a.person_id LEFT JOIN staff s ON s.id = a.staff_id
 WHERE a.organisation_id = :organisation_id AND a.subject = :ref
 ORDER BY a.at DESC, a.id DESC LIMIT 300;

-- name: catalogue_desk_names :many
-- why: a search that names a day looks for the monument among all names
-- out: id int, slug text, name text, city text
SELECT id, slug, name, city FROM monument ORDER BY name LIMIT 500;

-- name: desk_monument :one
-- in: slug text
-- out: id int, name text, city text
SELECT id, name, city FROM monument WHERE slug = :slug;

-- name: desk_slot_count :one
-- why: whether a monument has anything on a day, and how many groups
-- in: monument_id int, from_at int, to_at int
-- out: slots int, persons int
SELECT count(*), CAST(COALESCE(sum(taken), 0) AS BIGINT) FROM slot
 WHERE monument_id = :monument_id AND start_at >= :from_at AND start_at < :to_at;

-- name: desk_slots :many
-- in: monument_id int, from_at int, to_at int
-- out: start_at int, minutes int, whole_day int, capacity int, taken int, for_groups int, closed_fr text?, closed_en text?
SELECT start_at, minutes, whole_day, capacity, taken, for_groups, closed_fr, closed_en FROM slot
 WHERE monument_id = :monument_id AND start_at >= :from_at AND start_at < :to_at
 ORDER BY start_at LIMIT 500;

-- name: desk_slot_visits :many
-- why: the groups of a day that hold places, whose they are and in which order
-- max: 2000
-- in: monument_id int, from_at int, to_at int
-- out: id int, start_at int, persons int, state text, organisation_id int, organisation text, ref text?
-- out: leader_first text?, leader_last text?, leader_phone text?
SELECT v.id, v.start_at, v.persons, v.state, v.organisation_id, g.name, o.ref, l.first_name, l.last_name, l.phone
  FROM visit v JOIN organisation g ON g.id = v.organisation_id
  LEFT JOIN orders o ON o.id = v.order_id LEFT JOIN leader l ON l.id = v.leader_id
 WHERE v.monument_id = :monument_id AND v.start_at >= :from_at AND v.start_at < :to_at
   AND v.state IN ('option', 'cart', 'confirmed')
 ORDER BY v.start_at, v.id LIMIT 2000;
