-- Plannings as the monument makes them: periods, lines, private events, and the slots that come of them (OPS-2).

-- name: monument_lock :exec
-- why: who changes a monument's plan or prices goes one after the other, also on several servers
-- in: id int
UPDATE monument SET published = published WHERE id = :id;

-- name: schedule_periods :many
-- why: the whole plan of a monument; bounded by what schedule_period_add lets in
-- in: monument_id int
-- out: id int, kind text, name text, first_day int, last_day int, sales text, sales_months int, sales_day int?
-- out: sales_minute int
-- max: 300
SELECT id, kind, name, first_day, last_day, sales, sales_months, sales_day, sales_minute
  FROM schedule_period WHERE monument_id = :monument_id
 ORDER BY first_day, id;

-- name: schedule_lines :many
-- in: monument_id int
-- out: id int, period_id int, weekdays int, first_minute int, last_minute int, step_minutes int, minutes int
-- out: capacity int, for_groups int
-- max: 10000
SELECT l.id, l.period_id, l.weekdays, l.first_minute, l.last_minute, l.step_minutes, l.minutes, l.capacity, l.for_groups
  FROM schedule_period p JOIN schedule_line l ON l.period_id = p.id
 WHERE p.monument_id = :monument_id
 ORDER BY l.period_id, l.first_minute, l.id;

-- name: schedule_events :many
-- why: private events from a day on
-- in: monument_id int, day int
-- out: id int, day int, from_minute int, to_minute int, reason_fr text, reason_en text
-- max: 2000
SELECT id, day, from_minute, to_minute, reason_fr, reason_en
  FROM schedule_event WHERE monument_id = :monument_id AND day >= :day
 ORDER BY day, from_minute, id;

-- name: schedule_overlap :one
-- why: of one kind no two periods have a day in common
-- in: monument_id int, kind text, id int, first_day int, last_day int
-- out: name text, first_day int, last_day int
SELECT name, first_day, last_day FROM schedule_period
 WHERE monument_id = :monument_id AND kind = :kind AND id <> :id AND first_day <= :last_day AND last_day >= :first_day
 ORDER BY first_day LIMIT 1;

-- name: schedule_period_count :one
-- in: monument_id int
-- out: n int
SELECT count(*) FROM schedule_period WHERE monument_id = :monument_id;

-- name: schedule_period_add :one
-- in: monument_id int, kind text, name text, first_day int, last_day int, sales text, sales_months int, sales_day int?
-- in: sales_minute int
-- out: id int
INSERT INTO schedule_period (monument_id, kind, name, first_day, last_day, sales, sales_months, sales_day, sales_minute)
VALUES (:monument_id, :kind, :name, :first_day, :last_day, :sales, :sales_months, :sales_day, :sales_minute)
RETURNING id;

-- name: schedule_period_put :exec
-- in: id int, monument_id int, name text, first_day int, last_day int, sales text, sales_months int, sales_day int?
-- in: sales_minute int
UPDATE schedule_period
   SET name = :name, first_day = :first_day, last_day = :last_day, sales = :sales, sales_months = :sales_months,
       sales_day = :sales_day, sales_minute = :sales_minute
 WHERE id = :id AND monument_id = :monument_id;

-- name: schedule_period_one :one
-- in: id int, monument_id int
-- out: kind text, name text, first_day int, last_day int, sales text, sales_months int, sales_day int?, sales_minute int
SELECT kind, name, first_day, last_day, sales, sales_months, sales_day, sales_minute
  FROM schedule_period WHERE id = :id AND monument_id = :monument_id;

-- name: schedule_period_drop :exec
-- in: id int, monument_id int
DELETE FROM schedule_period WHERE id = :id AND monument_id = :monument_id;

-- name: schedule_lines_drop :exec
-- in: period_id int
DELETE FROM schedule_line WHERE period_id = :period_id;

-- name: schedule_period_lines :many
-- in: period_id int
-- out: id int, weekdays int, first_minute int, last_minute int, step_minutes int, minutes int, capacity int
-- out: for_groups int
-- max: 100
SELECT id, weekdays, first_minute, last_minute, step_minutes, minutes, capacity, for_groups
  FROM schedule_line WHERE period_id = :period_id ORDER BY first_minute, id;

