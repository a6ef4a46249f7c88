-- Visits without money: passes (PMP-1), tickets from stock (STK-1); voucher layouts (TKT-2).

-- name: order_settled_by :exec
-- why: numbers instead of money
-- in: id int, settled_by text
UPDATE orders SET settled_by = :settled_by WHERE id = :id;

-- name: right_person :one
-- why: in whose name customer service books: the person asked for, else the organisation's first manager
-- in: organisation_id int, person_id int
-- out: id int, lang text
SELECT id, lang FROM person
 WHERE organisation_id = :organisation_id AND left_at IS NULL AND (:person_id = 0 OR id = :person_id)
 ORDER BY CASE role WHEN 'manager' THEN 0 ELSE 1 END, id LIMIT 1;

-- name: right_organisation :one
-- in: id int
-- out: name text, tickets_as text
SELECT name, tickets_as FROM organisation WHERE id = :id;

-- name: right_order_ref :one
-- in: id int
-- out: ref text
SELECT ref FROM orders WHERE id = :id;

-- ---- passes

-- name: pass_release_ended :exec
-- why: a pass whose visit was cancelled, by whomever, opens the monument again
-- in: number text, monument_id int
UPDATE visit_pass SET live = 0
 WHERE number = :number AND monument_id = :monument_id AND live = 1
   AND EXISTS (SELECT 1 FROM visit v WHERE v.id = visit_pass.visit_id AND v.state = 'cancelled');

-- name: pass_uses :one
-- why: where a pass is booked already: this monument, and how far apart its days lie
-- in: number text, monument_id int
-- out: here int, first_day int?, last_day int?
SELECT CAST(COALESCE(sum(CASE WHEN p.monument_id = :monument_id THEN 1 ELSE 0 END), 0) AS BIGINT), min(p.day), max(p.day)
  FROM visit_pass p JOIN visit v ON v.id = p.visit_id
 WHERE p.number = :number AND p.live = 1 AND v.state <> 'cancelled';

-- name: pass_add :exec
-- why: the unique key says that nobody else uses this pass here, at whatever desk
-- in: visit_id int, position int, number text, monument_id int, day int
INSERT INTO visit_pass (visit_id, position, number, monument_id, day) VALUES (:visit_id, :position, :number, :monument_id, :day);

-- name: passes_of_visit :many
-- why: the gate compares them with what the group shows
-- max: LIMIT_VISIT_PERSONS
-- in: visit_id int
-- out: position int, number text, live int
SELECT position, number, live FROM visit_pass WHERE visit_id = :visit_id ORDER BY position LIMIT 1000;

-- name: passes_end :exec
-- in: visit_id int
UPDATE visit_pass SET live = 0 WHERE visit_id = :visit_id AND live = 1;

-- ---- bookings by pass or from stock, for customer service

-- name: right_bookings :many
-- why: the newest visits that were booked with passes, or against stock
-- max: 200
-- in: settled_by text
-- out: visit_id int, order_ref text, organisation_id int, organisation text, monument_name text, start_at int?
-- out: persons int, state text, created_at int
SELECT v.id, o.ref, g.id, g.name, m.name, v.start_at, v.persons, v.state, o.created_at
  FROM orders o
  JOIN visit v ON v.order_id = o.id
  JOIN organisation g ON g.id = o.organisation_id
  JOIN monument m ON m.id = v.monument_id
 WHERE o.settled_by = :settled_by
 ORDER BY o.created_at DESC, v.id DESC
 LIMIT 200;

-- name: right_booking :one
-- in: visit_id int
-- out: settled_by text, order_id int, order_ref text, organisation_id int, organisation text, person_id int
-- out: monument_id int, monument_name text, start_at int?, persons int, leader_kind text, leader_first text?
-- out: leader_last text?, state text, created_at int
SELECT o.settled_by, o.id, o.ref, g.id, g.name, o.person_id, m.id, m.name, v.start_at, v.persons, v.leader_kind, l.first_name,
       l.last_name, v.state, o.created_at
  FROM visit v
  JOIN orders o ON o.id = v.order_id
  JOIN organisation g ON g.id = o.organisation_id
  JOIN monument m ON m.id = v.monument_id
  LEFT JOIN leader l ON l.id = v.leader_id
 WHERE v.id = :visit_id AND o.settled_by <> 'money';

-- name: right_people :many
-- why: in whose name a pass booking is made
-- max: 200
-- in: organisation_id int
-- out: id int, first_name text, last_name text, email text
SELECT id, first_name, last_name, email FROM person
 WHERE organisation_id = :organisation_id AND left_at IS NULL
 ORDER BY CASE role WHEN 'manager' THEN 0 ELSE 1 END, id LIMIT 200;

-- ---- the right «J’ai déjà un billet»

