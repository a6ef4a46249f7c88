-- What customers choose after a closure, what its mails say, and what the doctor asks of both (ORD-4, COM-4).

-- name: closure_choices :many
-- why: what an organisation has to choose, the first to end first
-- max: LIMIT_LIST
-- in: organisation_id int
-- out: closure_id int, visit_id int, monument text, slug text, start_at int, persons int, amount_cents int, ref text
-- out: choose_until int, refund_by_default int, reason_fr text, reason_en text, whole_day int
SELECT k.closure_id, k.visit_id, m.name, m.slug, k.start_at, k.persons, k.amount_cents, o.ref, c.choose_until,
       c.refund_by_default, c.reason_fr, c.reason_en, CASE WHEN v.kind = 'dated' THEN 1 ELSE 0 END
  FROM closure_visit k
  JOIN closure c ON c.id = k.closure_id
  JOIN monument m ON m.id = c.monument_id
  JOIN visit v ON v.id = k.visit_id
  JOIN orders o ON o.id = k.order_id
 WHERE k.organisation_id = :organisation_id AND k.choice = 'open'
 ORDER BY c.choose_until, k.start_at, k.visit_id LIMIT 500;

-- name: closure_choice :one
-- why: one visit of one's own organisation and what became of it; the newest closure that hit it
-- in: visit_id int, organisation_id int
-- out: closure_id int, monument_id int, monument text, slug text, kind text, start_at int, persons int, amount_cents int
-- out: order_id int, ref text, order_lang text, choice text, chosen_at int?, new_start_at int?, new_persons int?
-- out: choose_until int, refund_by_default int, reason_fr text, reason_en text, visit_state text
SELECT k.closure_id, c.monument_id, m.name, m.slug, v.kind, k.start_at, k.persons, k.amount_cents, o.id, o.ref, o.lang,
       k.choice, k.chosen_at, k.new_start_at, k.new_persons, c.choose_until, c.refund_by_default,
       c.reason_fr, c.reason_en, v.state
  FROM closure_visit k
  JOIN closure c ON c.id = k.closure_id
  JOIN monument m ON m.id = c.monument_id
  JOIN visit v ON v.id = k.visit_id
  JOIN orders o ON o.id = k.order_id
 WHERE k.visit_id = :visit_id AND k.organisation_id = :organisation_id AND k.choice <> ''
 ORDER BY k.closure_id DESC LIMIT 1;

-- name: closure_notes :many
-- why: what closures did to the visits of one's own order, the newest first
-- max: 200
-- in: ref text, organisation_id int
-- out: visit_id int, outcome text, choice text, visit_state text
SELECT k.visit_id, k.outcome, k.choice, v.state
  FROM orders o
  JOIN closure_visit k ON k.order_id = o.id
  JOIN visit v ON v.id = k.visit_id
 WHERE o.ref = :ref AND k.organisation_id = :organisation_id AND k.outcome IN ('choice', 'refund', 'call')
 ORDER BY k.closure_id DESC LIMIT 200;

-- name: closure_choose :exec
-- why: a choice is made once; no row: it was made before
-- in: closure_id int, visit_id int, choice text, now int, new_start_at int?, new_persons int?
UPDATE closure_visit SET choice = :choice, chosen_at = :now, new_start_at = :new_start_at, new_persons = :new_persons
 WHERE closure_id = :closure_id AND visit_id = :visit_id AND choice = 'open';

-- name: closure_choice_refunded :exec
-- why: the refunds desk gave back a part of a closed visit, or all of it: nothing is left to be chosen then
-- in: visit_id int, cents int, whole int, now int
UPDATE closure_visit
   SET amount_cents = CASE WHEN :whole = 1 THEN amount_cents WHEN amount_cents > :cents THEN amount_cents - :cents ELSE 0 END,
       choice = CASE WHEN :whole = 1 THEN 'refund' ELSE choice END,
       chosen_at = CASE WHEN :whole = 1 THEN CAST(:now AS BIGINT) ELSE chosen_at END
 WHERE visit_id = :visit_id AND choice = 'open';

-- name: closure_visit_move :exec
-- why: a visit that its monument has cancelled takes place at another time; its order stays
-- in: id int, organisation_id int, start_at int, persons int, kind text
UPDATE visit SET state = 'confirmed', start_at = :start_at, persons = :persons, kind = :kind, closed_at = NULL
 WHERE id = :id AND organisation_id = :organisation_id AND state = 'cancelled';

-- name: closure_tickets :many
-- why: the tickets that the closure ended, the leader's first: each is replaced by one for the new time, or credited
-- max: LIMIT_ORDER_TICKETS
-- in: visit_id int, order_id int
-- out: id int, position int, role text, tariff_code text, price_cents int, vat_code text
SELECT t.id, t.position, t.role, t.tariff_code, t.price_cents,
       (SELECT min(l.vat_code) FROM order_line l
         WHERE l.order_id = t.order_id AND l.visit_id = t.visit_id AND l.tariff_code = t.tariff_code
           AND l.unit_cents = t.price_cents)
  FROM ticket t
 WHERE t.visit_id = :visit_id AND t.order_id = :order_id AND t.state = 'cancelled' AND t.ended_why = 'closure'
 ORDER BY CASE WHEN t.role = 'visitor' THEN 1 ELSE 0 END, t.position LIMIT 2000;