-- name: schedule_line_add :one
-- in: period_id int, weekdays int, first_minute int, last_minute int, step_minutes int, minutes int, capacity int
-- in: for_groups int
-- out: id int
INSERT INTO schedule_line (period_id, weekdays, first_minute, last_minute, step_minutes, minutes, capacity, for_groups)
VALUES (:period_id, :weekdays, :first_minute, :last_minute, :step_minutes, :minutes, :capacity, :for_groups)
RETURNING id;

-- name: schedule_line_put :exec
-- in: id int, period_id int, weekdays int, first_minute int, last_minute int, step_minutes int, minutes int
-- in: capacity int, for_groups int
UPDATE schedule_line
   SET weekdays = :weekdays, first_minute = :first_minute, last_minute = :last_minute, step_minutes = :step_minutes,
       minutes = :minutes, capacity = :capacity, for_groups = :for_groups
 WHERE id = :id AND period_id = :period_id;

-- name: schedule_line_drop :exec
-- in: id int, period_id int
DELETE FROM schedule_line WHERE id = :id AND period_id = :period_id;

-- name: schedule_slots :many
-- why: the slots that a plan is compared with; used: a visit or a booking names it, so that it is never deleted
-- in: monument_id int, from_at int, until_at int
-- out: start_at int, day int, minutes int, whole_day int, capacity int, taken int, for_groups int, closed_fr text?
-- out: closed_en text?, on_sale_from int, by_hand int, event_id int?, used int
-- max: LIMIT_MONTH_SLOTS * 3
SELECT s.start_at, s.day, s.minutes, s.whole_day, s.capacity, s.taken, s.for_groups, s.closed_fr, s.closed_en,
       s.on_sale_from, s.by_hand, s.event_id,
       CASE WHEN s.taken > 0
                 OR EXISTS (SELECT 1 FROM visit v WHERE v.monument_id = s.monument_id AND v.start_at = s.start_at)
                 OR EXISTS (SELECT 1 FROM phone_booking b
                             WHERE b.monument_id = s.monument_id AND b.start_at = s.start_at) THEN 1 ELSE 0 END
  FROM slot s
 WHERE s.monument_id = :monument_id AND s.start_at >= :from_at AND s.start_at < :until_at
 ORDER BY s.start_at;

-- name: schedule_slots_add :exec
-- why: a run of slots of one day that are alike, at equal distance: one statement for many rows
-- in: monument_id int, first_at int, step int, count int, day int, minutes int, whole_day int, capacity int
-- in: for_groups int, closed_fr text?, closed_en text?, event_id int?, on_sale_from int, by_hand int
WITH RECURSIVE run (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM run WHERE i + 1 < :count)
INSERT INTO slot (monument_id, start_at, day, minutes, whole_day, capacity, for_groups, closed_fr, closed_en, event_id,
                  on_sale_from, by_hand)
SELECT :monument_id, :first_at + i * :step, :day, :minutes, :whole_day, :capacity, :for_groups, :closed_fr, :closed_en,
       :event_id, :on_sale_from, :by_hand
  FROM run;

-- name: schedule_slots_put :exec
-- why: a run of neighbours becomes alike. What the closure desk closed stays closed; nobody's places go
-- in: monument_id int, from_at int, to_at int, minutes int, capacity int, for_groups int, on_sale_from int, by_hand int
-- in: closed_fr text?, closed_en text?, event_id int?
UPDATE slot
   SET minutes = :minutes, capacity = :capacity, for_groups = :for_groups, on_sale_from = :on_sale_from,
       by_hand = :by_hand,
       closed_fr = CASE WHEN closed_fr IS NOT NULL AND event_id IS NULL THEN closed_fr ELSE :closed_fr END,
       closed_en = CASE WHEN closed_fr IS NOT NULL AND event_id IS NULL THEN closed_en ELSE :closed_en END,
       event_id = CASE WHEN closed_fr IS NOT NULL AND event_id IS NULL THEN NULL ELSE :event_id END
 WHERE monument_id = :monument_id AND start_at BETWEEN :from_at AND :to_at AND taken <= :capacity;

