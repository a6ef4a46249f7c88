-- Refunds and credit notes: decisions, movements of money, what a visit loses.

-- name: visit_void_take :one
-- why: a confirmed visit ends once; no row: it is not confirmed (any more)
-- in: id int, now int
-- out: monument_id int, start_at int?, persons int
UPDATE visit SET state = 'cancelled', closed_at = :now, in_cart = 0
 WHERE id = :id AND state = 'confirmed'
RETURNING monument_id, start_at, persons;

-- name: visit_void_tickets :exec
-- why: tickets of an ended visit let nobody in, and say why
-- in: visit_id int, now int, why text
UPDATE ticket SET state = 'cancelled', ended_at = :now, ended_why = :why
 WHERE visit_id = :visit_id AND state <> 'cancelled';

-- name: refund_by_key :one
-- why: a decision sent twice finds what it made the first time
-- in: request_key text
-- out: id int, amount_cents int, credit_note text?, by_hand int
SELECT r.id, r.amount_cents, i.number,
       (SELECT count(*) FROM refund_part p WHERE p.refund_id = r.id AND p.way = 'transfer')
  FROM refund r LEFT JOIN invoice i ON i.id = r.credit_id
 WHERE r.request_key = :request_key;

-- name: refund_money :many
-- why: what of an order's booked money has not gone back yet; with payment_id that one payment that waits for its refund.
-- why: A change of a paid visit stands on the payments of the orders that it replaced, after its own (OPT-6)
-- max: 100
-- in: order_id int, payment_id int
-- out: id int, provider text, by_card int, left_cents int
WITH RECURSIVE source (order_id, step) AS (
  SELECT CAST(:order_id AS BIGINT), 0
  UNION ALL
  SELECT c.old_order_id, s.step + 1
    FROM source s JOIN order_change c ON c.new_order_id = s.order_id AND c.state = 'done')
SELECT p.id, p.provider, CASE WHEN p.attempt_id IS NULL THEN 0 ELSE 1 END,
       p.amount_cents - COALESCE((SELECT CAST(sum(q.amount_cents) AS BIGINT) FROM refund_part q
                                   WHERE q.payment_id = p.id AND q.state <> 'failed'), 0)
  FROM source s JOIN payment p ON p.order_id = s.order_id
 WHERE (:payment_id = 0 AND p.state = 'booked') OR (p.id = :payment_id AND p.state = 'refund-due' AND s.step = 0)
 ORDER BY s.step, CASE WHEN p.attempt_id IS NULL THEN 1 ELSE 0 END, p.part, p.id
 LIMIT 100;

-- name: refund_invoice :one
-- why: the invoice that a credit note credits, and what of the order's invoices is left to be credited
-- in: order_id int
-- out: id int, seller text, buyer text, left_cents int
SELECT i.id, i.seller, i.buyer,
       COALESCE((SELECT CAST(sum(CASE WHEN x.kind = 'invoice' THEN x.total_cents ELSE -x.total_cents END) AS BIGINT)
                   FROM invoice x WHERE x.order_id = i.order_id), 0)
  FROM invoice i WHERE i.order_id = :order_id AND i.kind = 'invoice' ORDER BY i.id DESC LIMIT 1;

-- name: credit_note_insert :one
-- in: number text, series text, year int, sequence int, order_id int, now int, total_cents int, seller text, buyer text
-- in: credits int
-- out: id int
INSERT INTO invoice (number, series, year, sequence, kind, order_id, issued_at, total_cents, seller, buyer, credits)
VALUES (:number, :series, :year, :sequence, 'credit-note', :order_id, :now, :total_cents, :seller, :buyer, :credits)
RETURNING id;

-- name: credit_line_insert :exec
-- in: invoice_id int, position int, visit_id int, tariff_code text, role text, quantity int, unit_cents int, vat_code text
INSERT INTO credit_line (invoice_id, position, visit_id, tariff_code, role, quantity, unit_cents, vat_code)
VALUES (:invoice_id, :position, :visit_id, :tariff_code, :role, :quantity, :unit_cents, :vat_code);

-- name: refund_insert :one
-- in: order_id int, amount_cents int, reason text, request_key text, staff_id int?, credit_id int?, now int
-- out: id int
INSERT INTO refund (order_id, amount_cents, reason, request_key, staff_id, credit_id, made_at)
VALUES (:order_id, :amount_cents, :reason, :request_key, :staff_id, :credit_id, :now)
RETURNING id;

-- name: refund_part_insert :exec
-- in: refund_id int, payment_id int, amount_cents int, way text, key text, now int
INSERT INTO refund_part (refund_id, payment_id, amount_cents, way, state, key, next_at)
VALUES (:refund_id, :payment_id, :amount_cents, :way, 'waiting', :key, :now);

-- name: refund_parts_to_send :many
-- why: what the provider has to be told, or asked again
-- max: 50
-- in: now int, provider text
-- out: id int
SELECT q.id FROM refund_part q JOIN payment p ON p.id = q.payment_id
 WHERE q.state = 'waiting' AND q.way = 'provider' AND q.next_at <= :now AND p.provider = :provider
 ORDER BY q.next_at LIMIT 50;

-- name: refund_part_begin :one
-- why: this server sends it now and nobody else until the lease ends; the first time is noted before the call
-- in: id int, now int, lease_until int
-- out: payment_ref text, amount_cents int, key text, first_at int, tries int
UPDATE refund_part SET next_at = :lease_until, tries = tries + 1, first_at = COALESCE(first_at, :now)
 WHERE id = :id AND state = 'waiting' AND way = 'provider' AND next_at <= :now
RETURNING (SELECT p.payment_ref FROM payment p WHERE p.id = payment_id), amount_cents, key, first_at, tries;

