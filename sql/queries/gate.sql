-- The gate (OPS-3, TKT-6).

-- name: gate_key_signing :one
-- why: the key that signs
-- out: id int, public_key blob, sealed blob
SELECT id, public_key, sealed FROM gate_key WHERE retired_at IS NULL;

-- name: gate_key_get :one
-- why: the key that a code names, retired or not
-- in: id int
-- out: public_key blob
SELECT public_key FROM gate_key WHERE id = :id;

-- name: gate_keys :many
-- why: what a device without a network checks signatures with
-- max: 255
-- out: id int, public_key blob
SELECT id, public_key FROM gate_key ORDER BY id;

-- name: gate_key_last :one
-- out: id int
SELECT COALESCE(max(id), 0) FROM gate_key;

-- name: gate_key_retire :exec
-- in: now int
UPDATE gate_key SET retired_at = :now WHERE retired_at IS NULL;

-- name: gate_key_add :exec
-- why: of two servers that begin at once one is first
-- in: id int, public_key blob, sealed blob, now int
INSERT INTO gate_key (id, public_key, sealed, created_at) VALUES (:id, :public_key, :sealed, :now) ON CONFLICT DO NOTHING;

-- name: gate_monuments :many
-- why: of one's own; a role that has none has no gate
-- in: staff_id int
-- out: id int, slug text, name text
SELECT m.id, m.slug, m.name FROM staff_monument sm JOIN monument m ON m.id = sm.monument_id
 WHERE sm.staff_id = :staff_id ORDER BY m.name LIMIT 500;

-- name: gate_monument :one
-- in: slug text
-- out: id int, name text
SELECT id, name FROM monument WHERE slug = :slug;

-- name: gate_ticket_visit :one
-- why: which group to lock before anything is looked at
-- in: number text
-- out: visit_id int
SELECT visit_id FROM ticket WHERE number = :number;

-- name: gate_visit_lock :exec
-- why: two gates, a change of the order and a closure come one after the other
-- in: id int
UPDATE visit SET state = state WHERE id = :id;

-- name: gate_ticket :one
-- why: what a ticket is; one booked for a pass says so, since the pass is to be shown (PMP-1)
-- in: number text
-- out: id int, visit_id int, code text, position int, role text, tariff_code text, state text, valid_from int, valid_until int
-- out: used_at int?, ended_at int?, ended_why text, issued_at int
SELECT t.id, t.visit_id, t.code, t.position, t.role, CASE WHEN o.settled_by = 'pass' THEN 'pass' ELSE t.tariff_code END,
       t.state, t.valid_from, t.valid_until, t.used_at, t.ended_at, t.ended_why, t.issued_at
  FROM ticket t JOIN orders o ON o.id = t.order_id WHERE t.number = :number;

-- name: gate_visit :one
-- why: the group as it comes here: who came with an exchanged ticket comes with another visit (STK-1)
-- in: id int
-- out: monument_id int, monument text, kind text, state text, start_at int?, minutes int?, persons int, arrived int
-- out: leader_first text?, leader_last text?, leader_card text?, card_until int?
-- out: organisation text, tickets int, first_ticket text
SELECT v.monument_id, m.name, v.kind, v.state, v.start_at, s.minutes,
       v.persons
       - (SELECT count(*) FROM ticket e WHERE e.visit_id = v.id AND e.state = 'cancelled' AND e.ended_why = 'exchanged'),
       COALESCE(g.arrived, 0), l.first_name,
       l.last_name, l.card_number, l.card_until, o.name, (SELECT count(*) FROM ticket t WHERE t.visit_id = v.id AND t.state <> 'cancelled'),
       COALESCE((SELECT min(t.number) FROM ticket t WHERE t.visit_id = v.id AND t.state <> 'cancelled'), '')
  FROM visit v
  JOIN monument m ON m.id = v.monument_id
  JOIN organisation o ON o.id = v.organisation_id
  LEFT JOIN slot s ON s.monument_id = v.monument_id AND s.start_at = v.start_at
  LEFT JOIN leader l ON l.id = v.leader_id
  LEFT JOIN gate_group g ON g.visit_id = v.id
 WHERE v.id = :id;

-- name: gate_use :exec
-- why: the one write that lets a ticket in: a second one changes nothing
-- in: id int, at int
UPDATE ticket SET state = 'used', used_at = :at WHERE id = :id AND state = 'valid';

-- name: gate_use_rest :exec
-- why: the group is complete: nobody enters on what is left of its tickets
-- in: visit_id int, at int
UPDATE ticket SET state = 'used', used_at = :at WHERE visit_id = :visit_id AND state = 'valid';

