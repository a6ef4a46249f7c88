-- Closures: closing, the list of visits, choices (OPS-4, COM-4, ORD-4).

-- ---- closing ----

-- name: closure_monument :one
-- in: id int
-- out: slug text, name text, contact_email text, contact_phone text
SELECT slug, name, contact_email, contact_phone FROM monument WHERE id = :id;

-- name: closure_by_key :one
-- why: a form that comes again finds the closure of the first time
-- in: request_key text
-- out: id int
SELECT id FROM closure WHERE request_key = :request_key;

-- name: closure_insert :one
-- in: monument_id int, scope text, from_at int, until_at int, open_end int, reason_fr text, reason_en text
-- in: choose_until int, refund_by_default int, staff_id int, request_key text, now int
-- out: id int
INSERT INTO closure (monument_id, scope, from_at, until_at, open_end, reason_fr, reason_en, choose_until,
                     refund_by_default, state, staff_id, request_key, created_at)
VALUES (:monument_id, :scope, :from_at, :until_at, :open_end, :reason_fr, :reason_en, :choose_until,
        :refund_by_default, 'working', :staff_id, :request_key, :now)
RETURNING id;

-- name: closure_slots_lock :exec
-- why: whoever takes places of these slots has either done so or waits until they are closed (PLA-4)
-- in: monument_id int, from_at int, until_at int, now int
UPDATE slot SET taken = taken
 WHERE monument_id = :monument_id AND start_at >= :from_at AND start_at < :until_at AND start_at + minutes * 60 > :now;

-- name: closure_slots_note :exec
-- why: what was said of a slot before, for the end of this closure; not the words of another closure
-- in: closure_id int, monument_id int, from_at int, until_at int, now int
INSERT INTO closure_slot (closure_id, start_at, monument_id, before_fr, before_en, before_event)
SELECT CAST(:closure_id AS BIGINT), s.start_at, s.monument_id, s.closed_fr, s.closed_en, s.event_id
  FROM slot s
 WHERE s.monument_id = :monument_id AND s.start_at >= :from_at AND s.start_at < :until_at
   AND s.start_at + s.minutes * 60 > :now
ON CONFLICT (closure_id, start_at) DO NOTHING;

-- name: closure_slots_inherit :exec
-- why: under another closure that stands, what was said before that one
-- in: closure_id int
UPDATE closure_slot
   SET (before_fr, before_en, before_event) =
       (SELECT p.before_fr, p.before_en, p.before_event FROM closure_slot p JOIN closure c ON c.id = p.closure_id
         WHERE p.monument_id = closure_slot.monument_id AND p.start_at = closure_slot.start_at
           AND c.reopened_at IS NULL AND c.id <> :closure_id
         ORDER BY c.id LIMIT 1)
 WHERE closure_id = :closure_id
   AND EXISTS (SELECT 1 FROM closure_slot p JOIN closure c ON c.id = p.closure_id
                WHERE p.monument_id = closure_slot.monument_id AND p.start_at = closure_slot.start_at
                  AND c.reopened_at IS NULL AND c.id <> :closure_id);

-- name: closure_slots_close :exec
-- why: sales stop here: whatever takes places asks for an open slot. Closed by nobody's event it is the desk's alone to
-- why: open: what a planning changes meanwhile leaves it closed
-- in: closure_id int, monument_id int, from_at int, until_at int, reason_fr text, reason_en text
UPDATE slot SET closed_fr = :reason_fr, closed_en = :reason_en, event_id = NULL
 WHERE monument_id = :monument_id AND start_at >= :from_at AND start_at < :until_at
   AND EXISTS (SELECT 1 FROM closure_slot k WHERE k.closure_id = :closure_id AND k.start_at = slot.start_at);

