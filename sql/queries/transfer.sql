-- Orders that are paid by transfer: requests, deadlines, receipts.

-- name: transfer_asked_count :one
-- why: who asks holds places without paying: a few requests at a time (CRT-4)
-- in: organisation_id int
-- out: n int
SELECT count(*) FROM orders o JOIN order_transfer t ON t.order_id = o.id
 WHERE o.organisation_id = :organisation_id AND o.state = 'pending' AND t.allowed_at IS NULL;

-- name: transfer_insert :exec
-- in: order_id int, rf text, now int, allowed_at int?, allowed_why text, due_at int
INSERT INTO order_transfer (order_id, rf, asked_at, allowed_at, allowed_why, due_at)
VALUES (:order_id, :rf, :now, :allowed_at, :allowed_why, :due_at);

-- name: transfer_method :exec
-- in: order_id int
UPDATE orders SET method = 'transfer' WHERE id = :order_id AND state = 'pending';

-- name: transfer_of :one
-- in: order_id int
-- out: rf text, asked_at int, allowed_at int?, allowed_why text, due_at int, reminded_at int?, ended_at int?
SELECT rf, asked_at, allowed_at, allowed_why, due_at, reminded_at, ended_at FROM order_transfer WHERE order_id = :order_id;

-- name: transfer_hold :exec
-- why: while the request waits the places stay; an option stays an option
-- in: order_id int, due_at int
UPDATE visit SET pay_until = :due_at WHERE order_id = :order_id AND state IN ('option', 'cart');

-- name: transfer_hold_firm :exec
-- why: what is validated is held by its order; an option has ended with that
-- in: order_id int, due_at int, now int
UPDATE visit SET pay_until = :due_at, ends_at = CASE WHEN state = 'option' THEN :now ELSE ends_at END, state = 'cart'
 WHERE order_id = :order_id AND state IN ('option', 'cart');

-- name: transfer_first_visit :one
-- why: no deadline comes too near to the first visit
-- in: order_id int
-- out: start_at int?
SELECT min(v.start_at) FROM order_line l JOIN visit v ON v.id = l.visit_id WHERE l.order_id = :order_id;

-- name: transfer_allow :exec
-- in: order_id int, now int, why text, staff_id int?, due_at int
UPDATE order_transfer SET allowed_at = :now, allowed_why = :why, allowed_by = :staff_id, due_at = :due_at
 WHERE order_id = :order_id AND allowed_at IS NULL AND ended_at IS NULL;

-- name: transfer_end :exec
-- in: order_id int, now int
UPDATE order_transfer SET ended_at = :now WHERE order_id = :order_id AND ended_at IS NULL;

-- name: transfer_give_back :many
-- why: the money did not come: the places return, in whatever state the visits are held
-- max: LIMIT_CART_VISITS
-- in: order_id int, now int
-- out: monument_id int, start_at int?, persons int
UPDATE visit SET state = 'expired', closed_at = :now, order_id = NULL, pay_until = NULL, in_cart = 0
 WHERE order_id = :order_id AND state IN ('option', 'cart')
RETURNING monument_id, start_at, persons;

-- name: transfers_due :many
-- why: deadlines that have passed
-- max: 100
-- in: now int
-- out: order_id int
SELECT order_id FROM order_transfer WHERE ended_at IS NULL AND due_at <= :now ORDER BY due_at LIMIT 100;

-- name: transfers_to_remind :many
-- why: allowed transfers whose deadline is near; one that was near from the start was just told
-- max: 100
-- in: now int, ahead int
-- out: order_id int
SELECT order_id FROM order_transfer
 WHERE ended_at IS NULL AND due_at > :now AND due_at <= :now + :ahead AND allowed_at IS NOT NULL AND reminded_at IS NULL
   AND allowed_at < due_at - :ahead
 ORDER BY due_at LIMIT 100;

-- name: transfer_remind :exec
-- why: once, also when two servers are at it
-- in: order_id int, now int
UPDATE order_transfer SET reminded_at = :now
 WHERE order_id = :order_id AND reminded_at IS NULL AND ended_at IS NULL AND due_at > :now;

