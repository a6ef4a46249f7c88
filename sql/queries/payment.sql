-- Payment attempts, notifications, money.

-- name: attempt_insert :one
-- in: order_id int, number int, provider text, amount_cents int, now int, expires_at int
-- out: id int
INSERT INTO payment_attempt (order_id, number, provider, state, amount_cents, created_at, expires_at)
VALUES (:order_id, :number, :provider, 'created', :amount_cents, :now, :expires_at)
RETURNING id;

-- name: attempt_last :one
-- in: order_id int
-- out: id int, number int, state text, amount_cents int, provider_ref text?, redirect_url text, created_at int, expires_at int
SELECT id, number, state, amount_cents, provider_ref, redirect_url, created_at, expires_at
  FROM payment_attempt WHERE order_id = :order_id ORDER BY number DESC LIMIT 1;

-- name: attempts_of_order :many
-- max: 100
-- in: order_id int
-- out: id int, number int, provider text, state text, amount_cents int, created_at int, settled_at int?
SELECT id, number, provider, state, amount_cents, created_at, settled_at
  FROM payment_attempt WHERE order_id = :order_id ORDER BY number LIMIT 100;

-- name: attempt_opened :exec
-- in: id int, provider_ref text, redirect_url text, expires_at int
UPDATE payment_attempt SET state = 'open', provider_ref = :provider_ref, redirect_url = :redirect_url, expires_at = :expires_at
 WHERE id = :id AND state = 'created';

-- name: attempt_by_provider :one
-- in: provider text, provider_ref text
-- out: id int, order_id int, number int, state text, amount_cents int
SELECT id, order_id, number, state, amount_cents FROM payment_attempt
 WHERE provider = :provider AND provider_ref = :provider_ref;

-- name: attempt_by_reference :one
-- why: the provider may know an attempt whose answer we never stored: our own reference finds it
-- in: provider text, ref text, number int
-- out: id int, order_id int, number int, state text, amount_cents int
SELECT a.id, a.order_id, a.number, a.state, a.amount_cents
  FROM payment_attempt a JOIN orders o ON o.id = a.order_id
 WHERE a.provider = :provider AND o.ref = :ref AND a.number = :number;

-- name: attempt_close :exec
-- in: id int, state text, now int
UPDATE payment_attempt SET state = :state, settled_at = :now
 WHERE id = :id AND (state IN ('created', 'open') OR (:state = 'paid' AND state <> 'paid'));

-- name: attempt_close_unopened :exec
-- why: of an attempt without the provider's reference nobody has the page; one that was opened meanwhile stays
-- in: id int, state text, now int
UPDATE payment_attempt SET state = :state, settled_at = :now WHERE id = :id AND state = 'created';

-- name: attempts_to_ask :many
-- why: attempts past their end of which no notification told anything: ask the provider, never guess; and those whose
-- why: page is to be closed before its own end, since an option that they pay has ended or the order is over (OPT-4)
-- max: 50
-- in: provider text, now int, after int
-- out: id int, order_ref text, number int, state text, provider_ref text?, amount_cents int, lang text, email text, created_at int, expires_at int, order_id int
SELECT a.id, o.ref, a.number, a.state, a.provider_ref, a.amount_cents, o.lang, p.email, a.created_at, a.expires_at, a.order_id
  FROM payment_attempt a
  JOIN orders o ON o.id = a.order_id
  JOIN person p ON p.id = o.person_id
 WHERE a.provider = :provider AND a.state IN ('created', 'open') AND a.id > :after
   AND (a.expires_at <= :now OR o.state = 'expired'
        OR EXISTS (SELECT 1 FROM visit v WHERE v.order_id = o.id AND v.state = 'option' AND v.ends_at <= :now))
 ORDER BY a.id
 LIMIT 50;

-- name: event_note :one
-- why: a notification is acted upon once; no row: seen before (CRT-3)
-- in: provider text, event_id text, kind text, now int
-- out: fresh int
INSERT INTO provider_event (provider, event_id, kind, received_at) VALUES (:provider, :event_id, :kind, :now)
ON CONFLICT (provider, event_id) DO NOTHING
RETURNING 1;

-- name: payment_insert :one
-- why: the same money is noted once, whoever brings the news; no row: noted before
-- in: order_id int, attempt_id int, provider text, payment_ref text, amount_cents int, now int, state text, reason text
-- out: id int
INSERT INTO payment (order_id, attempt_id, provider, payment_ref, amount_cents, received_at, state, reason)
VALUES (:order_id, :attempt_id, :provider, :payment_ref, :amount_cents, :now, :state, :reason)
ON CONFLICT (provider, payment_ref) DO NOTHING
RETURNING id;

-- name: payments_of_order :many
-- max: 100
-- in: order_id int
-- out: id int, provider text, payment_ref text, amount_cents int, received_at int, state text, reason text
SELECT id, provider, payment_ref, amount_cents, received_at, state, reason
  FROM payment WHERE order_id = :order_id ORDER BY received_at, id LIMIT 100;

-- name: slot_room :one
-- in: monument_id int, start_at int
-- out: room int
SELECT capacity - taken FROM slot WHERE monument_id = :monument_id AND start_at = :start_at;

-- name: payment_book :exec
-- in: id int
UPDATE payment SET state = 'booked', reason = '' WHERE id = :id AND state = 'refund-due';

-- name: order_hold_on :exec
-- why: while a payment can be made the places stay, those of an option no longer than the option (OPT-1)
-- in: order_id int, pay_until int
UPDATE visit SET pay_until = CASE WHEN state = 'option' AND ends_at < :pay_until THEN ends_at ELSE :pay_until END
 WHERE order_id = :order_id AND state IN ('option', 'cart');

-- name: order_option_end :one
-- why: an order can be paid while all its options live
-- in: order_id int
-- out: ends_at int?
SELECT min(ends_at) FROM visit WHERE order_id = :order_id AND state = 'option';