-- name: closure_visits_list :exec
-- why: all that holds places of the closed slots and is not on the list yet
-- in: closure_id int
INSERT INTO closure_visit (closure_id, visit_id, organisation_id, order_id, start_at, persons, was, state)
SELECT k.closure_id, v.id, v.organisation_id, v.order_id, v.start_at, v.persons,
       CASE WHEN v.state = 'confirmed' THEN CASE WHEN o.id IS NULL OR o.settled_by <> 'money' THEN 'other' WHEN o.total_cents = 0 THEN 'free'
                                                 WHEN o.method = 'card' THEN 'paid'
                                                 WHEN o.method = 'transfer' THEN 'transfer' ELSE 'other' END
            WHEN v.order_id IS NOT NULL THEN 'pending' WHEN v.state = 'option' THEN 'option' ELSE 'cart' END, 'todo'
  FROM closure_slot k
  JOIN visit v ON v.monument_id = k.monument_id AND v.start_at = k.start_at
  LEFT JOIN orders o ON o.id = v.order_id
 WHERE k.closure_id = :closure_id AND v.state IN ('option', 'cart', 'confirmed')
ON CONFLICT (closure_id, visit_id) DO NOTHING;

-- name: closure_bookings_list :exec
-- why: the same of groups that booked by telephone
-- in: closure_id int
INSERT INTO closure_booking (closure_id, booking_id, start_at, state)
SELECT k.closure_id, b.id, b.start_at, 'todo'
  FROM closure_slot k JOIN phone_booking b ON b.monument_id = k.monument_id AND b.start_at = k.start_at
 WHERE k.closure_id = :closure_id AND b.state = 'held'
ON CONFLICT (closure_id, booking_id) DO NOTHING;

-- name: closure_phone_sums :one
-- in: monument_id int, from_at int, until_at int, now int
-- out: bookings int, persons int, with_address int
SELECT count(*), COALESCE(CAST(sum(b.persons) AS BIGINT), 0), count(CASE WHEN b.email <> '' THEN 1 END)
  FROM slot s JOIN phone_booking b ON b.monument_id = s.monument_id AND b.start_at = s.start_at
 WHERE s.monument_id = :monument_id AND s.start_at >= :from_at AND s.start_at < :until_at
   AND s.start_at + s.minutes * 60 > :now AND b.state = 'held';

-- name: closure_phone_hits :many
-- max: 100
-- in: monument_id int, from_at int, until_at int, now int
-- out: id int, start_at int, persons int, organisation text, name text, phone text, email text
SELECT b.id, b.start_at, b.persons, b.organisation, b.name, b.phone, b.email
  FROM slot s JOIN phone_booking b ON b.monument_id = s.monument_id AND b.start_at = s.start_at
 WHERE s.monument_id = :monument_id AND s.start_at >= :from_at AND s.start_at < :until_at
   AND s.start_at + s.minutes * 60 > :now AND b.state = 'held'
 ORDER BY b.start_at, b.id LIMIT 100;

-- name: closure_sums :many
-- why: whom a closure of these slots would hit, before it is made: how held, how many, what was paid
-- in: monument_id int, from_at int, until_at int, now int
-- out: was text, visits int, persons int, orders int, amount_cents int
SELECT CASE WHEN v.state = 'confirmed' THEN CASE WHEN o.id IS NULL OR o.settled_by <> 'money' THEN 'other' WHEN o.total_cents = 0 THEN 'free'
                                                 WHEN o.method = 'card' THEN 'paid'
                                                 WHEN o.method = 'transfer' THEN 'transfer' ELSE 'other' END
            WHEN v.order_id IS NOT NULL THEN 'pending' WHEN v.state = 'option' THEN 'option' ELSE 'cart' END,
       count(*), CAST(sum(v.persons) AS BIGINT), count(DISTINCT v.order_id),
       CAST(sum(CASE WHEN v.state = 'confirmed'
                     THEN COALESCE((SELECT sum(t.price_cents) FROM ticket t
                                     WHERE t.visit_id = v.id AND t.state <> 'cancelled'), 0)
                     ELSE COALESCE((SELECT sum(l.quantity * l.unit_cents) FROM order_line l
                                     WHERE l.order_id = v.order_id AND l.visit_id = v.id), 0) END) AS BIGINT)
  FROM slot s
  JOIN visit v ON v.monument_id = s.monument_id AND v.start_at = s.start_at
  LEFT JOIN orders o ON o.id = v.order_id
 WHERE s.monument_id = :monument_id AND s.start_at >= :from_at AND s.start_at < :until_at
   AND s.start_at + s.minutes * 60 > :now AND v.state IN ('option', 'cart', 'confirmed')
 GROUP BY 1 LIMIT 20;

