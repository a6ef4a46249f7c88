-- Requests to monuments without slots (MON-2).

-- name: request_by_key :one
-- why: a form sent twice finds what it made the first time
-- in: organisation_id int, request_key text
-- out: ref text
SELECT ref FROM visit_request WHERE organisation_id = :organisation_id AND request_key = :request_key;

-- name: request_live :one
-- why: the cap on what one organisation keeps the monuments busy with
-- in: organisation_id int
-- out: n int
SELECT count(*) FROM visit_request WHERE organisation_id = :organisation_id AND state IN ('asked', 'proposed');

-- name: request_insert :one
-- in: ref text, organisation_id int, person_id int, monument_id int, day int, from_minute int, to_minute int
-- in: persons int, audience text, leader_kind text, leader_id int?, visit_lang text, due_at int, remind_at int
-- in: request_key text, now int
-- out: id int
INSERT INTO visit_request (ref, organisation_id, person_id, monument_id, day, from_minute, to_minute, persons, audience,
                           leader_kind, leader_id, visit_lang, state, due_at, remind_at, request_key, asked_at,
                           changed_at)
VALUES (:ref, :organisation_id, :person_id, :monument_id, :day, :from_minute, :to_minute, :persons, :audience,
        :leader_kind, :leader_id, :visit_lang, 'asked', :due_at, :remind_at, :request_key, :now, :now)
RETURNING id;

-- name: request_event_add :one
-- in: request_id int, at int, act text, person_id int?, staff_id int?, start_at int?, words text, request_key text?
-- out: id int
INSERT INTO visit_request_event (request_id, at, act, person_id, staff_id, start_at, words, request_key)
VALUES (:request_id, :at, :act, :person_id, :staff_id, :start_at, :words, :request_key)
RETURNING id;

-- name: request_event_by_key :one
-- why: the same form again: what it did is done
-- in: request_id int, request_key text
-- out: id int
SELECT id FROM visit_request_event WHERE request_id = :request_id AND request_key = :request_key;

-- name: request_one :one
-- why: all of one request; whose it is its reader checks by organisation or monument
-- in: ref text
-- out: id int, organisation_id int, person_id int, monument_id int, day int, from_minute int, to_minute int, persons int
-- out: audience text, leader_kind text, leader_id int?, visit_lang text, state text, turn int, start_at int?
-- out: due_at int?, remind_at int?, pay_until int?, escalated_at int?, visit_id int?, asked_at int, changed_at int
SELECT id, organisation_id, person_id, monument_id, day, from_minute, to_minute, persons, audience, leader_kind,
       leader_id, visit_lang, state, turn, start_at, due_at, remind_at, pay_until, escalated_at, visit_id, asked_at,
       changed_at
  FROM visit_request WHERE ref = :ref;

-- name: request_by_id :one
-- why: for mails and jobs, which act for nobody
-- in: id int
-- out: ref text
SELECT ref FROM visit_request WHERE id = :id;

-- name: request_names :one
-- why: the people and places of a request, for pages, mails and the confirmation
-- in: id int
-- out: monument_slug text, monument_name text, monument_kind text, city text, contact_email text, contact_phone text
-- out: organisation text, first_name text, last_name text, email text, phone text, lang text, leader_first text?
-- out: leader_last text?, leader_email text?, leader_phone text?, order_ref text?, order_state text?
-- out: visit_state text?
SELECT m.slug, m.name, m.kind, m.city, m.contact_email, m.contact_phone, g.name, p.first_name, p.last_name, p.email,
       p.phone, p.lang, l.first_name, l.last_name, l.email, l.phone, o.ref, o.state, v.state
  FROM visit_request r
  JOIN monument m ON m.id = r.monument_id
  JOIN organisation g ON g.id = r.organisation_id
  JOIN person p ON p.id = r.person_id
  LEFT JOIN leader l ON l.id = r.leader_id
  LEFT JOIN visit v ON v.id = r.visit_id
  LEFT JOIN orders o ON o.id = v.order_id
 WHERE r.id = :id;

-- name: request_events :many
-- in: request_id int
-- out: id int, at int, act text, first_name text?, last_name text?, staff_first_name text?, staff_last_name text?
-- out: staff_role text?, start_at int?, words text
SELECT e.id, e.at, e.act, p.first_name, p.last_name, s.first_name, s.last_name, s.role, e.start_at, e.words
  FROM visit_request_event e
  LEFT JOIN person p ON p.id = e.person_id
  LEFT JOIN staff s ON s.id = e.staff_id
 WHERE e.request_id = :request_id
 ORDER BY e.id LIMIT 500;

-- name: request_event :one
-- why: the words of a mail
-- in: id int
-- out: request_id int, act text, start_at int?, words text, staff_role text?
SELECT e.request_id, e.act, e.start_at, e.words, s.role
  FROM visit_request_event e LEFT JOIN staff s ON s.id = e.staff_id
 WHERE e.id = :id;