-- name: schedule_slots_retire :exec
-- why: slots that the plan has no more but that visits name: nothing more is sold of them
-- in: monument_id int, from_at int, to_at int
UPDATE slot SET for_groups = 0, by_hand = 0
 WHERE monument_id = :monument_id AND start_at BETWEEN :from_at AND :to_at;

-- name: schedule_slots_drop :exec
-- why: only what nobody ever named; the references of visits and bookings hold the rest in any case
-- in: monument_id int, from_at int, to_at int
DELETE FROM slot
 WHERE monument_id = :monument_id AND start_at BETWEEN :from_at AND :to_at AND taken = 0;

-- name: schedule_slot_put :exec
-- why: one slot by hand; nothing changes when more is taken than the new capacity
-- in: monument_id int, start_at int, capacity int, for_groups int, on_sale_from int
UPDATE slot SET capacity = :capacity, for_groups = :for_groups, on_sale_from = :on_sale_from, by_hand = 1
 WHERE monument_id = :monument_id AND start_at = :start_at AND taken <= :capacity;

-- name: schedule_slot_release :exec
-- why: back to the templates
-- in: monument_id int, start_at int
UPDATE slot SET by_hand = 0 WHERE monument_id = :monument_id AND start_at = :start_at;

-- name: schedule_event_add :one
-- in: monument_id int, day int, from_minute int, to_minute int, reason_fr text, reason_en text, created_at int
-- out: id int
INSERT INTO schedule_event (monument_id, day, from_minute, to_minute, reason_fr, reason_en, created_at)
VALUES (:monument_id, :day, :from_minute, :to_minute, :reason_fr, :reason_en, :created_at)
RETURNING id;

-- name: schedule_event_one :one
-- in: id int, monument_id int
-- out: day int, from_minute int, to_minute int, reason_fr text, reason_en text
SELECT day, from_minute, to_minute, reason_fr, reason_en
  FROM schedule_event WHERE id = :id AND monument_id = :monument_id;

-- name: schedule_event_close :exec
-- why: closes what starts in the event and is open; slots with places taken were refused before
-- in: monument_id int, from_at int, until_at int, event_id int, reason_fr text, reason_en text
UPDATE slot SET closed_fr = :reason_fr, closed_en = :reason_en, event_id = :event_id
 WHERE monument_id = :monument_id AND start_at >= :from_at AND start_at < :until_at AND closed_fr IS NULL AND taken = 0;

-- name: schedule_event_open :exec
-- why: the event does not take place: its slots open again
-- in: monument_id int, event_id int, from_at int, until_at int
UPDATE slot SET closed_fr = NULL, closed_en = NULL, event_id = NULL
 WHERE monument_id = :monument_id AND start_at >= :from_at AND start_at < :until_at AND event_id = :event_id;

-- name: schedule_event_drop :exec
-- in: id int, monument_id int
DELETE FROM schedule_event WHERE id = :id AND monument_id = :monument_id;

-- name: schedule_taken :one
-- why: whether anybody holds places in a stretch of time
-- in: monument_id int, from_at int, until_at int
-- out: slots int, persons int
SELECT count(*), COALESCE(CAST(sum(taken) AS BIGINT), 0) FROM slot
 WHERE monument_id = :monument_id AND start_at >= :from_at AND start_at < :until_at AND taken > 0;

-- name: schedule_span :one
-- why: how far the slots go
-- in: monument_id int, from_at int
-- out: last_at int?
SELECT MAX(start_at) FROM slot WHERE monument_id = :monument_id AND start_at >= :from_at;

-- name: schedule_month :many
-- why: the days of a stretch of time with what is in them
-- in: monument_id int, from_at int, until_at int
-- out: day int, slots int, capacity int, taken int, closed int, by_hand int
-- max: 400
SELECT day, count(*), CAST(sum(CASE WHEN for_groups = 1 AND closed_fr IS NULL THEN capacity ELSE 0 END) AS BIGINT),
       CAST(sum(taken) AS BIGINT), CAST(sum(CASE WHEN closed_fr IS NULL THEN 0 ELSE 1 END) AS BIGINT),
       CAST(sum(by_hand) AS BIGINT)
  FROM slot
 WHERE monument_id = :monument_id AND start_at >= :from_at AND start_at < :until_at
 GROUP BY day ORDER BY day;