-- name: closure_reach :one
-- why: how many slots, of how many days, and how many accompanying persons with an address
-- in: monument_id int, from_at int, until_at int, now int
-- out: slots int, days int, closed int, leaders int
SELECT count(DISTINCT s.start_at), count(DISTINCT s.day),
       count(DISTINCT CASE WHEN s.closed_fr IS NOT NULL THEN s.start_at END),
       count(DISTINCT CASE WHEN v.state IN ('option', 'cart', 'confirmed') AND l.email <> '' THEN l.id END)
  FROM slot s
  LEFT JOIN visit v ON v.monument_id = s.monument_id AND v.start_at = s.start_at
  LEFT JOIN leader l ON l.id = v.leader_id
 WHERE s.monument_id = :monument_id AND s.start_at >= :from_at AND s.start_at < :until_at
   AND s.start_at + s.minutes * 60 > :now;

-- name: closure_hits :many
-- why: the list of the preview, in the order of the visits
-- max: 300
-- in: monument_id int, from_at int, until_at int, now int
-- out: visit_id int, was text, start_at int, persons int, organisation text, ref text?, leader_first text?
-- out: leader_last text?, leader_phone text?, amount_cents int
SELECT v.id,
       CASE WHEN v.state = 'confirmed' THEN CASE WHEN o.id IS NULL OR o.settled_by <> 'money' THEN 'other' WHEN o.total_cents = 0 THEN 'free'
                                                 WHEN o.method = 'card' THEN 'paid'
                                                 WHEN o.method = 'transfer' THEN 'transfer' ELSE 'other' END
            WHEN v.order_id IS NOT NULL THEN 'pending' WHEN v.state = 'option' THEN 'option' ELSE 'cart' END,
       v.start_at, v.persons, g.name, o.ref, l.first_name, l.last_name, l.phone,
       CASE WHEN v.state = 'confirmed'
            THEN COALESCE((SELECT CAST(sum(t.price_cents) AS BIGINT) FROM ticket t
                            WHERE t.visit_id = v.id AND t.state <> 'cancelled'), 0)
            ELSE COALESCE((SELECT CAST(sum(l2.quantity * l2.unit_cents) AS BIGINT) FROM order_line l2
                            WHERE l2.order_id = v.order_id AND l2.visit_id = v.id), 0) END
  FROM slot s
  JOIN visit v ON v.monument_id = s.monument_id AND v.start_at = s.start_at
  JOIN organisation g ON g.id = v.organisation_id
  LEFT JOIN orders o ON o.id = v.order_id
  LEFT JOIN leader l ON l.id = v.leader_id
 WHERE s.monument_id = :monument_id AND s.start_at >= :from_at AND s.start_at < :until_at
   AND s.start_at + s.minutes * 60 > :now AND v.state IN ('option', 'cart', 'confirmed')
 ORDER BY v.start_at, v.id
 LIMIT 300;

-- name: closure_slots_of_day :many
-- why: the slots of one day, to choose which one is closed, or where else to go
-- max: LIMIT_MONTH_SLOTS
-- in: monument_id int, from_at int, until_at int
-- out: start_at int, minutes int, whole_day int, capacity int, taken int, for_groups int, closed int, on_sale_from int
SELECT start_at, minutes, whole_day, capacity, taken, for_groups, CASE WHEN closed_fr IS NULL THEN 0 ELSE 1 END,
       on_sale_from
  FROM slot WHERE monument_id = :monument_id AND start_at >= :from_at AND start_at < :until_at
 ORDER BY start_at LIMIT 3100;

