-- Orders, their lines, tickets and invoices.

-- name: order_by_request :one
-- why: a validation form sent twice finds the order of the first time
-- in: organisation_id int, request_key text
-- out: id int, ref text, state text, total_cents int
SELECT id, ref, state, total_cents FROM orders WHERE organisation_id = :organisation_id AND request_key = :request_key;

-- name: order_insert :one
-- in: ref text, organisation_id int, person_id int, method text, total_cents int, lang text, terms_version text
-- in: request_key text, now int, staff_id int?
-- out: id int
INSERT INTO orders (ref, organisation_id, person_id, state, method, total_cents, lang, terms_version, request_key,
                    created_at, staff_id)
VALUES (:ref, :organisation_id, :person_id, 'pending', :method, :total_cents, :lang, :terms_version, :request_key, :now,
        :staff_id)
RETURNING id;

-- name: order_line_insert :exec
-- in: order_id int, visit_id int, position int, tariff_code text, role text, quantity int, unit_cents int
-- in: vat_code text, why text, why_number int
INSERT INTO order_line (order_id, visit_id, position, tariff_code, role, quantity, unit_cents, vat_code, why, why_number)
VALUES (:order_id, :visit_id, :position, :tariff_code, :role, :quantity, :unit_cents, :vat_code, :why, :why_number);

-- name: visit_to_order :exec
-- why: a live visit of the cart joins an order; zero rows: it ended meanwhile
-- in: id int, organisation_id int, order_id int, pay_until int, leader_id int?, contact_id int?, now int
UPDATE visit SET order_id = :order_id, pay_until = :pay_until, leader_id = :leader_id, contact_id = :contact_id
 WHERE id = :id AND organisation_id = :organisation_id AND in_cart = 1 AND order_id IS NULL
   AND state IN ('option', 'cart') AND (ends_at IS NULL OR ends_at > :now);

-- name: visit_prepare :exec
-- why: keeps what was chosen at validation although the order was refused: nothing typed is lost (COM-2)
-- in: id int, organisation_id int, leader_id int?, contact_id int?
UPDATE visit SET leader_id = :leader_id, contact_id = :contact_id
 WHERE id = :id AND organisation_id = :organisation_id AND in_cart = 1 AND order_id IS NULL;

-- name: order_of :one
-- why: an order of one's own organisation; what concerns a leaver's order is mailed to a manager
-- in: ref text, organisation_id int
-- out: id int, person_id int, state text, method text, total_cents int, lang text, terms_version text, created_at int
-- out: confirmed_at int?, first_name text, last_name text, email text, organisation_name text, staff_id int?
SELECT o.id, o.person_id, o.state, o.method, o.total_cents, o.lang, o.terms_version, o.created_at, o.confirmed_at,
       p.first_name, p.last_name,
       CASE WHEN p.left_at IS NULL THEN p.email
            ELSE COALESCE((SELECT m.email FROM person m WHERE m.organisation_id = o.organisation_id AND m.left_at IS NULL
                            ORDER BY CASE m.role WHEN 'manager' THEN 0 ELSE 1 END, m.id LIMIT 1), p.email) END,
       g.name, o.staff_id
  FROM orders o
  JOIN person p ON p.id = o.person_id
  JOIN organisation g ON g.id = o.organisation_id
 WHERE o.ref = :ref AND o.organisation_id = :organisation_id;

-- name: order_by_id :one
-- why: for jobs and notifications, which act for nobody; a leaver's mails go to a manager
-- in: id int
-- out: ref text, organisation_id int, person_id int, state text, method text, total_cents int, lang text
-- out: terms_version text, created_at int, confirmed_at int?, first_name text, last_name text, email text, organisation_name text
SELECT o.ref, o.organisation_id, o.person_id, o.state, o.method, o.total_cents, o.lang, o.terms_version, o.created_at,
       o.confirmed_at, p.first_name, p.last_name,
       CASE WHEN p.left_at IS NULL THEN p.email
            ELSE COALESCE((SELECT m.email FROM person m WHERE m.organisation_id = o.organisation_id AND m.left_at IS NULL
                            ORDER BY CASE m.role WHEN 'manager' THEN 0 ELSE 1 END, m.id LIMIT 1), p.email) END,
       g.name
  FROM orders o
  JOIN person p ON p.id = o.person_id
  JOIN organisation g ON g.id = o.organisation_id
 WHERE o.id = :id;

