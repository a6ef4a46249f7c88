-- The planning of a monument: reads only (PLA-1 to PLA-6). Places are taken by the statements of place.sql.

-- name: planning_slots :many
-- why: one range of the clustered key gives a day, a week or a month
-- in: monument_id int, from_at int, until_at int
-- out: start_at int, day int, minutes int, whole_day int, capacity int, taken int, for_groups int, closed_fr text?,
-- out: closed_en text?, on_sale_from int
-- max: LIMIT_MONTH_SLOTS
SELECT start_at, day, minutes, whole_day, capacity, taken, for_groups, closed_fr, closed_en, on_sale_from
  FROM slot
 WHERE monument_id = :monument_id AND start_at >= :from_at AND start_at < :until_at
 ORDER BY start_at;

-- name: planning_slot :one
-- why: one slot, for the page that asks what to do with it
-- in: monument_id int, start_at int
-- out: start_at int, day int, minutes int, whole_day int, capacity int, taken int, for_groups int, closed_fr text?,
-- out: closed_en text?, on_sale_from int
SELECT start_at, day, minutes, whole_day, capacity, taken, for_groups, closed_fr, closed_en, on_sale_from
  FROM slot
 WHERE monument_id = :monument_id AND start_at = :start_at;

-- name: planning_span :one
-- why: the planning knows the first and the last day it has to show; one subquery each, because an end of the key is
-- found at once only when it is the only thing asked for
-- in: monument_id int, from_at int
-- out: first_at int?, last_at int?
SELECT (SELECT MIN(start_at) FROM slot WHERE monument_id = :monument_id AND start_at >= :from_at),
       (SELECT MAX(start_at) FROM slot WHERE monument_id = :monument_id AND start_at >= :from_at);

-- name: planning_free_from :many
-- why: the next best slots at or after the wished moment (PLA-6)
-- in: monument_id int, at int, now int, persons int, count int
-- out: start_at int, day int, minutes int, whole_day int, capacity int, taken int, for_groups int, closed_fr text?,
-- out: closed_en text?, on_sale_from int
SELECT start_at, day, minutes, whole_day, capacity, taken, for_groups, closed_fr, closed_en, on_sale_from
  FROM slot
 WHERE monument_id = :monument_id AND start_at >= :at AND for_groups = 1 AND closed_fr IS NULL
   AND on_sale_from <= :now AND capacity - taken >= :persons
 ORDER BY start_at LIMIT :count;

-- name: planning_free_before :many
-- why: the next best slots before the wished moment, the nearest first (PLA-6)
-- in: monument_id int, at int, earliest int, now int, persons int, count int
-- out: start_at int, day int, minutes int, whole_day int, capacity int, taken int, for_groups int, closed_fr text?,
-- out: closed_en text?, on_sale_from int
SELECT start_at, day, minutes, whole_day, capacity, taken, for_groups, closed_fr, closed_en, on_sale_from
  FROM slot
 WHERE monument_id = :monument_id AND start_at < :at AND start_at >= :earliest AND for_groups = 1
   AND closed_fr IS NULL AND on_sale_from <= :now AND capacity - taken >= :persons
 ORDER BY start_at DESC LIMIT :count;