-- ---- opening again ----

-- name: closure_reopen :exec
-- why: once; the second who asks changes nothing
-- in: id int, now int, staff_id int
UPDATE closure SET reopened_at = :now, reopened_by = :staff_id WHERE id = :id AND reopened_at IS NULL;

-- name: closure_slots_open :exec
-- why: what was said before is said again, unless it was a private event's that is over; a slot that another closure keeps
-- why: closed stays so
-- in: closure_id int, monument_id int, from_at int, until_at int
UPDATE slot
   SET (closed_fr, closed_en, event_id) =
       (SELECT CASE WHEN k.before_event IS NULL THEN k.before_fr ELSE e.reason_fr END,
               CASE WHEN k.before_event IS NULL THEN k.before_en ELSE e.reason_en END, e.id
          FROM closure_slot k LEFT JOIN schedule_event e ON e.id = k.before_event
         WHERE k.closure_id = :closure_id AND k.start_at = slot.start_at)
 WHERE monument_id = :monument_id AND start_at >= :from_at AND start_at < :until_at
   AND EXISTS (SELECT 1 FROM closure_slot k WHERE k.closure_id = :closure_id AND k.start_at = slot.start_at)
   AND NOT EXISTS (SELECT 1 FROM closure_slot k JOIN closure c ON c.id = k.closure_id
                    WHERE k.monument_id = slot.monument_id AND k.start_at = slot.start_at AND c.reopened_at IS NULL);

-- name: closure_spare :exec
-- why: whose turn had not come keeps the visit
-- in: closure_id int
UPDATE closure_visit SET state = 'done', outcome = 'spared' WHERE closure_id = :closure_id AND state = 'todo';

-- name: closure_spare_bookings :exec
-- in: closure_id int
UPDATE closure_booking SET state = 'done', outcome = 'spared' WHERE closure_id = :closure_id AND state = 'todo';

-- ---- the work ----

-- name: closure_todo :many
-- why: what is to be done, the first visits first; state 'todo' or 'told'
-- max: 100
-- in: state text, after_closure int, after_start int, after_visit int
-- out: closure_id int, visit_id int, start_at int, ref text?, organisation_id int
SELECT k.closure_id, k.visit_id, k.start_at, o.ref, k.organisation_id
  FROM closure_visit k LEFT JOIN orders o ON o.id = k.order_id
 WHERE k.state = :state
   AND (k.closure_id > :after_closure
        OR (k.closure_id = :after_closure
            AND (k.start_at > :after_start OR (k.start_at = :after_start AND k.visit_id > :after_visit))))
 ORDER BY k.closure_id, k.start_at, k.visit_id
 LIMIT 100;

-- name: closure_visit_lock :exec
-- why: nobody ends or moves the visit between the look at it and its release
-- in: id int
UPDATE visit SET state = state WHERE id = :id;

-- name: closure_claim :exec
-- why: a row is worked off once, whichever server takes it; the rest of the transaction writes its outcome
-- in: closure_id int, visit_id int, was_state text
UPDATE closure_visit SET problem = '' WHERE closure_id = :closure_id AND visit_id = :visit_id AND state = :was_state;