-- name: order_search :many
-- why: «Rechercher les commandes»: the orders of a period, the newest first (ORD-1)
-- in: organisation_id int, from_at int, to_at int
-- out: ref text, state text, method text, total_cents int, created_at int, confirmed_at int?, first_name text
-- out: last_name text, visits int, persons int, first_monument text, refund_due int, staff_id int?
SELECT o.ref, o.state, o.method, o.total_cents, o.created_at, o.confirmed_at, p.first_name, p.last_name,
       (SELECT count(DISTINCT l.visit_id) FROM order_line l WHERE l.order_id = o.id),
       COALESCE((SELECT CAST(sum(l.quantity) AS BIGINT) FROM order_line l WHERE l.order_id = o.id), 0),
       COALESCE((SELECT m.name FROM order_line l JOIN visit v ON v.id = l.visit_id JOIN monument m ON m.id = v.monument_id
                  WHERE l.order_id = o.id ORDER BY l.position LIMIT 1), ''),
       (SELECT count(*) FROM payment y WHERE y.order_id = o.id AND y.state = 'refund-due'), o.staff_id
  FROM orders o
  JOIN person p ON p.id = o.person_id
 WHERE o.organisation_id = :organisation_id AND o.created_at >= :from_at AND o.created_at < :to_at
 ORDER BY o.created_at DESC, o.id DESC
 LIMIT 500;

-- name: order_lines :many
-- max: LIMIT_CART_VISITS * 4
-- in: order_id int
-- out: visit_id int, position int, tariff_code text, role text, quantity int, unit_cents int, vat_code text, why text
-- out: why_number int, monument_name text, kind text, start_at int?
SELECT l.visit_id, l.position, l.tariff_code, l.role, l.quantity, l.unit_cents, l.vat_code, l.why, l.why_number, m.name, v.kind,
       v.start_at
  FROM order_line l
  JOIN visit v ON v.id = l.visit_id
  JOIN monument m ON m.id = v.monument_id
 WHERE l.order_id = :order_id
 ORDER BY l.position
 LIMIT 160;

-- name: order_visits :many
-- why: the visits that an order sold, whatever became of them (the lines know, also when the order has expired)
-- max: LIMIT_CART_VISITS
-- in: order_id int
-- out: id int, monument_id int, monument_slug text, monument_name text, monument_kind text, city text
-- out: contact_email text, contact_phone text, kind text, start_at int?, minutes int?, whole_day int?, persons int, audience text
-- out: leader_kind text, state text, ends_at int?, held_by int?, leader_first text?, leader_last text?
-- out: leader_email text?, leader_phone text?, contact_first text?, contact_last text?, contact_mail text?
-- out: contact_lang text?, leader_card text?, tickets int
SELECT v.id, v.monument_id, m.slug, m.name, m.kind, m.city, m.contact_email, m.contact_phone, v.kind, v.start_at, s.minutes,
       s.whole_day, v.persons, v.audience, v.leader_kind, v.state, v.ends_at, v.order_id, l.first_name, l.last_name,
       l.email, l.phone, c.first_name, c.last_name, c.email, c.lang, l.card_number,
       (SELECT count(*) FROM ticket t WHERE t.visit_id = v.id AND t.order_id = :order_id AND t.state <> 'cancelled')
  FROM visit v
  JOIN monument m ON m.id = v.monument_id
  LEFT JOIN slot s ON s.monument_id = v.monument_id AND s.start_at = v.start_at
  LEFT JOIN leader l ON l.id = v.leader_id
  LEFT JOIN contact c ON c.id = v.contact_id
 WHERE v.id IN (SELECT visit_id FROM order_line WHERE order_id = :order_id)
 ORDER BY v.placed_at, v.id
 LIMIT 40;

-- name: order_lock :exec
-- why: who settles or renews has the order alone until the commit, on whichever server (PostgreSQL; SQLite has one writer)
-- in: id int
UPDATE orders SET state = state WHERE id = :id;

-- name: order_visits_lock :exec
-- why: no job and no buyer ends a visit between the look at it and its confirmation: its places would be sold twice (PLA-4)
-- in: order_id int
UPDATE visit SET state = state WHERE id IN (SELECT visit_id FROM order_line WHERE order_id = :order_id);

-- name: order_confirm :exec
-- why: only a pending or an expired order becomes confirmed, once
-- in: id int, now int
UPDATE orders SET state = 'confirmed', confirmed_at = :now WHERE id = :id AND state IN ('pending', 'expired');

-- name: visit_confirm :exec
-- why: a visit whose places are held for this order, or free of any order
-- in: id int, order_id int
UPDATE visit SET state = 'confirmed', in_cart = 0, ends_at = NULL, pay_until = NULL, order_id = :order_id,
                 closed_at = NULL
 WHERE id = :id AND state IN ('option', 'cart', 'expired', 'cancelled')
   AND (order_id IS NULL OR order_id = :order_id);

-- name: order_expire :exec
-- in: id int
UPDATE orders SET state = 'expired' WHERE id = :id AND state = 'pending';

