-- Places: taking and giving back, options, holds in the cart.

-- name: slot_facts :one
-- why: all that decides whether a group may take places of a slot (PLA-1, PLA-3)
-- in: monument_id int, start_at int
-- out: slug text, monument_name text, sale_mode text, day int, minutes int, whole_day int, capacity int, taken int
-- out: for_groups int, closed_fr text?, on_sale_from int, min_persons int?, guide_waives_minimum int?, max_persons int?
-- out: option_days int?, confirm_days_before int?, confirm_minute int?, sales_close_minutes int?, school_online int?
SELECT m.slug, m.name, m.sale_mode, s.day, s.minutes, s.whole_day, s.capacity, s.taken, s.for_groups, s.closed_fr,
       s.on_sale_from, r.min_persons, r.guide_waives_minimum, r.max_persons, r.option_days, r.confirm_days_before,
       r.confirm_minute, r.sales_close_minutes, r.school_online
  FROM slot s
  JOIN monument m ON m.id = s.monument_id
  LEFT JOIN group_rule r ON r.monument_id = s.monument_id
 WHERE s.monument_id = :monument_id AND s.start_at = :start_at AND m.published = 1;

-- name: slot_take :one
-- why: takes places only if they are there; no row means they are not, or that the slot has closed (PLA-4)
-- in: monument_id int, start_at int, persons int
-- out: taken int, capacity int
UPDATE slot SET taken = taken + :persons
 WHERE monument_id = :monument_id AND start_at = :start_at AND closed_fr IS NULL AND taken + :persons <= capacity
RETURNING taken, capacity;

-- name: slot_give :exec
-- why: gives places back; the CHECK of the table refuses to give more than was taken
-- in: monument_id int, start_at int, persons int
UPDATE slot SET taken = taken - :persons WHERE monument_id = :monument_id AND start_at = :start_at;

-- name: visit_by_request :one
-- why: a form sent twice finds what it made the first time
-- in: organisation_id int, request_key text
-- out: id int, state text, ends_at int?
SELECT id, state, ends_at FROM visit WHERE organisation_id = :organisation_id AND request_key = :request_key;

-- name: cart_size :one
-- why: bounds a cart; ended holds count, since the cart still shows them
-- in: person_id int
-- out: n int
SELECT count(*) FROM visit
 WHERE person_id = :person_id AND in_cart = 1 AND order_id IS NULL AND state IN ('option', 'cart', 'expired');

-- name: visit_insert :one
-- in: organisation_id int, person_id int, monument_id int, kind text, start_at int?, persons int, audience text
-- in: leader_kind text, state text, placed_at int, ends_at int?, in_cart int, split_key text?, request_key text
-- in: staff_id int?
-- out: id int
INSERT INTO visit (organisation_id, person_id, monument_id, kind, start_at, persons, audience, leader_kind, state,
                   placed_at, ends_at, in_cart, split_key, request_key, staff_id)
VALUES (:organisation_id, :person_id, :monument_id, :kind, :start_at, :persons, :audience, :leader_kind, :state,
        :placed_at, :ends_at, :in_cart, :split_key, :request_key, :staff_id)
RETURNING id;

-- name: visit_of :one
-- why: a visit of one's own organisation, whatever its state
-- in: id int, organisation_id int
-- out: person_id int, monument_id int, monument_slug text, monument_name text, kind text, start_at int?, persons int
-- out: audience text, leader_kind text, state text, placed_at int, ends_at int?, in_cart int, order_id int?
-- out: pay_until int?, leader_id int?, contact_id int?
SELECT v.person_id, v.monument_id, m.slug, m.name, v.kind, v.start_at, v.persons, v.audience, v.leader_kind, v.state,
       v.placed_at, v.ends_at, v.in_cart, v.order_id, v.pay_until, v.leader_id, v.contact_id
  FROM visit v JOIN monument m ON m.id = v.monument_id
 WHERE v.id = :id AND v.organisation_id = :organisation_id;

-- name: visit_release :one
-- why: ends a live visit that no payment holds; no row: it is not live (any more) or is being paid
-- in: id int, organisation_id int, state text, now int
-- out: monument_id int, start_at int?, persons int, kind text
UPDATE visit SET state = :state, closed_at = :now, in_cart = 0
 WHERE id = :id AND organisation_id = :organisation_id AND state IN ('option', 'cart') AND order_id IS NULL
RETURNING monument_id, start_at, persons, kind;

-- name: visit_forget :exec
-- why: takes an ended hold out of the cart
-- in: id int, organisation_id int
UPDATE visit SET in_cart = 0
 WHERE id = :id AND organisation_id = :organisation_id AND state = 'expired' AND in_cart = 1;

-- name: visit_cart_flag :exec
-- why: an option goes into the cart for payment, or out of it; it stays an option (OPT-3)
-- in: id int, organisation_id int, person_id int, in_cart int, now int
UPDATE visit SET in_cart = :in_cart, person_id = :person_id
 WHERE id = :id AND organisation_id = :organisation_id AND state = 'option' AND order_id IS NULL AND ends_at > :now;

-- name: visit_revive :one
-- why: an ended hold of one's cart takes its places again
-- in: id int, organisation_id int, ends_at int
-- out: monument_id int, start_at int?, persons int
UPDATE visit SET state = 'cart', ends_at = :ends_at, closed_at = NULL
 WHERE id = :id AND organisation_id = :organisation_id AND state = 'expired' AND in_cart = 1 AND order_id IS NULL