-- name: closure_visit_facts :one
-- why: the visit as it is now, whose it is, and whether it is still in a slot of the closure
-- in: closure_id int, visit_id int
-- out: monument_id int, in_slot int, start_at int?, persons int, state text, kind text, organisation_id int, person_id int
-- out: order_id int?, ref text?, order_state text?, method text?, total_cents int?, order_person int?, order_lang text?
-- out: leader_first text?, leader_last text?, leader_email text?, contact_first text?, contact_last text?
-- out: contact_email text?, contact_lang text?, used int, amount_cents int, reason_fr text, reason_en text, staff_id int
-- out: choose_until int, refund_by_default int, listed_as text, by_money int
SELECT v.monument_id,
       CASE WHEN EXISTS (SELECT 1 FROM closure_slot k WHERE k.closure_id = c.id AND k.start_at = v.start_at
                            AND k.monument_id = v.monument_id) THEN 1 ELSE 0 END,
       v.start_at, v.persons, v.state, v.kind, v.organisation_id, v.person_id, v.order_id, o.ref, o.state, o.method,
       o.total_cents, o.person_id, o.lang, l.first_name, l.last_name, l.email, n.first_name, n.last_name, n.email, n.lang,
       (SELECT count(*) FROM ticket t WHERE t.visit_id = v.id AND t.state = 'used')
       + COALESCE((SELECT a.arrived FROM gate_group a WHERE a.visit_id = v.id), 0),
       COALESCE((SELECT CAST(sum(t.price_cents) AS BIGINT) FROM ticket t
                  WHERE t.visit_id = v.id AND t.state <> 'cancelled'), 0),
       c.reason_fr, c.reason_en, c.staff_id, c.choose_until, c.refund_by_default, k.was,
       CASE WHEN o.settled_by = 'money' THEN 1 ELSE 0 END
  FROM closure_visit k
  JOIN closure c ON c.id = k.closure_id
  JOIN visit v ON v.id = k.visit_id
  LEFT JOIN orders o ON o.id = v.order_id
  LEFT JOIN leader l ON l.id = v.leader_id
  LEFT JOIN contact n ON n.id = v.contact_id
 WHERE k.closure_id = :closure_id AND k.visit_id = :visit_id;

-- name: closure_release :one
-- why: ends an option, a hold or what was being paid; while a change is being paid some of its places are the old visit's
-- in: id int, now int
-- out: monument_id int, start_at int?, persons int
UPDATE visit SET state = 'cancelled', closed_at = :now, in_cart = 0
 WHERE id = :id AND state IN ('option', 'cart') AND order_id IS NULL
RETURNING monument_id, start_at, persons - lent_persons;

-- name: closure_told :exec
-- why: its people are told; what is being paid is ended at the provider next
-- in: closure_id int, visit_id int, now int
UPDATE closure_visit SET was = 'pending', state = 'told', told_at = :now
 WHERE closure_id = :closure_id AND visit_id = :visit_id;

-- name: closure_done :exec
-- in: closure_id int, visit_id int, was text, outcome text, amount_cents int, told_at int?, choice text, persons int
UPDATE closure_visit
   SET was = :was, state = 'done', outcome = :outcome, amount_cents = :amount_cents,
       told_at = COALESCE(told_at, :told_at), choice = :choice, persons = :persons
 WHERE closure_id = :closure_id AND visit_id = :visit_id;

-- name: closure_again :exec
-- why: its order was paid after all: the row begins anew
-- in: closure_id int, visit_id int
UPDATE closure_visit SET state = 'todo', was = 'other' WHERE closure_id = :closure_id AND visit_id = :visit_id AND state = 'told';

-- name: closure_refund_note :exec
-- in: refund_id int, closure_id int, visit_id int
INSERT INTO closure_refund (refund_id, closure_id, visit_id) VALUES (:refund_id, :closure_id, :visit_id)
ON CONFLICT (refund_id) DO NOTHING;

-- name: closure_problem :exec
-- in: closure_id int, visit_id int, problem text
UPDATE closure_visit SET problem = :problem WHERE closure_id = :closure_id AND visit_id = :visit_id;