-- name: order_detach_visits :exec
-- why: visits of an order that was not paid are options and holds again, with what is left of their life; not those of a
-- why: change of a paid visit, which end with it (OPT-6)
-- in: order_id int
UPDATE visit SET order_id = NULL, pay_until = NULL
 WHERE order_id = :order_id AND state IN ('option', 'cart')
   AND NOT EXISTS (SELECT 1 FROM order_change c WHERE c.new_order_id = :order_id);

-- name: orders_due :many
-- why: pending orders none of whose payment attempts can be paid any more; and those with an option whose end has come,
-- why: which the provider has been asked about since (`patience` seconds), so that its places return within a minute (OPT-4)
-- max: 200
-- in: now int, patience int
-- out: id int, ref text
SELECT o.id, o.ref FROM orders o
 WHERE o.state = 'pending' AND o.method = 'card'
   AND ((NOT EXISTS (SELECT 1 FROM visit v WHERE v.order_id = o.id AND v.pay_until > :now)
         AND NOT EXISTS (SELECT 1 FROM payment_attempt a
                          WHERE a.order_id = o.id AND a.state IN ('created', 'open') AND a.expires_at > :now))
        OR EXISTS (SELECT 1 FROM visit v WHERE v.order_id = o.id AND v.state = 'option' AND v.ends_at <= :now - :patience))
 ORDER BY o.created_at
 LIMIT 200;

-- name: ticket_insert :exec
-- in: number text, code text, order_id int, visit_id int, position int, role text, tariff_code text, price_cents int
-- in: valid_from int, valid_until int, now int
INSERT INTO ticket (number, code, order_id, visit_id, position, role, tariff_code, price_cents, valid_from, valid_until,
                    state, issued_at)
VALUES (:number, :code, :order_id, :visit_id, :position, :role, :tariff_code, :price_cents, :valid_from, :valid_until,
        'valid', :now);

-- name: tickets_of_visit :many
-- why: those that let in; of a visit that was replaced or closed none is printed any more
-- max: LIMIT_ORDER_TICKETS
-- in: visit_id int, order_id int
-- out: number text, code text, position int, role text, tariff_code text, price_cents int, valid_from int
-- out: valid_until int, state text, issued_at int
SELECT number, code, position, role, tariff_code, price_cents, valid_from, valid_until, state, issued_at
  FROM ticket WHERE visit_id = :visit_id AND order_id = :order_id AND state <> 'cancelled' ORDER BY position LIMIT 2000;

-- name: number_draw :one
-- why: the row stays locked until the transaction ends: no gap, no number twice (INV-1)
-- in: series text, year int
-- out: number int
INSERT INTO number_series (series, year, next) VALUES (:series, :year, 2)
ON CONFLICT (series, year) DO UPDATE SET next = number_series.next + 1
RETURNING next - 1;

-- name: invoice_insert :exec
-- in: number text, series text, year int, sequence int, order_id int, now int, total_cents int, seller text, buyer text
INSERT INTO invoice (number, series, year, sequence, kind, order_id, issued_at, total_cents, seller, buyer)
VALUES (:number, :series, :year, :sequence, 'invoice', :order_id, :now, :total_cents, :seller, :buyer);

-- name: invoice_of_order :one
-- in: order_id int
-- out: number text, issued_at int, total_cents int, seller text, buyer text
SELECT number, issued_at, total_cents, seller, buyer FROM invoice WHERE order_id = :order_id AND kind = 'invoice';

-- name: organisation_billing :one
-- why: the buyer's block of an invoice, as it is at the moment of issuing
-- in: id int
-- out: name text, kind text, registration text, vat_number text, address text, postcode text, city text, country text
-- out: transfer_allowed int
SELECT name, kind, registration, vat_number, address, postcode, city, country, transfer_allowed
  FROM organisation WHERE id = :id;

-- name: vat_regimes :many
-- out: code text, category text, rate_bp int, mention_fr text, mention_en text
SELECT code, category, rate_bp, mention_fr, mention_en FROM vat_regime ORDER BY code LIMIT 100;

-- name: terms_current :one
-- why: the version in force; the order records it (CRT-2)
-- in: kind text, lang text, now int
-- out: version text, effective_at int, body text
SELECT version, effective_at, body FROM legal_text
 WHERE kind = :kind AND lang = :lang AND effective_at <= :now
 ORDER BY effective_at DESC LIMIT 1;

-- name: leader_usable :one
-- in: id int, organisation_id int
-- out: kind text
SELECT kind FROM leader WHERE id = :id AND organisation_id = :organisation_id AND removed_at IS NULL;

-- name: contact_usable :one
-- in: id int, organisation_id int
-- out: id int
SELECT id FROM contact WHERE id = :id AND organisation_id = :organisation_id AND removed_at IS NULL;

-- name: order_id_by_ref :one
-- why: for readers who came by a signed link
-- in: ref text
-- out: id int
SELECT id FROM orders WHERE ref = :ref;