-- name: refund_part_later :exec
-- in: id int, next_at int, answer text
UPDATE refund_part SET next_at = :next_at, answer = :answer WHERE id = :id AND state = 'waiting';

-- name: refund_part_answered :exec
-- why: what the provider says counts until it is final; a refund that failed after all is told even after «done»
-- in: id int, state text, provider_ref text?, answer text, settled_at int?
UPDATE refund_part SET state = :state, provider_ref = COALESCE(provider_ref, :provider_ref), answer = :answer,
                       settled_at = :settled_at
 WHERE id = :id AND way = 'provider'
   AND (state IN ('waiting', 'sent', 'unclear') OR (state = 'done' AND :state = 'failed'));

-- name: refund_part_of_id :one
-- in: id int
-- out: payment_id int, order_id int, way text, state text, amount_cents int
SELECT q.payment_id, r.order_id, q.way, q.state, q.amount_cents
  FROM refund_part q JOIN refund r ON r.id = q.refund_id
 WHERE q.id = :id;

-- name: refund_part_by_provider :one
-- in: provider_ref text, provider text
-- out: id int, state text
SELECT q.id, q.state FROM refund_part q JOIN payment p ON p.id = q.payment_id
 WHERE q.provider_ref = :provider_ref AND p.provider = :provider;

-- name: refund_part_unnamed :many
-- why: asked for, but the answer with the provider's reference was lost: its payment and amount name it, if one alone fits
-- max: 2
-- in: payment_ref text, provider text, amount_cents int
-- out: id int
SELECT q.id FROM payment p JOIN refund_part q ON q.payment_id = p.id
 WHERE p.provider = :provider AND p.payment_ref = :payment_ref AND q.way = 'provider' AND q.provider_ref IS NULL
   AND q.first_at IS NOT NULL AND q.state IN ('waiting', 'unclear') AND q.amount_cents = :amount_cents
 ORDER BY q.id LIMIT 2;

-- name: payment_refunded :exec
-- why: money that waited for its refund has gone back whole
-- in: id int
UPDATE payment SET state = 'refunded'
 WHERE id = :id AND state = 'refund-due'
   AND amount_cents = (SELECT sum(q.amount_cents) FROM refund_part q WHERE q.payment_id = payment.id AND q.state = 'done');

-- name: payment_due_again :exec
-- why: the provider took its word back: the money waits for its refund again
-- in: id int
UPDATE payment SET state = 'refund-due' WHERE id = :id AND state = 'refunded';

-- name: refunds_of_order :many
-- max: 100
-- in: order_id int
-- out: id int, amount_cents int, reason text, made_at int, credit_note text?, credit_cents int?, open int, lacking_cents int, by_hand int
-- out: last_settled int?, received_for text
SELECT r.id, r.amount_cents, r.reason, r.made_at, i.number, i.total_cents,
       (SELECT count(*) FROM refund_part q WHERE q.refund_id = r.id AND q.state IN ('waiting', 'sent', 'unclear')),
       r.amount_cents - COALESCE((SELECT CAST(sum(q.amount_cents) AS BIGINT) FROM refund_part q
                                   WHERE q.refund_id = r.id AND q.state <> 'failed'), 0),
       (SELECT count(*) FROM refund_part q WHERE q.refund_id = r.id AND q.way = 'transfer'),
       (SELECT max(q.settled_at) FROM refund_part q WHERE q.refund_id = r.id AND q.state = 'done'),
       COALESCE((SELECT p.reason FROM refund_part q JOIN payment p ON p.id = q.payment_id
                  WHERE q.refund_id = r.id ORDER BY q.id LIMIT 1), '')
  FROM refund r LEFT JOIN invoice i ON i.id = r.credit_id
 WHERE r.order_id = :order_id
 ORDER BY r.made_at, r.id LIMIT 100;

-- name: credit_note :one
-- why: the note as issued, with the invoice that it credits and the money that went back with it
-- in: order_id int, number text
-- out: id int, issued_at int, total_cents int, seller text, buyer text, invoice text, refunded_cents int, by_hand int
SELECT n.id, n.issued_at, n.total_cents, n.seller, n.buyer, i.number,
       COALESCE((SELECT CAST(sum(r.amount_cents) AS BIGINT) FROM refund r WHERE r.order_id = n.order_id AND r.credit_id = n.id), 0),
       (SELECT count(*) FROM refund r JOIN refund_part q ON q.refund_id = r.id
         WHERE r.order_id = n.order_id AND r.credit_id = n.id AND q.way = 'transfer')
  FROM invoice n JOIN invoice i ON i.id = n.credits
 WHERE n.order_id = :order_id AND n.number = :number AND n.kind = 'credit-note';

-- name: credit_lines :many
-- max: LIMIT_CART_VISITS * 4
-- in: invoice_id int
-- out: visit_id int, position int, tariff_code text, role text, quantity int, unit_cents int, vat_code text
-- out: monument_name text, kind text, start_at int?
SELECT l.visit_id, l.position, l.tariff_code, l.role, l.quantity, l.unit_cents, l.vat_code, m.name, v.kind, v.start_at
  FROM credit_line l
  JOIN visit v ON v.id = l.visit_id
  JOIN monument m ON m.id = v.monument_id
 WHERE l.invoice_id = :invoice_id ORDER BY l.position LIMIT 160;

-- name: order_customer_lock :exec
-- why: an order and those that replaced it draw on the same payments: all refunds of a customer go one after the other
-- in: order_id int
UPDATE organisation SET transfer_allowed = transfer_allowed
 WHERE id = (SELECT o.organisation_id FROM orders o WHERE o.id = :order_id);