-- name: closure_late_money :many
-- why: money that came in for an order that the closure had ended: it goes back
-- max: 100
-- out: closure_id int, visit_id int, order_id int, payment_id int, amount_cents int
SELECT k.closure_id, min(k.visit_id), p.order_id, p.id, p.amount_cents
  FROM payment p JOIN closure_visit k ON k.order_id = p.order_id
 WHERE p.state = 'refund-due' AND k.was = 'pending'
   AND NOT EXISTS (SELECT 1 FROM refund_part q WHERE q.payment_id = p.id)
 GROUP BY k.closure_id, p.order_id, p.id, p.amount_cents
 ORDER BY p.id LIMIT 100;

-- name: closure_booking_cancel :one
-- why: once, whichever server takes it; no row: the group has given up its places itself
-- in: booking_id int, now int, reason text
-- out: monument_id int, start_at int, persons int, organisation_id int?, name text, email text, lang text
UPDATE phone_booking SET state = 'cancelled', cancelled_at = :now, changed_at = :now, cancel_reason = :reason
 WHERE id = :booking_id AND state = 'held'
RETURNING monument_id, start_at, persons, organisation_id, name, email, lang;

-- name: closure_booking_claim :exec
-- in: closure_id int, booking_id int
UPDATE closure_booking SET state = state WHERE closure_id = :closure_id AND booking_id = :booking_id AND state = 'todo';

-- name: closure_booking_done :exec
-- in: closure_id int, booking_id int, outcome text, told_at int?
UPDATE closure_booking SET state = 'done', outcome = :outcome, told_at = :told_at
 WHERE closure_id = :closure_id AND booking_id = :booking_id;

-- name: closure_bookings_todo :many
-- max: 100
-- in: after_closure int, after_booking int
-- out: closure_id int, booking_id int, start_at int, reason_fr text, staff_id int
SELECT k.closure_id, k.booking_id, k.start_at, c.reason_fr, c.staff_id
  FROM closure_booking k JOIN closure c ON c.id = k.closure_id
 WHERE k.state = 'todo'
   AND (k.closure_id > :after_closure OR (k.closure_id = :after_closure AND k.booking_id > :after_booking))
 ORDER BY k.closure_id, k.booking_id LIMIT 100;

-- name: closure_booking_for_mail :one
-- in: closure_id int, booking_id int
-- out: monument text, slug text, contact_email text, contact_phone text, start_at int, persons int, reason_fr text
-- out: reason_en text
SELECT m.name, m.slug, m.contact_email, m.contact_phone, b.start_at, b.persons, c.reason_fr, c.reason_en
  FROM closure_booking k
  JOIN closure c ON c.id = k.closure_id
  JOIN monument m ON m.id = c.monument_id
  JOIN phone_booking b ON b.id = k.booking_id
 WHERE k.closure_id = :closure_id AND k.booking_id = :booking_id;

-- name: closure_was_released :one
-- why: what a closure has ended is not sold by money that comes late, also when its slot is open again
-- in: visit_id int
-- out: n int
SELECT count(*) FROM closure_visit WHERE visit_id = :visit_id AND outcome = 'released';

-- name: closures_working :many
-- max: 100
-- out: id int
SELECT id FROM closure c
 WHERE c.state = 'working'
   AND NOT EXISTS (SELECT 1 FROM closure_visit k WHERE k.closure_id = c.id AND k.state IN ('todo', 'told'))
   AND NOT EXISTS (SELECT 1 FROM closure_booking k WHERE k.closure_id = c.id AND k.state = 'todo')
 ORDER BY c.id LIMIT 100;

-- name: closure_finish :exec
-- in: id int, now int
UPDATE closure SET state = 'done', done_at = :now
 WHERE id = :id AND state = 'working'
   AND NOT EXISTS (SELECT 1 FROM closure_visit k WHERE k.closure_id = closure.id AND k.state IN ('todo', 'told'))
   AND NOT EXISTS (SELECT 1 FROM closure_booking k WHERE k.closure_id = closure.id AND k.state = 'todo');