-- name: gate_use_earlier :exec
-- why: of two gates the earlier scan counts, whenever it arrives
-- in: id int, at int
UPDATE ticket SET used_at = :at WHERE id = :id AND state = 'used' AND used_at > :at;

-- name: gate_arrive :one
-- why: never more heads than the group has
-- in: visit_id int, heads int, persons int, at int
-- out: arrived int
INSERT INTO gate_group (visit_id, arrived, first_at, last_at) VALUES (:visit_id, :heads, :at, :at)
ON CONFLICT (visit_id) DO UPDATE
   SET arrived = gate_group.arrived + :heads, last_at = CASE WHEN gate_group.last_at < :at THEN :at ELSE gate_group.last_at END,
       first_at = CASE WHEN gate_group.first_at > :at THEN :at ELSE gate_group.first_at END
 WHERE gate_group.arrived + :heads <= :persons
RETURNING arrived;

-- name: gate_leave :one
-- in: visit_id int, heads int
-- out: arrived int
UPDATE gate_group SET arrived = arrived - :heads WHERE visit_id = :visit_id AND arrived >= :heads RETURNING arrived;

-- name: gate_arrived :one
-- why: whether a group has begun to enter: its leader, its places and its tickets stay as they are then (COM-5)
-- in: visit_id int
-- out: arrived int
SELECT arrived FROM gate_group WHERE visit_id = :visit_id;

-- name: gate_release :exec
-- why: the group is not complete any more: tickets that nobody scanned are good again, and so is the one taken back
-- in: visit_id int
UPDATE ticket SET state = 'valid', used_at = NULL
 WHERE visit_id = :visit_id AND state = 'used'
   AND NOT EXISTS (SELECT 1 FROM gate_scan s
                    WHERE s.ticket_id = ticket.id AND s.act <> 'undo' AND s.result = 'valid'
                      AND NOT EXISTS (SELECT 1 FROM gate_scan u WHERE u.prior_id = s.id AND u.act = 'undo'));

-- name: gate_scan_add :one
-- in: monument_id int, device text, scan_key text, gate text, staff_id int, act text, number text, ticket_id int?
-- in: visit_id int?, result text, counted int, heads int, prior_id int?, reason text, told text, scanned_at int, now int
-- out: id int
INSERT INTO gate_scan (monument_id, device, scan_key, gate, staff_id, act, number, ticket_id, visit_id, result, counted,
                       heads, prior_id, reason, told, scanned_at, received_at)
VALUES (:monument_id, :device, :scan_key, :gate, :staff_id, :act, :number, :ticket_id, :visit_id, :result, :counted,
        :heads, :prior_id, :reason, :told, :scanned_at, :now)
RETURNING id;

-- name: gate_scan_sent :one
-- why: a scan that comes again is the same one
-- in: device text, scan_key text
-- out: id int, monument_id int
SELECT id, monument_id FROM gate_scan WHERE device = :device AND scan_key = :scan_key;

-- name: gate_scan_get :one
-- in: id int, monument_id int
-- out: act text, number text, ticket_id int?, visit_id int?, result text, counted int, heads int, prior_id int?
-- out: reason text, told text, gate text, scanned_at int, device text, undone int, disputed int
SELECT s.act, s.number, s.ticket_id, s.visit_id, s.result, s.counted, s.heads, s.prior_id, s.reason, s.told, s.gate,
       s.scanned_at, s.device, (SELECT count(*) FROM gate_scan u WHERE u.prior_id = s.id AND u.act = 'undo'),
       (SELECT count(*) FROM gate_conflict c WHERE c.winner_id = s.id) +
       (SELECT count(*) FROM gate_conflict c WHERE c.loser_id = s.id)
  FROM gate_scan s WHERE s.id = :id AND s.monument_id = :monument_id;

-- name: gate_scan_prior :one
-- why: which scan used the ticket, else which count completed its group
-- in: ticket_id int, visit_id int
-- out: id int, own int, scanned_at int
SELECT s.id, CASE WHEN s.ticket_id = :ticket_id THEN 1 ELSE 0 END, s.scanned_at
  FROM gate_scan s
 WHERE s.visit_id = :visit_id AND s.result = 'valid' AND (s.ticket_id = :ticket_id OR (s.act = 'group' AND s.heads > 0))
   AND NOT EXISTS (SELECT 1 FROM gate_scan u WHERE u.prior_id = s.id AND u.act = 'undo')
 ORDER BY CASE WHEN s.ticket_id = :ticket_id THEN 0 ELSE 1 END,
          CASE WHEN s.ticket_id = :ticket_id THEN s.scanned_at ELSE -s.scanned_at END, s.id LIMIT 1;

