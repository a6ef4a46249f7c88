-- The invariants of transfers, refunds and credit notes.

-- name: doctor_refunds :many
-- why: no more goes back than came, movements add up to their decision, credit notes to their lines and no further than
-- why: their invoices (INV-1)
-- max: 200
-- out: what text, subject text
SELECT 'more goes back than came of payment', p.payment_ref FROM payment p
 WHERE p.amount_cents < COALESCE((SELECT sum(q.amount_cents) FROM refund_part q
                                   WHERE q.payment_id = p.id AND q.state <> 'failed'), 0)
UNION ALL
SELECT 'refunded without its movement: payment', p.payment_ref FROM payment p
 WHERE p.state = 'refunded'
   AND p.amount_cents <> COALESCE((SELECT sum(q.amount_cents) FROM refund_part q
                                    WHERE q.payment_id = p.id AND q.state = 'done'), 0)
UNION ALL
SELECT 'movements do not add up to the refund of order', o.ref FROM refund r JOIN orders o ON o.id = r.order_id
 WHERE r.amount_cents < COALESCE((SELECT sum(q.amount_cents) FROM refund_part q
                                   WHERE q.refund_id = r.id AND q.state <> 'failed'), 0)
    OR r.amount_cents > COALESCE((SELECT sum(q.amount_cents) FROM refund_part q WHERE q.refund_id = r.id), 0)
UNION ALL
SELECT 'credit note and its lines differ', i.number FROM invoice i
 WHERE i.kind = 'credit-note'
   AND i.total_cents <> COALESCE((SELECT sum(l.quantity * l.unit_cents) FROM credit_line l WHERE l.invoice_id = i.id), 0)
UNION ALL
SELECT 'more is credited than invoiced for order', o.ref FROM orders o
 WHERE EXISTS (SELECT 1 FROM invoice n WHERE n.order_id = o.id AND n.kind = 'credit-note')
   AND 0 > (SELECT sum(CASE WHEN i.kind = 'invoice' THEN i.total_cents ELSE -i.total_cents END)
              FROM invoice i WHERE i.order_id = o.id)
 LIMIT 200;

-- name: doctor_transfers :many
-- why: each transfer counts once and whole, parts wait only while their order does, no order outlives its deadline (OPS-5)
-- max: 200
-- in: now int
-- out: what text, subject text
SELECT 'a transfer and what was made of it differ: order', o.ref
  FROM transfer_receipt r JOIN orders o ON o.id = r.order_id
 WHERE r.amount_cents <> COALESCE((SELECT sum(p.amount_cents) FROM payment p WHERE p.receipt_id = r.id), 0)
UNION ALL
SELECT 'a part waits for no order: order', o.ref FROM payment p JOIN orders o ON o.id = p.order_id
 WHERE p.state = 'waiting' AND o.state <> 'pending'
UNION ALL
SELECT 'the deadline has passed, or the order is over: order', o.ref
  FROM order_transfer t JOIN orders o ON o.id = t.order_id
 WHERE t.ended_at IS NULL AND (o.state <> 'pending' OR t.due_at < :now - 900)
UNION ALL
SELECT 'its transfer is over: order', o.ref FROM order_transfer t JOIN orders o ON o.id = t.order_id
 WHERE t.ended_at IS NOT NULL AND o.state = 'pending'
UNION ALL
SELECT 'matched without a receipt: entry', e.key FROM bank_entry e
 WHERE e.state = 'matched' AND NOT EXISTS (SELECT 1 FROM transfer_receipt r WHERE r.entry_id = e.id)
 LIMIT 200;