-- name: closures_to_cover :many
-- why: a planning may make slots in a time that is closed already: they are closed too
-- max: 100
-- in: now int
-- out: id int, monument_id int, from_at int, until_at int, reason_fr text, reason_en text
SELECT c.id, c.monument_id, c.from_at, c.until_at, c.reason_fr, c.reason_en FROM closure c
 WHERE c.reopened_at IS NULL AND c.until_at > :now
   AND EXISTS (SELECT 1 FROM slot s
                WHERE s.monument_id = c.monument_id AND s.start_at >= c.from_at AND s.start_at < c.until_at
                  AND s.closed_fr IS NULL AND s.start_at + s.minutes * 60 > :now)
 ORDER BY c.until_at, c.id LIMIT 100;

-- name: closures_over :many
-- why: those that stand over a time of one monument
-- max: 100
-- in: monument_id int, from_at int, until_at int
-- out: id int, monument_id int, from_at int, until_at int, reason_fr text, reason_en text
SELECT c.id, c.monument_id, c.from_at, c.until_at, c.reason_fr, c.reason_en FROM closure c
 WHERE c.monument_id = :monument_id AND c.until_at > :from_at AND c.from_at < :until_at AND c.reopened_at IS NULL
 ORDER BY c.id LIMIT 100;

-- name: closure_work_again :exec
-- in: id int
UPDATE closure SET state = 'working', done_at = NULL
 WHERE id = :id AND state = 'done'
   AND (EXISTS (SELECT 1 FROM closure_visit k WHERE k.closure_id = closure.id AND k.state IN ('todo', 'told'))
        OR EXISTS (SELECT 1 FROM closure_booking k WHERE k.closure_id = closure.id AND k.state = 'todo'));

-- ---- what the desk sees ----

-- name: closure_list :many
-- why: the newest first; all or those of one's own monuments
-- max: 200
-- in: all_monuments int, staff_id int
-- out: id int, monument_id int, monument text, scope text, from_at int, until_at int, open_end int, reason_fr text
-- out: reason_en text, state text, created_at int, reopened_at int?, visits int, todo int, open_choices int
SELECT c.id, c.monument_id, m.name, c.scope, c.from_at, c.until_at, c.open_end, c.reason_fr, c.reason_en, c.state,
       c.created_at, c.reopened_at, (SELECT count(*) FROM closure_visit k WHERE k.closure_id = c.id),
       (SELECT count(*) FROM closure_visit k WHERE k.closure_id = c.id AND k.state <> 'done'),
       (SELECT count(*) FROM closure_visit k WHERE k.choice = 'open' AND k.closure_id = c.id)
  FROM closure c JOIN monument m ON m.id = c.monument_id
 WHERE :all_monuments = 1
    OR EXISTS (SELECT 1 FROM staff_monument s WHERE s.staff_id = :staff_id AND s.monument_id = c.monument_id)
 ORDER BY c.created_at DESC, c.id DESC LIMIT 200;

-- name: closure_of :one
-- in: id int
-- out: monument_id int, monument text, slug text, scope text, from_at int, until_at int, open_end int, reason_fr text
-- out: reason_en text, choose_until int, refund_by_default int, state text, created_at int, done_at int?
-- out: reopened_at int?, staff_first text, staff_last text, reopened_first text?, reopened_last text?, slots int
SELECT c.monument_id, m.name, m.slug, c.scope, c.from_at, c.until_at, c.open_end, c.reason_fr, c.reason_en,
       c.choose_until, c.refund_by_default, c.state, c.created_at, c.done_at, c.reopened_at, s.first_name, s.last_name,
       r.first_name, r.last_name, (SELECT count(*) FROM closure_slot k WHERE k.closure_id = c.id)
  FROM closure c
  JOIN monument m ON m.id = c.monument_id
  JOIN staff s ON s.id = c.staff_id
  LEFT JOIN staff r ON r.id = c.reopened_by
 WHERE c.id = :id;