-- name: gate_scan_who :one
-- why: where, when and by whom a ticket was used before
-- in: id int
-- out: act text, gate text, scanned_at int, first_name text, last_name text
SELECT s.act, s.gate, s.scanned_at, p.first_name, p.last_name
  FROM gate_scan s JOIN staff p ON p.id = s.staff_id WHERE s.id = :id;

-- name: gate_conflict_add :exec
-- in: monument_id int, why text, winner_id int?, loser_id int, now int
INSERT INTO gate_conflict (monument_id, why, winner_id, loser_id, noted_at)
VALUES (:monument_id, :why, :winner_id, :loser_id, :now) ON CONFLICT DO NOTHING;

-- name: gate_conflicts :many
-- why: what a gate without a network let in and should not have: both scans
-- in: monument_id int, since int
-- out: id int, why text, noted_at int, number text, counted int, heads int, loser_gate text, loser_device text
-- out: loser_at int, loser_first text, loser_last text, winner_id int?, winner_gate text?, winner_device text?
-- out: winner_at int?, winner_first text?, winner_last text?, organisation text?, start_at int?
SELECT c.id, c.why, c.noted_at, l.number, l.counted, l.heads, l.gate, l.device, l.scanned_at, lp.first_name, lp.last_name,
       c.winner_id, w.gate, w.device, w.scanned_at, wp.first_name, wp.last_name, o.name, v.start_at
  FROM gate_conflict c
  JOIN gate_scan l ON l.id = c.loser_id
  JOIN staff lp ON lp.id = l.staff_id
  LEFT JOIN gate_scan w ON w.id = c.winner_id
  LEFT JOIN staff wp ON wp.id = w.staff_id
  LEFT JOIN visit v ON v.id = l.visit_id
  LEFT JOIN organisation o ON o.id = v.organisation_id
 WHERE c.monument_id = :monument_id AND c.noted_at >= :since
 ORDER BY c.noted_at DESC, c.id DESC LIMIT 200;

-- name: gate_latest :many
-- why: the last acts at a gate, to look at and to take back
-- in: monument_id int, since int
-- out: id int, act text, number text, result text, counted int, heads int, gate text, told text, scanned_at int, staff_first text
-- out: staff_last text, visit_id int?, organisation text?, reason text, undone int
SELECT s.id, s.act, s.number, s.result, s.counted, s.heads, s.gate, s.told, s.scanned_at, p.first_name, p.last_name,
       s.visit_id, o.name, s.reason, (SELECT count(*) FROM gate_scan u WHERE u.prior_id = s.id AND u.act = 'undo')
  FROM gate_scan s
  JOIN staff p ON p.id = s.staff_id
  LEFT JOIN visit v ON v.id = s.visit_id
  LEFT JOIN organisation o ON o.id = v.organisation_id
 WHERE s.monument_id = :monument_id AND s.scanned_at >= :since
 ORDER BY s.scanned_at DESC, s.id DESC LIMIT 50;

-- name: gate_day_visits :many
-- why: the groups of one day at one monument
-- in: monument_id int, from_at int, until_at int
-- out: id int, kind text, start_at int?, minutes int?, persons int, arrived int, leader_first text?, leader_last text?
-- out: organisation text, state text
SELECT v.id, v.kind, v.start_at, s.minutes, v.persons, COALESCE(g.arrived, 0), l.first_name, l.last_name, o.name, v.state
  FROM visit v
  JOIN organisation o ON o.id = v.organisation_id
  LEFT JOIN slot s ON s.monument_id = v.monument_id AND s.start_at = v.start_at
  LEFT JOIN leader l ON l.id = v.leader_id
  LEFT JOIN gate_group g ON g.visit_id = v.id
 WHERE v.monument_id = :monument_id AND v.start_at >= :from_at AND v.start_at < :until_at
   AND v.state IN ('confirmed', 'cancelled')
   AND EXISTS (SELECT 1 FROM ticket t WHERE t.visit_id = v.id)
 ORDER BY v.start_at, v.id LIMIT 500;

