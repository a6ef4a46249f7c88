-- The invariants of the data, each as a statement that lists what breaks it.

-- name: doctor_slot_sums :many
-- why: taken places are exactly those of the visits and of the bookings by telephone that hold them (PLA-4)
-- max: 200
-- out: monument_id int, start_at int, taken int, held int
SELECT s.monument_id, s.start_at, s.taken, COALESCE(h.held, 0)
  FROM slot s
  LEFT JOIN (SELECT g.monument_id, g.start_at, CAST(sum(g.persons) AS BIGINT) AS held
               FROM (SELECT monument_id, start_at, persons - lent_persons AS persons FROM visit
                      WHERE state IN ('option', 'cart', 'confirmed') AND start_at IS NOT NULL
                     UNION ALL
                     SELECT monument_id, start_at, persons FROM phone_booking WHERE state = 'held') g
              GROUP BY g.monument_id, g.start_at) h
    ON h.monument_id = s.monument_id AND h.start_at = s.start_at
 WHERE s.taken <> COALESCE(h.held, 0)
 LIMIT 200;

-- name: doctor_confirmed_without_money :many
-- why: an order is confirmed only with its payment, to the cent; a change has the money of what it replaced (OPT-6)
-- max: 200
-- out: ref text, total_cents int, booked int
SELECT o.ref, o.total_cents, COALESCE((SELECT CAST(sum(p.amount_cents) AS BIGINT) FROM payment p
                                        WHERE p.order_id = o.id AND p.state = 'booked'), 0)
  FROM orders o
 WHERE o.state = 'confirmed' AND o.total_cents > 0
   AND o.total_cents <> COALESCE((SELECT sum(p.amount_cents) FROM payment p
                                   WHERE p.order_id = o.id AND p.state = 'booked'), 0)
                      + COALESCE((SELECT sum(c.carried_cents) FROM order_change c
                                   WHERE c.new_order_id = o.id AND c.state = 'done'), 0)
 LIMIT 200;

-- name: doctor_money_without_order :many
-- why: booked money stands on a confirmed order
-- max: 200
-- out: payment_ref text, ref text, state text
SELECT p.payment_ref, o.ref, o.state FROM payment p JOIN orders o ON o.id = p.order_id
 WHERE p.state = 'booked' AND o.state <> 'confirmed' LIMIT 200;

-- name: doctor_paid_attempts :many
-- why: a paid attempt has its payment, and a payment its paid attempt
-- max: 200
-- out: ref text, number int
SELECT o.ref, a.number FROM payment_attempt a JOIN orders o ON o.id = a.order_id
 WHERE (a.state = 'paid') <> EXISTS (SELECT 1 FROM payment p WHERE p.attempt_id = a.id AND p.order_id = a.order_id)
 LIMIT 200;

-- name: doctor_tickets :many
-- why: a confirmed visit has one ticket a person and nothing else has any
-- max: 200
-- out: visit_id int, state text, persons int, tickets int
SELECT v.id, v.state, v.persons, (SELECT count(*) FROM ticket t WHERE t.visit_id = v.id)
  FROM visit v
 WHERE (SELECT count(*) FROM ticket t WHERE t.visit_id = v.id
                                            AND (t.state <> 'cancelled' OR (t.ended_why = 'exchanged' AND v.state = 'confirmed')))
       <> CASE WHEN v.state = 'confirmed' THEN v.persons ELSE 0 END
 LIMIT 200;

-- name: doctor_ticket_prices :many
-- why: the tickets of an order cost together what the order costs; one that was replaced after a closure counts once
-- max: 200
-- out: ref text, total_cents int, tickets_cents int
SELECT o.ref, o.total_cents, COALESCE((SELECT CAST(sum(t.price_cents) AS BIGINT) FROM ticket t WHERE t.order_id = o.id), 0)
  FROM orders o
 WHERE o.state = 'confirmed'
   AND o.total_cents
       <> COALESCE((SELECT sum(t.price_cents) FROM ticket t
                     WHERE t.order_id = o.id
                       AND NOT EXISTS (SELECT 1 FROM closure_visit k
                                        WHERE k.visit_id = t.visit_id AND k.choice = 'moved' AND t.ended_why = 'replaced'
                                          AND t.ended_at <= k.chosen_at)), 0)
 LIMIT 200;

-- name: doctor_order_lines :many
-- why: an order costs what its lines cost
-- max: 200
-- out: ref text, total_cents int, lines_cents int
SELECT o.ref, o.total_cents, COALESCE((SELECT CAST(sum(l.quantity * l.unit_cents) AS BIGINT) FROM order_line l
                                        WHERE l.order_id = o.id), 0)
  FROM orders o
 WHERE o.total_cents <> COALESCE((SELECT sum(l.quantity * l.unit_cents) FROM order_line l WHERE l.order_id = o.id), 0)
 LIMIT 200;