-- name: closure_counts :many
-- max: 200
-- in: id int
-- out: was text, state text, outcome text, choice text, visits int, persons int, amount_cents int, problems int
SELECT was, state, outcome, choice, count(*), CAST(sum(persons) AS BIGINT), CAST(sum(amount_cents) AS BIGINT),
       count(CASE WHEN problem <> '' THEN 1 END)
  FROM closure_visit WHERE closure_id = :id
 GROUP BY was, state, outcome, choice LIMIT 200;

-- name: closure_mails :many
-- why: how far the messages have come; those of one row were written when it was told
-- max: 20
-- in: id int
-- out: kind text, state text, mails int
SELECT b.kind, b.state, count(*)
  FROM closure_visit k JOIN outbox b ON b.visit_id = k.visit_id AND b.created_at = k.told_at
 WHERE k.closure_id = :id AND b.kind IN ('closure', 'closure-notice')
 GROUP BY b.kind, b.state LIMIT 20;

-- name: closure_refunds :many
-- why: how far the money has come: each movement at the provider or by transfer
-- max: 20
-- in: id int
-- out: way text, state text, parts int, amount_cents int
SELECT p.way, p.state, count(*), CAST(sum(p.amount_cents) AS BIGINT)
  FROM closure_refund k JOIN refund_part p ON p.refund_id = k.refund_id
 WHERE k.closure_id = :id
 GROUP BY p.way, p.state LIMIT 20;

-- name: closure_rows :many
-- max: 500
-- in: id int
-- out: visit_id int, organisation_id int, organisation text, ref text?, start_at int, persons int, was text, state text
-- out: outcome text, choice text, amount_cents int, new_start_at int?, new_persons int?, problem text, leader_first text?
-- out: leader_last text?, leader_phone text?, buyer_phone text, failed int
SELECT k.visit_id, k.organisation_id, g.name, o.ref, k.start_at, k.persons, k.was, k.state, k.outcome, k.choice,
       k.amount_cents, k.new_start_at, k.new_persons, k.problem, l.first_name, l.last_name, l.phone, p.phone,
       (SELECT count(*) FROM closure_refund f JOIN refund_part r ON r.refund_id = f.refund_id
         WHERE f.closure_id = k.closure_id AND f.visit_id = k.visit_id AND r.state IN ('failed', 'unclear'))
       + (SELECT count(*) FROM outbox b WHERE b.visit_id = k.visit_id AND b.created_at = k.told_at AND b.state = 'failed')
  FROM closure_visit k
  JOIN organisation g ON g.id = k.organisation_id
  JOIN visit v ON v.id = k.visit_id
  JOIN person p ON p.id = v.person_id
  LEFT JOIN orders o ON o.id = k.order_id
  LEFT JOIN leader l ON l.id = v.leader_id
 WHERE k.closure_id = :id
 ORDER BY k.start_at, k.visit_id LIMIT 500;

-- name: closure_booking_rows :many
-- max: 200
-- in: id int
-- out: booking_id int, start_at int, persons int, organisation text, name text, phone text, email text, state text, outcome text
SELECT k.booking_id, k.start_at, b.persons, b.organisation, b.name, b.phone, b.email, k.state, k.outcome
  FROM closure_booking k JOIN phone_booking b ON b.id = k.booking_id
 WHERE k.closure_id = :id ORDER BY k.start_at, k.booking_id LIMIT 200;

-- ---- what the desk chooses from ----

-- name: closure_monuments :many
-- why: monuments that have slots, all or one's own
-- max: LIMIT_LIST
-- in: all_monuments int, staff_id int
-- out: id int, name text
SELECT m.id, m.name FROM monument m
 WHERE m.sale_mode <> 'contact'
   AND (:all_monuments = 1
        OR EXISTS (SELECT 1 FROM staff_monument s WHERE s.staff_id = :staff_id AND s.monument_id = m.id))
 ORDER BY m.name, m.id LIMIT 500;