-- name: closure_ticket_why :exec
-- in: id int, why text
UPDATE ticket SET ended_why = :why WHERE id = :id AND state = 'cancelled' AND ended_why = 'closure';

-- name: closure_ticket_aside :exec
-- why: the new ticket takes the place of the old one, to which other rows of the visit may refer
-- in: id int, by int
UPDATE ticket SET position = position + :by WHERE id = :id;

-- name: closure_moves_before :one
-- in: visit_id int
-- out: n int
SELECT count(*) FROM closure_visit WHERE visit_id = :visit_id AND choice = 'moved';

-- name: closure_defaults :many
-- why: choices whose time is over and whose refund was promised
-- max: 100
-- in: now int
-- out: closure_id int, visit_id int, organisation_id int
SELECT k.closure_id, k.visit_id, k.organisation_id
  FROM closure_visit k JOIN closure c ON c.id = k.closure_id
 WHERE k.choice = 'open' AND c.choose_until <= :now AND c.refund_by_default = 1 AND k.problem = ''
 ORDER BY k.closure_id, k.visit_id LIMIT 100;

-- ---- mails ----

-- name: closure_for_mail :one
-- why: what the mail about a visit says: of the closure that hit it last
-- in: visit_id int
-- out: closure_id int, monument text, slug text, contact_email text, contact_phone text, start_at int, persons int, was text
-- out: outcome text, amount_cents int, reason_fr text, reason_en text, choose_until int, refund_by_default int, ref text?
-- out: organisation text, new_start_at int?, new_persons int?, whole_day int
SELECT c.id, m.name, m.slug, m.contact_email, m.contact_phone, k.start_at, k.persons, k.was, k.outcome, k.amount_cents,
       c.reason_fr, c.reason_en, c.choose_until, c.refund_by_default, o.ref, g.name, k.new_start_at, k.new_persons,
       CASE WHEN v.kind = 'dated' THEN 1 ELSE 0 END
  FROM closure_visit k
  JOIN closure c ON c.id = k.closure_id
  JOIN monument m ON m.id = c.monument_id
  JOIN visit v ON v.id = k.visit_id
  JOIN organisation g ON g.id = k.organisation_id
  LEFT JOIN orders o ON o.id = k.order_id
 WHERE k.visit_id = :visit_id
 ORDER BY k.closure_id DESC LIMIT 1;

-- ---- doctor ----

-- name: doctor_closed_visits :many
-- why: nothing is left in the slots of a closure that stands and is done, but groups that were inside already (OPS-4)
-- max: 200
-- out: closure_id int, visit_id int, state text
SELECT c.id, v.id, v.state
  FROM closure c
  JOIN closure_slot k ON k.closure_id = c.id
  JOIN visit v ON v.monument_id = k.monument_id AND v.start_at = k.start_at
 WHERE c.state = 'done' AND c.reopened_at IS NULL AND v.state IN ('option', 'cart', 'confirmed')
   AND NOT EXISTS (SELECT 1 FROM closure_visit g
                    WHERE g.closure_id = c.id AND g.visit_id = v.id AND g.outcome IN ('gone', 'spared'))
 LIMIT 200;

-- name: doctor_closed_slots :many
-- why: the slots of a closure that stands are closed, but for a minute in which a planning has made new ones
-- max: 200
-- in: now int
-- out: closure_id int, start_at int
SELECT c.id, s.start_at
  FROM closure c
  JOIN slot s ON s.monument_id = c.monument_id AND s.start_at >= c.from_at AND s.start_at < c.until_at
 WHERE c.reopened_at IS NULL AND s.closed_fr IS NULL AND s.start_at > :now + 86400 AND c.created_at < :now - 60
 LIMIT 200;

-- name: doctor_closure_told :many
-- why: whoever lost a visit to a closure was told, at least into the outbox (COM-4); older mails may be cleared away
-- max: 200
-- in: now int
-- out: closure_id int, visit_id int
SELECT k.closure_id, k.visit_id
  FROM closure_visit k
 WHERE k.outcome IN ('released', 'choice', 'refund', 'call') AND (k.told_at IS NULL OR k.told_at > :now - 2592000)
   AND NOT EXISTS (SELECT 1 FROM outbox b
                    WHERE b.visit_id = k.visit_id AND b.created_at = k.told_at AND b.kind = 'closure')
 LIMIT 200;

-- name: doctor_closure_money :many
-- why: what a choice gives back was decided once, or says why not, or the refunds desk did it (ORD-4)
-- max: 200
-- out: closure_id int, visit_id int, refunds int
SELECT k.closure_id, k.visit_id,
       (SELECT count(*) FROM closure_refund f JOIN refund r ON r.id = f.refund_id
         WHERE f.closure_id = k.closure_id AND f.visit_id = k.visit_id AND r.reason = 'closure')
  FROM closure_visit k
 WHERE (k.choice IN ('refund', 'default') OR (k.outcome = 'refund' AND k.problem = ''))
   AND NOT EXISTS (SELECT 1 FROM credit_line l JOIN invoice i ON i.id = l.invoice_id
                     JOIN refund d ON d.order_id = i.order_id AND d.credit_id = i.id
                    WHERE l.visit_id = k.visit_id AND d.reason = 'desk')
   AND (SELECT count(*) FROM closure_refund f JOIN refund r ON r.id = f.refund_id
         WHERE f.closure_id = k.closure_id AND f.visit_id = k.visit_id AND r.reason = 'closure') <> 1
 LIMIT 200;
