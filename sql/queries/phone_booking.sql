-- Groups that booked by telephone and pay at the till (OPS-2). Read by the monument's own pages only.

-- name: phone_by_request :one
-- why: a form sent twice finds what it made the first time
-- in: monument_id int, request_key text
-- out: id int
SELECT id FROM phone_booking WHERE monument_id = :monument_id AND request_key = :request_key;

-- name: phone_customer :one
-- why: the caller's address may be that of a customer: then customer service sees the booking with them
-- in: email_key text
-- out: organisation_id int, organisation text
SELECT o.id, o.name FROM person p JOIN organisation o ON o.id = p.organisation_id
 WHERE p.email_key = :email_key AND p.left_at IS NULL;

-- name: phone_add :one
-- in: monument_id int, start_at int, persons int, audience text, leader_kind text, organisation text
-- in: organisation_id int?, name text, phone text, email text, lang text, needs text, staff_id int, now int
-- in: request_key text
-- out: id int
INSERT INTO phone_booking (monument_id, start_at, persons, audience, leader_kind, organisation, organisation_id, name,
                           phone, email, lang, needs, state, staff_id, placed_at, changed_at, request_key)
VALUES (:monument_id, :start_at, :persons, :audience, :leader_kind, :organisation, :organisation_id, :name, :phone,
        :email, :lang, :needs, 'held', :staff_id, :now, :now, :request_key)
RETURNING id;

-- name: phone_one :one
-- in: id int, monument_id int
-- out: start_at int, day int, minutes int, whole_day int, persons int, audience text, leader_kind text
-- out: organisation text
-- out: organisation_id int?, name text, phone text, email text, lang text, needs text, state text, placed_at int
-- out: cancel_reason text, taken_by text
SELECT b.start_at, s.day, s.minutes, s.whole_day, b.persons, b.audience, b.leader_kind, b.organisation, b.organisation_id,
       b.name, b.phone, b.email, b.lang, b.needs, b.state, b.placed_at, b.cancel_reason,
       t.first_name || ' ' || t.last_name
  FROM phone_booking b
  JOIN slot s ON s.monument_id = b.monument_id AND s.start_at = b.start_at
  JOIN staff t ON t.id = b.staff_id
 WHERE b.id = :id AND b.monument_id = :monument_id;

-- name: phone_put :exec
-- why: only one that holds its places; no row changed: it was cancelled meanwhile
-- in: id int, monument_id int, was_start_at int, was_persons int, start_at int, persons int, audience text
-- in: leader_kind text, organisation text, organisation_id int?, name text, phone text, email text, lang text
-- in: needs text, now int
UPDATE phone_booking
   SET start_at = :start_at, persons = :persons, audience = :audience, leader_kind = :leader_kind,
       organisation = :organisation, organisation_id = :organisation_id, name = :name, phone = :phone, email = :email,
       lang = :lang, needs = :needs, changed_at = :now
 WHERE id = :id AND monument_id = :monument_id AND state = 'held' AND start_at = :was_start_at
   AND persons = :was_persons;

-- name: phone_cancel :one
-- why: gives up the places of one that holds them
-- in: id int, monument_id int, now int, reason text
-- out: start_at int, persons int
UPDATE phone_booking SET state = 'cancelled', cancelled_at = :now, changed_at = :now, cancel_reason = :reason
 WHERE id = :id AND monument_id = :monument_id AND state = 'held'
RETURNING start_at, persons;

-- name: phone_coming :many
-- why: what the monument has taken by telephone, the next one first
-- max: LIMIT_LIST
-- in: monument_id int, from_at int
-- out: id int, start_at int, persons int, organisation text, name text, phone text
SELECT id, start_at, persons, organisation, name, phone FROM phone_booking
 WHERE monument_id = :monument_id AND start_at >= :from_at AND state = 'held'
 ORDER BY start_at, id LIMIT 500;