-- name: request_event_count :one
-- why: bounds what can be said about one request
-- in: request_id int
-- out: n int
SELECT count(*) FROM visit_request_event WHERE request_id = :request_id;

-- name: request_move :exec
-- why: the one way in which a request changes its state; no row: somebody else was quicker
-- in: id int, was_state text, was_turn int, state text, start_at int?, due_at int?, pay_until int?, now int
UPDATE visit_request
   SET state = :state, turn = turn + 1, start_at = :start_at, due_at = :due_at, remind_at = NULL,
       pay_until = :pay_until, changed_at = :now
 WHERE id = :id AND state = :was_state AND turn = :was_turn;

-- name: request_lock :exec
-- why: no other server changes it until the commit (PostgreSQL; SQLite has one writer)
-- in: id int
UPDATE visit_request SET turn = turn WHERE id = :id;

-- name: request_list :many
-- why: an organisation's requests, the newest first
-- in: organisation_id int
-- out: ref text, monument_name text, day int, from_minute int, to_minute int, persons int, state text, start_at int?
-- out: due_at int?, pay_until int?, asked_at int, changed_at int, first_name text, last_name text
SELECT r.ref, m.name, r.day, r.from_minute, r.to_minute, r.persons, r.state, r.start_at, r.due_at, r.pay_until,
       r.asked_at, r.changed_at, p.first_name, p.last_name
  FROM visit_request r
  JOIN monument m ON m.id = r.monument_id
  JOIN person p ON p.id = r.person_id
 WHERE r.organisation_id = :organisation_id
 ORDER BY r.asked_at DESC, r.id DESC LIMIT 500;

-- name: request_desk_own :many
-- why: the requests of the monuments that one of the operator's people has: the newest five hundred, in the order of C
-- in: staff_id int
-- out: ref text, monument_name text, organisation text, day int, from_minute int, to_minute int, persons int, state text
-- out: start_at int?, due_at int?, escalated_at int?, asked_at int
SELECT r.ref, m.name, g.name, r.day, r.from_minute, r.to_minute, r.persons, r.state, r.start_at, r.due_at,
       r.escalated_at, r.asked_at
  FROM staff_monument s
  JOIN visit_request r ON r.monument_id = s.monument_id
  JOIN monument m ON m.id = r.monument_id
  JOIN organisation g ON g.id = r.organisation_id
 WHERE s.staff_id = :staff_id
 ORDER BY r.asked_at DESC, r.id DESC LIMIT 500;

-- name: request_desk_open :many
-- why: customer service sees all that wait; the escalated are found first in C
-- out: ref text, monument_name text, organisation text, day int, from_minute int, to_minute int, persons int, state text
-- out: start_at int?, due_at int?, escalated_at int?, asked_at int
SELECT r.ref, m.name, g.name, r.day, r.from_minute, r.to_minute, r.persons, r.state, r.start_at, r.due_at,
       r.escalated_at, r.asked_at
  FROM visit_request r
  JOIN monument m ON m.id = r.monument_id
  JOIN organisation g ON g.id = r.organisation_id
 WHERE r.state IN ('asked', 'proposed')
 ORDER BY r.due_at, r.id LIMIT 500;

-- name: request_desk_newest :many
-- why: and the newest of those that are decided, of the last months
-- max: 200
-- in: since int
-- out: ref text, monument_name text, organisation text, day int, from_minute int, to_minute int, persons int, state text
-- out: start_at int?, due_at int?, escalated_at int?, asked_at int
SELECT r.ref, m.name, g.name, r.day, r.from_minute, r.to_minute, r.persons, r.state, r.start_at, r.due_at,
       r.escalated_at, r.asked_at
  FROM visit_request r
  JOIN monument m ON m.id = r.monument_id
  JOIN organisation g ON g.id = r.organisation_id
 WHERE r.asked_at >= :since AND r.state NOT IN ('asked', 'proposed')
 ORDER BY r.asked_at DESC, r.id DESC LIMIT 200;

-- name: request_visits_of_day :many
-- why: the confirmed visits of a monument's day, for its day sheet
-- in: monument_id int, from_at int, to_at int
-- out: ref text, state text, start_at int, persons int, audience text, visit_lang text, leader_kind text
-- out: organisation text, first_name text, last_name text, phone text, leader_first text?, leader_last text?
-- out: leader_phone text?, order_ref text?
SELECT r.ref, r.state, r.start_at, r.persons, r.audience, r.visit_lang, r.leader_kind, g.name, p.first_name,
       p.last_name, p.phone, l.first_name, l.last_name, l.phone, o.ref
  FROM visit_request r
  JOIN organisation g ON g.id = r.organisation_id
  JOIN person p ON p.id = r.person_id
  LEFT JOIN leader l ON l.id = r.leader_id
  LEFT JOIN visit v ON v.id = r.visit_id
  LEFT JOIN orders o ON o.id = v.order_id
 WHERE r.monument_id = :monument_id AND r.start_at >= :from_at AND r.start_at < :to_at
   AND r.state IN ('accepted', 'till', 'paid')
 ORDER BY r.start_at, r.id LIMIT 500;

