-- The refunds desk: money to give back, refunds under way, what a person has to transfer.

-- name: refund_desk_due :many
-- why: payments that wait for a decision: late, double, too much; not those that are on their way back
-- out: id int, ref text, organisation_id int, organisation text, amount_cents int, reason text, received_at int
-- out: provider text, by_card int, order_state text
SELECT p.id, o.ref, g.id, g.name,
       p.amount_cents - COALESCE((SELECT CAST(sum(q.amount_cents) AS BIGINT) FROM refund_part q
                                   WHERE q.payment_id = p.id AND q.state <> 'failed'), 0),
       p.reason, p.received_at, p.provider, CASE WHEN p.attempt_id IS NULL THEN 0 ELSE 1 END, o.state
  FROM payment p
  JOIN orders o ON o.id = p.order_id
  JOIN organisation g ON g.id = o.organisation_id
 WHERE p.state = 'refund-due'
   AND p.amount_cents > COALESCE((SELECT sum(q.amount_cents) FROM refund_part q
                                   WHERE q.payment_id = p.id AND q.state <> 'failed'), 0)
 ORDER BY p.received_at, p.id LIMIT 500;

-- name: refund_desk_parts :many
-- why: movements in one state and one way, the oldest decision first, each with the account that the money came from
-- in: state text, way text
-- out: id int, refund_id int, ref text, organisation_id int, organisation text, amount_cents int, reason text, made_at int
-- out: credit_note text?, answer text, tries int, payment_ref text, payer text?, payer_iban text?
SELECT q.id, r.id, o.ref, g.id, g.name, q.amount_cents, r.reason, r.made_at, i.number, q.answer, q.tries, p.payment_ref,
       e.payer, e.payer_iban
  FROM refund_part q
  JOIN refund r ON r.id = q.refund_id
  JOIN orders o ON o.id = r.order_id
  JOIN organisation g ON g.id = o.organisation_id
  JOIN payment p ON p.id = q.payment_id
  LEFT JOIN invoice i ON i.id = r.credit_id
  LEFT JOIN transfer_receipt t ON t.id = p.receipt_id
  LEFT JOIN bank_entry e ON e.id = t.entry_id
 WHERE q.state = :state AND q.way = :way
   AND (q.state <> 'failed' OR NOT EXISTS (SELECT 1 FROM refund_part x
                                            WHERE x.refund_id = q.refund_id AND x.payment_id = q.payment_id AND x.id > q.id))
 ORDER BY r.made_at, q.id LIMIT 500;

-- name: refund_desk_latest :many
-- why: what went back of late
-- in: since int
-- out: ref text, organisation_id int, organisation text, amount_cents int, reason text, made_at int, credit_note text?
-- out: first_name text?, last_name text?
SELECT o.ref, g.id, g.name, r.amount_cents, r.reason, r.made_at, i.number, s.first_name, s.last_name
  FROM refund r
  JOIN orders o ON o.id = r.order_id
  JOIN organisation g ON g.id = o.organisation_id
  LEFT JOIN invoice i ON i.id = r.credit_id
  LEFT JOIN staff s ON s.id = r.staff_id
 WHERE r.made_at >= :since
 ORDER BY r.made_at DESC, r.id DESC LIMIT 50;

-- name: refund_lines :many
-- why: what an order sold and what of it has been credited already, or is another visit's by exchange (STK-1)
-- max: LIMIT_CART_VISITS * 4
-- in: order_id int
-- out: position int, visit_id int, tariff_code text, role text, quantity int, unit_cents int, vat_code text
-- out: monument_name text, start_at int?, visit_state text, credited int
SELECT l.position, l.visit_id, l.tariff_code, l.role, l.quantity, l.unit_cents, l.vat_code, m.name, v.start_at, v.state,
       COALESCE((SELECT CAST(sum(c.quantity) AS BIGINT) FROM credit_line c JOIN invoice i ON i.id = c.invoice_id
                  WHERE c.visit_id = l.visit_id AND i.order_id = l.order_id AND c.tariff_code = l.tariff_code
                    AND c.role = l.role AND c.unit_cents = l.unit_cents), 0)
       + (SELECT count(*) FROM ticket t
           WHERE t.visit_id = l.visit_id AND t.order_id = l.order_id AND t.state = 'cancelled' AND t.ended_why = 'exchanged'
             AND t.tariff_code = l.tariff_code AND t.price_cents = l.unit_cents)
  FROM order_line l
  JOIN visit v ON v.id = l.visit_id
  JOIN monument m ON m.id = v.monument_id
 WHERE l.order_id = :order_id ORDER BY l.position LIMIT 160;

-- name: refund_part_transferred :exec
-- why: «viré le»: once
-- in: id int, now int, day int, bank_ref text, staff_id int
UPDATE refund_part SET state = 'done', settled_at = :now, paid_day = :day, bank_ref = :bank_ref, settled_by = :staff_id
 WHERE id = :id AND way = 'transfer' AND state = 'waiting';

-- name: refund_part_again :exec
-- why: sent anew with a new key, after a person has seen at the provider's that nothing moved
-- in: id int, key text, now int
UPDATE refund_part SET state = 'waiting', key = :key, first_at = NULL, tries = 0, next_at = :now, answer = '', settled_at = NULL
 WHERE id = :id AND way = 'provider' AND state IN ('failed', 'unclear') AND provider_ref IS NULL;

-- name: refund_part_seen :exec
-- why: a person saw at the provider's that the money went back
-- in: id int, now int, staff_id int
UPDATE refund_part SET state = 'done', settled_at = :now, settled_by = :staff_id
 WHERE id = :id AND way = 'provider' AND state IN ('unclear', 'sent');

-- name: refund_part_give_up :exec
-- why: what the provider cannot do is transferred instead; an unclear one only after a person has looked
-- in: id int, now int, staff_id int
UPDATE refund_part SET state = 'failed', settled_at = :now, settled_by = :staff_id
 WHERE id = :id AND way = 'provider' AND state IN ('failed', 'unclear');

-- name: refund_part_whole :one
-- in: id int
-- out: refund_id int, payment_id int, amount_cents int, state text, way text, replaced int, ref text, organisation_id int
SELECT q.refund_id, q.payment_id, q.amount_cents, q.state, q.way,
       (SELECT count(*) FROM refund_part x WHERE x.refund_id = q.refund_id AND x.payment_id = q.payment_id AND x.id > q.id),
       o.ref, o.organisation_id
  FROM refund_part q JOIN refund r ON r.id = q.refund_id JOIN orders o ON o.id = r.order_id
 WHERE q.id = :id;

-- name: payment_of_id :one
-- in: id int
-- out: order_id int, state text, left_cents int
SELECT p.order_id, p.state,
       p.amount_cents - COALESCE((SELECT CAST(sum(q.amount_cents) AS BIGINT) FROM refund_part q
                                   WHERE q.payment_id = p.id AND q.state <> 'failed'), 0)
  FROM payment p WHERE p.id = :id;