-- name: transfer_money :one
-- why: what arrived for an order: waiting for the rest, booked, to be given back, given back; and what a change of a
-- why: paid visit carried over to it, which nobody pays again (OPT-6)
-- in: order_id int
-- out: waiting_cents int, booked_cents int, due_cents int, refunded_cents int, receipts int, carried_cents int
SELECT COALESCE(CAST(sum(CASE WHEN state = 'waiting' THEN amount_cents ELSE 0 END) AS BIGINT), 0),
       COALESCE(CAST(sum(CASE WHEN state = 'booked' THEN amount_cents ELSE 0 END) AS BIGINT), 0),
       COALESCE(CAST(sum(CASE WHEN state = 'refund-due' THEN amount_cents ELSE 0 END) AS BIGINT), 0),
       COALESCE(CAST(sum(CASE WHEN state = 'refunded' THEN amount_cents ELSE 0 END) AS BIGINT), 0),
       count(receipt_id),
       COALESCE((SELECT c.carried_cents FROM order_change c WHERE c.new_order_id = :order_id), 0)
  FROM payment WHERE order_id = :order_id;

-- name: receipt_insert :one
-- why: a form and an entry of the bank count once; no row: counted before
-- in: order_id int, amount_cents int, day int, bank_ref text, reason text, staff_id int?, entry_id int?, request_key text
-- in: now int
-- out: id int
INSERT INTO transfer_receipt (order_id, amount_cents, day, bank_ref, reason, staff_id, entry_id, request_key, recorded_at)
VALUES (:order_id, :amount_cents, :day, :bank_ref, :reason, :staff_id, :entry_id, :request_key, :now)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: receipt_payment :exec
-- in: order_id int, receipt_id int, payment_ref text, amount_cents int, now int, state text, reason text, part int
INSERT INTO payment (order_id, receipt_id, provider, payment_ref, amount_cents, received_at, state, reason, part)
VALUES (:order_id, :receipt_id, 'transfer', :payment_ref, :amount_cents, :now, :state, :reason, :part);

-- name: payment_next_part :one
-- why: the first payment of an order is its part 0, those that follow count on
-- in: order_id int
-- out: part int
SELECT COALESCE(max(part) + 1, 0) FROM payment WHERE order_id = :order_id AND state IN ('waiting', 'booked');

-- name: payments_waiting_become :exec
-- in: order_id int, state text, reason text
UPDATE payment SET state = :state, reason = :reason WHERE order_id = :order_id AND state = 'waiting';

-- name: receipts_of_order :many
-- max: 100
-- in: order_id int
-- out: id int, amount_cents int, day int, bank_ref text, reason text, by_entry int, first_name text?, last_name text?
-- out: recorded_at int, back_cents int
SELECT r.id, r.amount_cents, r.day, r.bank_ref, r.reason, CASE WHEN r.entry_id IS NULL THEN 0 ELSE 1 END, s.first_name,
       s.last_name, r.recorded_at,
       COALESCE((SELECT CAST(sum(p.amount_cents) AS BIGINT) FROM payment p
                  WHERE p.receipt_id = r.id AND p.state IN ('refund-due', 'refunded')), 0)
  FROM transfer_receipt r LEFT JOIN staff s ON s.id = r.staff_id
 WHERE r.order_id = :order_id ORDER BY r.recorded_at, r.id LIMIT 100;

-- name: transfer_list_live :many
-- why: «Virements à recevoir»: what waits, the first to end first
-- out: order_id int, ref text, rf text, asked_at int, allowed_at int?, due_at int, total_cents int, received_cents int
-- out: organisation_id int, organisation text, first_name text, last_name text, first_start int?
SELECT o.id, o.ref, t.rf, t.asked_at, t.allowed_at, t.due_at, o.total_cents,
       COALESCE((SELECT CAST(sum(p.amount_cents) AS BIGINT) FROM payment p WHERE p.order_id = o.id AND p.state = 'waiting'), 0),
       g.id, g.name, u.first_name, u.last_name,
       (SELECT min(v.start_at) FROM visit v WHERE v.order_id = o.id)
  FROM order_transfer t
  JOIN orders o ON o.id = t.order_id
  JOIN organisation g ON g.id = o.organisation_id
  JOIN person u ON u.id = o.person_id
 WHERE t.ended_at IS NULL AND t.due_at > 0
 ORDER BY t.due_at, t.order_id LIMIT 500;

-- name: transfer_list_ended :many
-- why: what came in, or did not, of late
-- in: since int
-- out: ref text, rf text, due_at int, ended_at int, state text, total_cents int, organisation_id int, organisation text
SELECT o.ref, t.rf, t.due_at, t.ended_at, o.state, o.total_cents, g.id, g.name
  FROM order_transfer t
  JOIN orders o ON o.id = t.order_id
  JOIN organisation g ON g.id = o.organisation_id
 WHERE t.ended_at >= :since
 ORDER BY t.ended_at DESC, t.order_id LIMIT 100;

-- name: organisation_transfer :exec
-- in: id int, allowed int
UPDATE organisation SET transfer_allowed = :allowed WHERE id = :id AND transfer_allowed <> :allowed;