-- name: gate_day_tickets :many
-- why: their tickets, whatever state they are in
-- max: 20000
-- in: monument_id int, from_at int, until_at int
-- out: visit_id int, number text, role text, tariff_code text, state text, valid_from int, valid_until int, used_at int?
-- out: ended_why text
SELECT t.visit_id, t.number, t.role, CASE WHEN o.settled_by = 'pass' THEN 'pass' ELSE t.tariff_code END, t.state,
       t.valid_from, t.valid_until, t.used_at, t.ended_why
  FROM visit v JOIN ticket t ON t.visit_id = v.id JOIN orders o ON o.id = t.order_id
 WHERE v.monument_id = :monument_id AND v.start_at >= :from_at AND v.start_at < :until_at
   AND v.state IN ('confirmed', 'cancelled')
 ORDER BY t.visit_id, t.position LIMIT 20000;

-- name: gate_day_ended :many
-- why: codes of today whose visit moved to another day: their signature is good, the ticket is not
-- max: 20000
-- in: monument_id int, from_at int, until_at int
-- out: number text, ended_why text
SELECT t.number, t.ended_why FROM ticket t JOIN visit v ON v.id = t.visit_id
 WHERE t.state = 'cancelled' AND t.valid_until >= :from_at AND t.valid_until < :until_at AND v.monument_id = :monument_id
 LIMIT 20000;

-- name: gate_day_undated :many
-- why: undated tickets that are not good any more; those that are need no list, their signature says all
-- max: 20000
-- in: monument_id int, now int
-- out: number text, state text, used_at int?, ended_why text
SELECT t.number, t.state, t.used_at, t.ended_why FROM visit v JOIN ticket t ON t.visit_id = v.id
 WHERE v.monument_id = :monument_id AND v.start_at IS NULL AND t.state <> 'valid' AND t.valid_until >= :now
 LIMIT 20000;

-- name: doctor_gate_used :many
-- why: a used ticket was scanned, or its group is complete; one that is not used is not (OPS-3)
-- out: id int, state text
SELECT t.id, t.state FROM ticket t
  LEFT JOIN gate_group g ON g.visit_id = t.visit_id
  JOIN visit v ON v.id = t.visit_id
 WHERE (t.state = 'used') <> (t.used_at IS NOT NULL AND t.state <> 'cancelled')
    OR (t.state = 'used' AND COALESCE(g.arrived, 0) < v.persons
              - (SELECT count(*) FROM ticket e WHERE e.visit_id = v.id AND e.state = 'cancelled' AND e.ended_why = 'exchanged')
        AND NOT EXISTS (SELECT 1 FROM gate_scan s WHERE s.ticket_id = t.id AND s.act <> 'undo' AND s.result = 'valid'
                           AND NOT EXISTS (SELECT 1 FROM gate_scan u WHERE u.prior_id = s.id AND u.act = 'undo')))
    OR (t.state = 'valid' AND g.arrived >= v.persons)
    OR (t.state = 'valid' AND EXISTS (SELECT 1 FROM gate_scan s WHERE s.ticket_id = t.id AND s.act <> 'undo'
                                         AND s.result = 'valid'
                                         AND NOT EXISTS (SELECT 1 FROM gate_scan u WHERE u.prior_id = s.id AND u.act = 'undo')))
 LIMIT 200;

-- name: doctor_gate_counts :many
-- why: the heads of a group are those that its scans let in, and never more than it has (OPS-3)
-- out: visit_id int, arrived int, counted int, persons int
SELECT v.id, COALESCE(g.arrived, 0), COALESCE((SELECT CAST(sum(s.heads) AS BIGINT) FROM gate_scan s WHERE s.visit_id = v.id), 0),
       v.persons
  FROM visit v LEFT JOIN gate_group g ON g.visit_id = v.id
 WHERE v.id IN (SELECT visit_id FROM gate_group UNION SELECT visit_id FROM gate_scan WHERE heads <> 0)
   AND (COALESCE(g.arrived, 0) <> COALESCE((SELECT sum(s.heads) FROM gate_scan s WHERE s.visit_id = v.id), 0)
        OR COALESCE(g.arrived, 0) > v.persons)
 LIMIT 200;

-- name: demo_gate_slots :many
-- why: the slots of today nearest to now, for the demonstration's groups at the gate
-- in: monument_id int, day int, now int, persons int
-- out: start_at int, minutes int
SELECT start_at, minutes FROM slot
 WHERE monument_id = :monument_id AND day = :day AND closed_fr IS NULL AND for_groups = 1 AND capacity - taken >= :persons
 ORDER BY CASE WHEN start_at > :now THEN start_at - :now ELSE :now - start_at END, start_at LIMIT 3;