-- name: stock_right_live :one
-- in: organisation_id int
-- out: id int, granted_at int, reason text
SELECT id, granted_at, reason FROM stock_right WHERE organisation_id = :organisation_id AND revoked_at IS NULL;

-- name: stock_right_hold :exec
-- why: a right that is revoked at this moment on another server is waited for; zero rows: there is none
-- in: organisation_id int
UPDATE stock_right SET reason = reason WHERE organisation_id = :organisation_id AND revoked_at IS NULL;

-- name: stock_right_add :exec
-- in: organisation_id int, now int, staff_id int, reason text
INSERT INTO stock_right (organisation_id, granted_at, granted_by, reason) VALUES (:organisation_id, :now, :staff_id, :reason);

-- name: stock_right_revoke :exec
-- in: organisation_id int, now int, staff_id int, reason text
UPDATE stock_right SET revoked_at = :now, revoked_by = :staff_id, revoked_why = :reason
 WHERE organisation_id = :organisation_id AND revoked_at IS NULL;

-- name: stock_rights :many
-- why: who has or had the right, the newest first
-- max: 200
-- out: organisation_id int, organisation text, granted_at int, granted_by text, reason text, revoked_at int?
-- out: revoked_why text
SELECT r.organisation_id, g.name, r.granted_at, s.first_name || ' ' || s.last_name, r.reason, r.revoked_at, r.revoked_why
  FROM stock_right r
  JOIN organisation g ON g.id = r.organisation_id
  JOIN staff s ON s.id = r.granted_by
 ORDER BY r.granted_at DESC, r.id DESC
 LIMIT 200;

-- ---- numbers in stock

-- name: stock_import_by_hash :one
-- in: hash text
-- out: id int, added int, known int
SELECT id, added, known FROM stock_import WHERE hash = :hash;

-- name: stock_import_add :one
-- in: hash text, file_name text, added int, known int, staff_id int, now int
-- out: id int
INSERT INTO stock_import (hash, file_name, added, known, staff_id, imported_at)
VALUES (:hash, :file_name, :added, :known, :staff_id, :now)
RETURNING id;

-- name: stock_imports :many
-- max: 50
-- out: file_name text, added int, known int, staff text, imported_at int
SELECT i.file_name, i.added, i.known, s.first_name || ' ' || s.last_name, i.imported_at
  FROM stock_import i JOIN staff s ON s.id = i.staff_id
 ORDER BY i.imported_at DESC, i.id DESC LIMIT 50;

-- name: stock_monument :one
-- why: the monument of a line of the file, by its slug
-- in: slug text
-- out: id int
SELECT id FROM monument WHERE slug = :slug;

-- name: stock_organisation :one
-- why: whose number alone it is, by the registration number
-- in: registration text
-- out: id int
SELECT id FROM organisation WHERE registration = :registration ORDER BY id LIMIT 1;

-- name: stock_find :one
-- in: number text
-- out: id int, monument_id int, monument_slug text, monument_name text, organisation_id int?, expires_on int, state text
SELECT t.id, t.monument_id, m.slug, m.name, t.organisation_id, t.expires_on, t.state
  FROM stock_ticket t JOIN monument m ON m.id = t.monument_id
 WHERE t.number = :number;

-- name: stock_add :exec
-- in: number text, monument_id int, organisation_id int?, expires_on int, import_id int, now int
INSERT INTO stock_ticket (number, monument_id, organisation_id, expires_on, state, import_id, changed_at)
VALUES (:number, :monument_id, :organisation_id, :expires_on, 'available', :import_id, :now);

-- name: stock_sums :many
-- why: what is in stock, by monument
-- max: 200
-- in: today int
-- out: monument_name text, available int, used int, expired int, withdrawn int
SELECT m.name,
       CAST(sum(CASE WHEN t.state = 'available' AND t.expires_on >= :today THEN 1 ELSE 0 END) AS BIGINT),
       CAST(sum(CASE WHEN t.state = 'used' THEN 1 ELSE 0 END) AS BIGINT),
       CAST(sum(CASE WHEN t.state = 'available' AND t.expires_on < :today THEN 1 ELSE 0 END) AS BIGINT),
       CAST(sum(CASE WHEN t.state = 'withdrawn' THEN 1 ELSE 0 END) AS BIGINT)
  FROM stock_ticket t JOIN monument m ON m.id = t.monument_id
 GROUP BY m.id, m.name
 ORDER BY m.name, m.id LIMIT 200;

-- name: stock_take :exec
-- why: a number is used once, whoever asks at the same moment: zero rows, somebody was quicker
-- in: id int, now int
UPDATE stock_ticket SET state = 'used', changed_at = :now WHERE id = :id AND state = 'available';

-- name: stock_return :exec
-- in: id int, now int
UPDATE stock_ticket SET state = 'available', changed_at = :now WHERE id = :id AND state = 'used';