RETURNING monument_id, start_at, persons;

-- name: option_list :many
-- why: the live options of an organisation, the first to end first (OPT-2)
-- in: organisation_id int, now int
-- out: id int, monument_slug text, monument_name text, start_at int, persons int, audience text, leader_kind text
-- out: placed_at int, ends_at int, in_cart int, order_id int?, order_ref text?, pay_until int?, split_key text?
-- out: minutes int, staff_id int?
SELECT v.id, m.slug, m.name, v.start_at, v.persons, v.audience, v.leader_kind, v.placed_at, v.ends_at, v.in_cart,
       v.order_id, o.ref, v.pay_until, v.split_key, s.minutes, v.staff_id
  FROM visit v
  JOIN monument m ON m.id = v.monument_id
  JOIN slot s ON s.monument_id = v.monument_id AND s.start_at = v.start_at
  LEFT JOIN orders o ON o.id = v.order_id
 WHERE v.organisation_id = :organisation_id AND v.state = 'option'
   AND CASE WHEN v.pay_until > v.ends_at THEN v.pay_until ELSE v.ends_at END > :now
 ORDER BY v.ends_at, v.start_at, v.id
 LIMIT 500;

-- name: cart_list :many
-- why: what is in a person's cart, ended holds included so that they can be taken again
-- max: LIMIT_CART_VISITS * 4
-- in: person_id int, organisation_id int
-- out: id int, monument_id int, monument_slug text, monument_name text, monument_kind text, kind text, start_at int?
-- out: day int?, minutes int?, persons int, audience text, leader_kind text, state text, placed_at int, ends_at int?, leader_id int?
-- out: contact_id int?, split_key text?, closed int
SELECT v.id, v.monument_id, m.slug, m.name, m.kind, v.kind, v.start_at, s.day, s.minutes, v.persons, v.audience, v.leader_kind,
       v.state, v.placed_at, v.ends_at, v.leader_id, v.contact_id, v.split_key,
       CASE WHEN s.closed_fr IS NULL THEN 0 ELSE 1 END
  FROM visit v
  JOIN monument m ON m.id = v.monument_id
  LEFT JOIN slot s ON s.monument_id = v.monument_id AND s.start_at = v.start_at
 WHERE v.person_id = :person_id AND v.organisation_id = :organisation_id AND v.in_cart = 1 AND v.order_id IS NULL
   AND v.state IN ('option', 'cart', 'expired')
 ORDER BY v.placed_at, v.id
 LIMIT 160;

-- name: visits_due :many
-- why: options and holds whose end has come (OPT-4); those of a pending order end with the order
-- max: 200
-- in: now int
-- out: id int, start_at int
SELECT id, start_at FROM visit
 WHERE state IN ('option', 'cart') AND ends_at <= :now AND start_at IS NOT NULL AND order_id IS NULL
 ORDER BY ends_at
 LIMIT 200;

-- name: visit_expire :one
-- why: ends an option or hold whose time has come; the condition is checked again inside the transaction. An ended hold
-- why: stays visible in its cart, so that it can be taken again; an ended option does not
-- in: id int, now int
-- out: organisation_id int, person_id int, monument_id int, start_at int, persons int, was_option int
UPDATE visit
   SET state = 'expired', closed_at = :now, pay_until = NULL, in_cart = CASE WHEN state = 'cart' THEN 1 ELSE 0 END
 WHERE id = :id AND state IN ('option', 'cart') AND ends_at <= :now AND order_id IS NULL AND start_at IS NOT NULL
RETURNING organisation_id, person_id, monument_id, start_at, persons, CASE WHEN in_cart = 0 THEN 1 ELSE 0 END;

-- name: tariffs_for_pricing :many
-- why: the tariffs of a monument on a day, for all audiences; the rule table of the domain chooses. The newest come
-- why: first, so that old prices without an end cannot crowd them out
-- max: 100
-- in: monument_id int, day int
-- out: code text, audience text, min_persons int, amount_cents int, vat_code text, valid_from int, valid_to int?
SELECT code, audience, min_persons, amount_cents, vat_code, valid_from, valid_to
  FROM tariff
 WHERE monument_id = :monument_id AND valid_from <= :day AND (valid_to IS NULL OR valid_to >= :day)
 ORDER BY valid_from DESC, id LIMIT 100;

-- name: monument_for_sale :one
-- in: id int
-- out: slug text, name text, sale_mode text, school_online int?
SELECT m.slug, m.name, m.sale_mode, r.school_online
  FROM monument m LEFT JOIN group_rule r ON r.monument_id = m.id
 WHERE m.id = :id AND m.published = 1;

-- name: person_for_mail :one
-- why: whom to write to; for a leaver a manager of the organisation
-- in: id int
-- out: email text, first_name text, last_name text, lang text
SELECT r.email, r.first_name, r.last_name, r.lang
  FROM person p
  JOIN person r ON r.id = CASE WHEN p.left_at IS NULL THEN p.id
                               ELSE COALESCE((SELECT m.id FROM person m
                                               WHERE m.organisation_id = p.organisation_id AND m.left_at IS NULL
                                               ORDER BY CASE m.role WHEN 'manager' THEN 0 ELSE 1 END, m.id LIMIT 1),
                                             p.id) END
 WHERE p.id = :id;