-- name: doctor_visit_orders :many
-- why: a confirmed visit belongs to a confirmed order; a live one to none or to a pending one
-- max: 200
-- out: visit_id int, state text, order_state text?
SELECT v.id, v.state, o.state FROM visit v LEFT JOIN orders o ON o.id = v.order_id
 WHERE (v.state = 'confirmed' AND (o.id IS NULL OR o.state <> 'confirmed'))
    OR (v.state IN ('option', 'cart') AND o.id IS NOT NULL AND o.state <> 'pending')
 LIMIT 200;

-- name: doctor_overdue :many
-- why: no option or hold lives on after its end; a quarter of an hour is left for a stopped server to catch up
-- max: 200
-- in: now int
-- out: visit_id int, state text, ends_at int
SELECT id, state, ends_at FROM visit
 WHERE state IN ('option', 'cart') AND start_at IS NOT NULL AND ends_at < :now - 900
   AND (pay_until IS NULL OR pay_until < :now - 900)
 LIMIT 200;

-- name: doctor_invoice_gaps :many
-- why: numbers of a series have no gap and end where the series stands (INV-1)
-- max: 200
-- out: series text, year int, next int, issued int, highest int
SELECT n.series, n.year, n.next, (SELECT count(*) FROM invoice i WHERE i.series = n.series AND i.year = n.year),
       COALESCE((SELECT max(i.sequence) FROM invoice i WHERE i.series = n.series AND i.year = n.year), 0)
  FROM number_series n
 WHERE n.next - 1 <> (SELECT count(*) FROM invoice i WHERE i.series = n.series AND i.year = n.year)
    OR n.next - 1 <> COALESCE((SELECT max(i.sequence) FROM invoice i WHERE i.series = n.series AND i.year = n.year), 0)
 LIMIT 200;

-- name: doctor_invoices :many
-- why: every confirmed order has its invoice, of its amount, and no other order has one
-- max: 200
-- out: ref text, state text
SELECT o.ref, o.state FROM orders o
 WHERE (o.state = 'confirmed') <> EXISTS (SELECT 1 FROM invoice i WHERE i.order_id = o.id AND i.kind = 'invoice'
                                             AND i.total_cents = o.total_cents)
 LIMIT 200;

-- name: doctor_order_visits :many
-- why: what a confirmed order sold is confirmed (or was cancelled since) with it, what a pending one sells is held for it
-- max: 200
-- out: ref text, order_state text, visit_id int, visit_state text
SELECT o.ref, o.state, v.id, v.state
  FROM orders o
  JOIN order_line l ON l.order_id = o.id
  JOIN visit v ON v.id = l.visit_id
 WHERE v.organisation_id <> o.organisation_id
    OR (o.state = 'confirmed' AND (v.state NOT IN ('confirmed', 'cancelled') OR v.order_id IS NULL OR v.order_id <> o.id))
    OR (o.state = 'pending' AND (v.state NOT IN ('option', 'cart') OR v.order_id IS NULL OR v.order_id <> o.id))
 LIMIT 200;

-- name: doctor_order_persons :many
-- why: the lines of a visit count its persons, and those who stayed at home after a closure
-- max: 200
-- out: ref text, visit_id int, persons int, quantity int
SELECT o.ref, v.id, v.persons, CAST(sum(l.quantity) AS BIGINT)
  FROM orders o
  JOIN order_line l ON l.order_id = o.id
  JOIN visit v ON v.id = l.visit_id
 WHERE o.state IN ('pending', 'confirmed')
 GROUP BY o.ref, v.id, v.persons
HAVING sum(l.quantity) <> v.persons + COALESCE((SELECT sum(k.persons - k.new_persons) FROM closure_visit k
                                                 WHERE k.visit_id = v.id AND k.choice = 'moved'), 0)
 LIMIT 200;

-- name: doctor_ticket_lines :many
-- why: a ticket belongs to the order of its visit, costs what a line of it says and is valid when its slot is (TKT-3)
-- max: 200
-- out: id int, visit_id int
SELECT t.id, t.visit_id
  FROM ticket t JOIN visit v ON v.id = t.visit_id
 WHERE v.order_id IS NULL OR v.order_id <> t.order_id
    OR NOT EXISTS (SELECT 1 FROM order_line l
                    WHERE l.order_id = t.order_id AND l.visit_id = t.visit_id AND l.tariff_code = t.tariff_code
                      AND l.unit_cents = t.price_cents)
    OR (v.kind = 'slot' AND t.state <> 'cancelled' AND t.valid_from <> v.start_at) OR t.valid_until < t.valid_from
 LIMIT 200;