-- name: request_managers :many
-- why: who of the operator's people answers for a monument
-- max: 50
-- in: monument_id int
-- out: email text, first_name text, last_name text, lang text
SELECT s.email, s.first_name, s.last_name, s.lang
  FROM staff_monument t JOIN staff s ON s.id = t.staff_id
 WHERE t.monument_id = :monument_id AND s.role = 'monument-manager' AND s.disabled_at IS NULL
   AND s.password_hash <> ''
 ORDER BY s.id LIMIT 50;

-- name: request_visit_set :exec
-- why: the tickets in the cart belong to this request; no row: it cannot be paid online (any more)
-- in: id int, was_visit_id int?, visit_id int, now int
UPDATE visit_request SET visit_id = :visit_id
 WHERE id = :id AND state IN ('accepted', 'till') AND pay_until > :now
   AND COALESCE(visit_id, 0) = COALESCE(CAST(:was_visit_id AS BIGINT), 0);

-- name: request_visit_take :exec
-- why: whoever of the organisation pays has the tickets in the own cart
-- in: id int, organisation_id int, person_id int
UPDATE visit SET person_id = :person_id, in_cart = 1
 WHERE id = :id AND organisation_id = :organisation_id AND state = 'cart' AND order_id IS NULL;

-- name: request_of_visit :one
-- why: a visit that has just been paid may be a request's
-- in: visit_id int
-- out: ref text
SELECT ref FROM visit_request WHERE visit_id = :visit_id;

-- name: requests_to_remind :many
-- why: the monument has not answered: a reminder, then customer service; each once. When both are due after a
-- why: standstill, customer service alone is told
-- max: 200
-- in: now int
-- out: id int
SELECT r.id FROM visit_request r
 WHERE r.state = 'asked' AND r.remind_at <= :now AND r.due_at > :now
   AND NOT EXISTS (SELECT 1 FROM visit_request_notice n WHERE n.request_id = r.id AND n.step = 'reminder')
 ORDER BY r.remind_at, r.id LIMIT 200;

-- name: requests_to_escalate :many
-- max: 200
-- in: now int
-- out: id int
SELECT r.id FROM visit_request r
 WHERE r.state = 'asked' AND r.due_at <= :now
   AND NOT EXISTS (SELECT 1 FROM visit_request_notice n WHERE n.request_id = r.id AND n.step = 'escalation')
 ORDER BY r.due_at, r.id LIMIT 200;

-- name: requests_to_lapse :many
-- why: proposals without an answer; and requests of which the day has begun, answered by nobody
-- max: 200
-- in: now int, today int
-- out: id int
SELECT id FROM visit_request
 WHERE (state = 'proposed' AND due_at <= :now) OR (state = 'asked' AND day <= :today)
 ORDER BY id LIMIT 200;

-- name: requests_to_close :many
-- why: the deadline of online payment has passed; not while a payment is under way
-- max: 200
-- in: now int
-- out: id int
SELECT r.id FROM visit_request r
 WHERE r.state = 'accepted' AND r.pay_until <= :now
   AND NOT EXISTS (SELECT 1 FROM visit v WHERE v.id = r.visit_id AND v.order_id IS NOT NULL)
 ORDER BY r.pay_until, r.id LIMIT 200;

-- name: request_notice_add :exec
-- why: each step once, on whichever server
-- in: request_id int, step text, now int
INSERT INTO visit_request_notice (request_id, step, noted_at) VALUES (:request_id, :step, :now)
ON CONFLICT (request_id, step) DO NOTHING;

-- name: request_escalate :exec
-- in: id int, now int
UPDATE visit_request SET escalated_at = :now WHERE id = :id AND state = 'asked';

-- name: doctor_requests :many
-- why: a request and its tickets agree; and time has done to requests what it should
-- in: late int, late_day int
-- out: ref text, state text, visit_state text?, persons int
SELECT r.ref, r.state, v.state, r.persons
  FROM visit_request r LEFT JOIN visit v ON v.id = r.visit_id
 WHERE (r.state = 'paid' AND v.state NOT IN ('confirmed', 'cancelled'))
    OR (v.state = 'confirmed' AND r.state NOT IN ('paid', 'withdrawn', 'cancelled'))
    OR (v.state = 'confirmed' AND v.persons <> r.persons)
    OR v.organisation_id <> r.organisation_id OR v.monument_id <> r.monument_id
    OR (r.state = 'asked' AND r.day < :late_day) OR (r.state = 'proposed' AND r.due_at < :late)
    OR (r.state = 'accepted' AND r.pay_until < :late AND v.order_id IS NULL)
 LIMIT 100;