-- name: stock_set_withdrawn :exec
-- why: only what nobody has used is taken out of stock, or put back
-- in: id int, was text, became text, now int
UPDATE stock_ticket SET state = :became, changed_at = :now WHERE id = :id AND state = :was;

-- name: own_ticket :one
-- why: a ticket that was sold here, with what decides whether it may be exchanged
-- in: number text
-- out: id int, organisation_id int, monument_id int, monument_name text, kind text, price_cents int, valid_until int
-- out: state text, ended_why text
SELECT t.id, o.organisation_id, v.monument_id, m.name, v.kind, t.price_cents, t.valid_until, t.state, t.ended_why
  FROM ticket t
  JOIN orders o ON o.id = t.order_id
  JOIN visit v ON v.id = t.visit_id
  JOIN monument m ON m.id = v.monument_id
 WHERE t.number = :number;

-- name: own_ticket_exchange :exec
-- why: marked exchanged, once: a gate or another desk that was quicker leaves zero rows
-- in: id int, now int
UPDATE ticket SET state = 'cancelled', ended_at = :now, ended_why = 'exchanged' WHERE id = :id AND state = 'valid';

-- name: own_ticket_return :exec
-- why: good again, unless the visit that it was sold with has ended meanwhile: then it ends as the others of it did
-- in: id int
UPDATE ticket
   SET state = CASE WHEN EXISTS (SELECT 1 FROM visit v WHERE v.id = ticket.visit_id AND v.state = 'confirmed')
                    THEN 'valid' ELSE 'cancelled' END,
       ended_at = CASE WHEN EXISTS (SELECT 1 FROM visit v WHERE v.id = ticket.visit_id AND v.state = 'confirmed')
                       THEN NULL ELSE ended_at END,
       ended_why = CASE WHEN EXISTS (SELECT 1 FROM visit v WHERE v.id = ticket.visit_id AND v.state = 'confirmed')
                        THEN '' ELSE 'refunded' END
 WHERE id = :id AND state = 'cancelled' AND ended_why = 'exchanged';

-- name: exchange_add :exec
-- in: number text, visit_id int, position int, stock_ticket_id int?, ticket_id int?, now int
INSERT INTO ticket_exchange (number, visit_id, position, stock_ticket_id, ticket_id, exchanged_at)
VALUES (:number, :visit_id, :position, :stock_ticket_id, :ticket_id, :now);

-- name: exchanges_of_visit :many
-- max: LIMIT_VISIT_PERSONS
-- in: visit_id int
-- out: position int, number text, stock_ticket_id int?, ticket_id int?, returned_at int?
SELECT position, number, stock_ticket_id, ticket_id, returned_at FROM ticket_exchange
 WHERE visit_id = :visit_id ORDER BY position LIMIT 1000;

-- name: exchange_of_number :one
-- why: which visit a number went to
-- in: number text
-- out: visit_id int, order_ref text, organisation text, exchanged_at int
SELECT e.visit_id, o.ref, g.name, e.exchanged_at
  FROM ticket_exchange e
  JOIN visit v ON v.id = e.visit_id
  JOIN orders o ON o.id = v.order_id
  JOIN organisation g ON g.id = o.organisation_id
 WHERE e.number = :number AND e.returned_at IS NULL;

-- name: exchanges_end :exec
-- in: visit_id int, now int
UPDATE ticket_exchange SET returned_at = :now WHERE visit_id = :visit_id AND returned_at IS NULL;

-- ---- voucher layouts

-- name: layout_by_request :one
-- in: organisation_id int, request_key text
-- out: id int
SELECT id FROM layout WHERE organisation_id = :organisation_id AND request_key = :request_key;

-- name: layout_counts :one
-- why: bounds what one organisation may keep here
-- in: organisation_id int
-- out: waiting int, kept int
SELECT CAST(COALESCE(sum(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END), 0) AS BIGINT), count(*)
  FROM layout WHERE organisation_id = :organisation_id;

-- name: layout_add :one
-- in: organisation_id int, person_id int, name text, note text, kind text, size int, hash text, bytes blob
-- in: request_key text, now int
-- out: id int
INSERT INTO layout (organisation_id, person_id, name, note, kind, size, hash, bytes, request_key, state, uploaded_at)
VALUES (:organisation_id, :person_id, :name, :note, :kind, :size, :hash, :bytes, :request_key, 'waiting', :now)
RETURNING id;

-- name: layouts_of :many
-- why: an organisation's layouts, the newest first, without their bytes
-- max: 100
-- in: organisation_id int
-- out: id int, name text, note text, kind text, size int, state text, uploaded_at int, decided_at int?, words text
SELECT id, name, note, kind, size, state, uploaded_at, decided_at, words FROM layout
 WHERE organisation_id = :organisation_id ORDER BY uploaded_at DESC, id DESC LIMIT 100;