-- name: doctor_endless :many
-- why: every hold has an end, and none is after the visit's start; a card's page is open for a day at most
-- max: 200
-- in: now int
-- out: visit_id int, state text
SELECT v.id, v.state
  FROM visit v LEFT JOIN orders o ON o.id = v.order_id
 WHERE v.state IN ('option', 'cart')
   AND ((v.kind = 'slot' AND v.ends_at > v.start_at)
        OR (v.state = 'cart' AND v.start_at IS NOT NULL AND v.ends_at > :now + 90000)
        OR (v.order_id IS NULL AND v.pay_until IS NOT NULL)
        OR (v.order_id IS NOT NULL AND v.pay_until IS NULL)
        OR (o.method = 'card' AND v.pay_until > :now + 90000))
 LIMIT 200;

-- name: doctor_pending_overdue :many
-- why: an order that nobody can pay any more does not stay pending
-- max: 200
-- in: now int
-- out: ref text
SELECT o.ref FROM orders o
 WHERE o.state = 'pending' AND o.method <> 'transfer' AND o.created_at < :now - 900
   AND NOT EXISTS (SELECT 1 FROM visit v WHERE v.order_id = o.id AND v.pay_until > :now - 900)
   AND NOT EXISTS (SELECT 1 FROM payment_attempt a
                    WHERE a.order_id = o.id AND a.state IN ('created', 'open') AND a.expires_at > :now - 900)
 LIMIT 200;

-- name: doctor_unsettled :many
-- why: a day after its end the provider has said what became of an attempt; until then money may be on its way
-- max: 200
-- in: now int
-- out: ref text, number int
SELECT o.ref, a.number FROM payment_attempt a JOIN orders o ON o.id = a.order_id
 WHERE a.state IN ('created', 'open') AND a.expires_at < :now - 86400 LIMIT 200;

-- name: doctor_mails :many
-- why: who bought was told and got the tickets, at least into the outbox (TKT-4); older mails may be cleared away
-- max: 200
-- in: now int
-- out: ref text
SELECT o.ref FROM orders o
 WHERE o.state = 'confirmed' AND o.confirmed_at > :now - 2592000
   AND (NOT EXISTS (SELECT 1 FROM outbox b WHERE b.order_id = o.id AND b.kind IN ('order-confirmed', 'order-changed'))
        OR EXISTS (SELECT 1 FROM visit v WHERE v.order_id = o.id AND v.state = 'confirmed'
                      AND NOT EXISTS (SELECT 1 FROM outbox b
                                       WHERE b.order_id = o.id AND b.visit_id = v.id AND b.kind = 'tickets')))
 LIMIT 200;

-- name: doctor_refund_mails :many
-- why: money that waits for its refund was told to its payer and to customer service (CRT-3)
-- max: 200
-- in: now int
-- out: ref text
SELECT DISTINCT o.ref FROM payment p JOIN orders o ON o.id = p.order_id
 WHERE p.state = 'refund-due' AND p.received_at > :now - 2592000
   AND (NOT EXISTS (SELECT 1 FROM outbox b WHERE b.order_id = o.id AND b.kind = 'refund-due')
        OR NOT EXISTS (SELECT 1 FROM outbox b WHERE b.order_id = o.id AND b.kind = 'refund-due-desk'))
 LIMIT 200;

-- name: doctor_series :many
-- why: an invoice without its series would let its number be drawn again
-- max: 200
-- out: number text
SELECT i.number FROM invoice i
 WHERE NOT EXISTS (SELECT 1 FROM number_series n WHERE n.series = i.series AND n.year = i.year AND n.next > i.sequence)
 LIMIT 200;

-- name: doctor_strangers :many
-- why: who accompanies a group or gets its tickets is known to the organisation that bought
-- max: 200
-- out: visit_id int
SELECT v.id FROM visit v
 WHERE EXISTS (SELECT 1 FROM leader l WHERE l.id = v.leader_id AND l.organisation_id <> v.organisation_id)
    OR EXISTS (SELECT 1 FROM contact c WHERE c.id = v.contact_id AND c.organisation_id <> v.organisation_id)
 LIMIT 200;

-- name: doctor_managers :many
-- why: an organisation that has people has somebody who manages them (ACC-5)
-- max: 200
-- out: organisation_id int
SELECT o.id FROM organisation o
 WHERE EXISTS (SELECT 1 FROM person p WHERE p.organisation_id = o.id)
   AND NOT EXISTS (SELECT 1 FROM person p WHERE p.organisation_id = o.id AND p.left_at IS NULL AND p.role = 'manager')
 LIMIT 200;