-- name: layout_of :one
-- in: id int, organisation_id int
-- out: name text, state text
SELECT name, state FROM layout WHERE id = :id AND organisation_id = :organisation_id;

-- name: layout_file :one
-- why: the bytes, for the organisation itself, or with 0 for customer service
-- in: id int, organisation_id int
-- out: kind text, bytes blob
SELECT kind, bytes FROM layout WHERE id = :id AND (:organisation_id = 0 OR organisation_id = :organisation_id);

-- name: layouts_by_state :many
-- why: what customer service looks at, the newest first
-- max: 100
-- in: state text
-- out: id int, organisation_id int, organisation text, name text, note text, kind text, size int, state text
-- out: uploaded_at int, decided_at int?, words text
SELECT l.id, l.organisation_id, g.name, l.name, l.note, l.kind, l.size, l.state, l.uploaded_at, l.decided_at, l.words
  FROM layout l JOIN organisation g ON g.id = l.organisation_id
 WHERE l.state = :state
 ORDER BY l.uploaded_at DESC, l.id DESC
 LIMIT 100;

-- name: layout_one :one
-- in: id int
-- out: id int, organisation_id int, organisation text, person_id int, name text, note text, kind text, size int
-- out: state text, uploaded_at int, decided_at int?, words text, hash text
SELECT l.id, l.organisation_id, g.name, l.person_id, l.name, l.note, l.kind, l.size, l.state, l.uploaded_at, l.decided_at,
       l.words, l.hash
  FROM layout l JOIN organisation g ON g.id = l.organisation_id
 WHERE l.id = :id;

-- name: layout_decide :exec
-- why: from the state that the page showed; zero rows: somebody was quicker
-- in: id int, was text, became text, staff_id int?, words text, now int
UPDATE layout SET state = :became, decided_at = :now, decided_by = :staff_id, words = :words WHERE id = :id AND state = :was;

-- name: layout_approved :one
-- why: without an approved layout no list of numbers leaves the house
-- in: organisation_id int
-- out: n int
SELECT count(*) FROM layout WHERE organisation_id = :organisation_id AND state = 'approved';

-- name: organisation_tickets_as :exec
-- in: id int, tickets_as text
UPDATE organisation SET tickets_as = :tickets_as WHERE id = :id;

-- name: order_tickets_as :exec
-- in: id int, organisation_id int, tickets_as text?
UPDATE orders SET tickets_as = :tickets_as WHERE id = :id AND organisation_id = :organisation_id;

-- name: tickets_as_of_order :one
-- why: what the mail with the tickets of an order carries
-- in: order_id int
-- out: organisation_id int, own text?, organisations text, approved int
SELECT o.organisation_id, o.tickets_as, g.tickets_as,
       (SELECT count(*) FROM layout l WHERE l.organisation_id = o.organisation_id AND l.state = 'approved')
  FROM orders o JOIN organisation g ON g.id = o.organisation_id
 WHERE o.id = :order_id;

-- ---- what the doctor looks at

-- name: doctor_numbers :many
-- why: a visit that stands has a live number for each ticket that one paid, a visit that ended has none; neither costs money
-- max: 200
-- out: ref text, visit_id int, tickets int, numbers int
SELECT q.ref, q.visit_id, q.tickets, q.numbers
  FROM (SELECT o.ref AS ref, v.id AS visit_id, o.total_cents AS total_cents,
               CASE WHEN v.state = 'confirmed'
                    THEN (SELECT count(*) FROM ticket t WHERE t.visit_id = v.id AND t.tariff_code = o.settled_by) ELSE 0 END AS tickets,
               (SELECT count(*) FROM visit_pass p WHERE p.visit_id = v.id AND p.live = 1)
               + (SELECT count(*) FROM ticket_exchange e WHERE e.visit_id = v.id AND e.returned_at IS NULL) AS numbers
          FROM orders o JOIN visit v ON v.order_id = o.id
         WHERE o.settled_by IN ('pass', 'stock')) q
 WHERE q.tickets <> q.numbers OR q.total_cents <> 0
 LIMIT 200;

-- name: doctor_exchanges :many
-- why: a number is used, and a ticket of ours exchanged, exactly while an exchange of it stands (STK-1)
-- max: 200
-- out: number text, what text
SELECT s.number, 'stock' FROM stock_ticket s
 WHERE (s.state = 'used') <> EXISTS (SELECT 1 FROM ticket_exchange e WHERE e.stock_ticket_id = s.id AND e.returned_at IS NULL)
UNION ALL
SELECT t.number, 'sold' FROM ticket t
 WHERE (t.state = 'cancelled' AND t.ended_why = 'exchanged')
       <> EXISTS (SELECT 1 FROM ticket_exchange e WHERE e.ticket_id = t.id AND e.returned_at IS NULL)
 LIMIT 200;