-- name: doctor_leavers :many
-- why: nothing lets in who has left an organisation
-- max: 200
-- out: person_id int
SELECT p.id FROM person p
 WHERE p.left_at IS NOT NULL
   AND (p.password_hash <> '' OR EXISTS (SELECT 1 FROM session s WHERE s.person_id = p.id)
        OR EXISTS (SELECT 1 FROM second_factor f WHERE f.person_id = p.id)
        OR EXISTS (SELECT 1 FROM email_link l WHERE l.person_id = p.id AND l.used_at IS NULL))
 LIMIT 200;

-- name: doctor_staff_sessions :many
-- why: none of the operator's people is signed in without a second factor, or while disabled (ACC-6)
-- max: 200
-- out: staff_id int
SELECT DISTINCT s.staff_id FROM staff_session s JOIN staff p ON p.id = s.staff_id
 WHERE p.disabled_at IS NOT NULL OR p.password_hash = ''
    OR NOT EXISTS (SELECT 1 FROM second_factor f WHERE f.staff_id = p.id AND f.confirmed_at IS NOT NULL)
 LIMIT 200;

-- name: doctor_staff_monuments :many
-- why: a role of monuments has one, any other role has none (OPS-7)
-- max: 200
-- out: staff_id int, role text
SELECT p.id, p.role FROM staff p
 WHERE (p.role IN ('monument-manager', 'gate-agent'))
       <> EXISTS (SELECT 1 FROM staff_monument m WHERE m.staff_id = p.id)
 LIMIT 200;

-- name: doctor_changes :many
-- why: a changed visit and its successor agree: one of them lets the group in, money is carried over to the cent, and
-- why: places are lent only inside a slot, while the change is being paid (OPT-6)
-- max: 200
-- out: id int, what text
SELECT c.id, 'states'
  FROM order_change c
  JOIN visit a ON a.id = c.old_visit_id
  JOIN visit b ON b.id = c.new_visit_id
  JOIN orders o ON o.id = c.new_order_id
 WHERE a.order_id IS NULL OR a.order_id <> c.old_order_id OR b.order_id IS NULL OR b.order_id <> c.new_order_id
    OR a.monument_id <> b.monument_id OR a.organisation_id <> c.organisation_id OR b.organisation_id <> c.organisation_id
    OR (c.state = 'done' AND (a.state <> 'cancelled' OR o.state <> 'confirmed' OR b.state NOT IN ('confirmed', 'cancelled')))
    OR (c.state = 'pending' AND (o.state <> 'pending' OR b.state NOT IN ('option', 'cart')))
    OR (c.state = 'ended' AND (o.state IN ('pending', 'confirmed') OR b.state <> 'cancelled'))
UNION ALL
SELECT c.id, 'money'
  FROM order_change c
 WHERE c.carried_cents + c.returned_cents
       <> COALESCE((SELECT sum(l.quantity * l.unit_cents) FROM order_line l
                     WHERE l.order_id = c.old_order_id AND l.visit_id = c.old_visit_id), 0)
    OR (c.state = 'done' AND c.returned_cents > 0
        AND NOT EXISTS (SELECT 1 FROM refund r WHERE r.order_id = c.old_order_id AND r.reason = 'change'
                                                 AND r.amount_cents = c.returned_cents))
UNION ALL
SELECT v.id, 'lent'
  FROM visit v
 WHERE v.lent_persons > 0
   AND NOT EXISTS (SELECT 1 FROM order_change c JOIN visit a ON a.id = c.old_visit_id
                    WHERE c.new_visit_id = v.id AND c.state = 'pending' AND a.start_at = v.start_at)
 LIMIT 200;

-- name: doctor_plans :many
-- why: on no day has a monument two seasons, two exceptions or two prices of one kind (OPS-2)
-- max: 200
-- out: monument_id int, what text, id int, other_id int
SELECT a.monument_id, a.kind, a.id, b.id
  FROM schedule_period a
  JOIN schedule_period b ON b.monument_id = a.monument_id AND b.kind = a.kind AND b.id > a.id
                        AND b.first_day <= a.last_day AND b.last_day >= a.first_day
UNION ALL
SELECT a.monument_id, 'price', a.id, b.id
  FROM tariff a
  JOIN tariff b ON b.monument_id = a.monument_id AND b.audience = a.audience AND b.code = a.code AND b.id > a.id
               AND (a.valid_to IS NULL OR b.valid_from <= a.valid_to)
               AND (b.valid_to IS NULL OR a.valid_from <= b.valid_to)
 LIMIT 200;
