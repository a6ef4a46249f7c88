-- Options in the course of their life: reminders of their end, the cap on their number (OPT-7).

-- name: options_to_remind :many
-- why: options whose reminder of so many days is due; a nearer one that was noted says it already
-- max: 200
-- in: now int, until int, days int
-- out: id int, ends_at int, since int
SELECT v.id, v.ends_at, COALESCE(v.end_set_at, v.placed_at)
  FROM visit v
 WHERE v.state = 'option' AND v.order_id IS NULL AND v.ends_at > :now AND v.ends_at <= :until
   AND NOT EXISTS (SELECT 1 FROM option_reminder r
                    WHERE r.visit_id = v.id AND r.ends_at = v.ends_at AND r.days <= :days)
 ORDER BY v.ends_at, v.id LIMIT 200;

-- name: option_to_remind :one
-- why: looked at again inside the transaction; `told`: the mail about another part of the same large group says it
-- in: id int, ends_at int, days int
-- out: organisation_id int, person_id int, told int
SELECT v.organisation_id, v.person_id,
       CASE WHEN EXISTS (SELECT 1 FROM visit w JOIN option_reminder r ON r.visit_id = w.id
                          WHERE w.organisation_id = v.organisation_id AND w.split_key = v.split_key
                            AND r.ends_at = v.ends_at AND r.days = :days AND r.mailed = 1) THEN 1 ELSE 0 END
  FROM visit v
 WHERE v.id = :id AND v.state = 'option' AND v.order_id IS NULL AND v.ends_at = :ends_at;

-- name: option_reminder_note :exec
-- why: each reminder once, on whichever server
-- in: visit_id int, ends_at int, days int, mailed int, now int
INSERT INTO option_reminder (visit_id, ends_at, days, mailed, noted_at)
VALUES (:visit_id, :ends_at, :days, :mailed, :now)
ON CONFLICT (visit_id, ends_at, days) DO NOTHING;

-- name: option_for_reminder :one
-- why: what the reminder says; no row: the option has ended or is being paid, and nothing is to be said
-- in: id int
-- out: monument_name text, start_at int, persons int, ends_at int, split_key text?, organisation_id int
SELECT m.name, v.start_at, v.persons, v.ends_at, v.split_key, v.organisation_id
  FROM visit v JOIN monument m ON m.id = v.monument_id
 WHERE v.id = :id AND v.state = 'option' AND v.order_id IS NULL;

-- name: options_of_split :many
-- why: the sub-groups of the same large group that end at the same moment
-- max: LIMIT_CART_VISITS
-- in: organisation_id int, split_key text, ends_at int
-- out: start_at int, persons int
SELECT start_at, persons FROM visit
 WHERE organisation_id = :organisation_id AND split_key = :split_key AND ends_at = :ends_at AND state = 'option'
   AND order_id IS NULL
 ORDER BY start_at LIMIT 40;

-- name: options_live :one
-- why: the cap on an organisation's live options; those being paid count
-- in: organisation_id int, now int
-- out: n int
SELECT count(*) FROM visit
 WHERE organisation_id = :organisation_id AND state = 'option' AND (ends_at > :now OR order_id IS NOT NULL);

-- name: option_move :one
-- why: changes a live option that nobody else has changed meanwhile; reminders begin anew with another end
-- in: id int, was_start_at int, was_persons int, was_ends_at int, start_at int, persons int, kind text, ends_at int
-- in: now int
-- out: id int
UPDATE visit
   SET start_at = :start_at, persons = :persons, kind = :kind, ends_at = :ends_at,
       end_set_at = CASE WHEN ends_at = :ends_at THEN end_set_at ELSE :now END
 WHERE id = :id AND state = 'option' AND order_id IS NULL AND start_at = :was_start_at AND persons = :was_persons
   AND ends_at = :was_ends_at
RETURNING id;

-- name: option_change_find :one
-- why: a form sent twice changes once
-- in: visit_id int, request_key text
-- out: changed_at int
SELECT changed_at FROM option_change WHERE visit_id = :visit_id AND request_key = :request_key;

-- name: option_change_note :exec
-- in: visit_id int, request_key text, start_at int, persons int, now int
INSERT INTO option_change (visit_id, request_key, start_at, persons, changed_at)
VALUES (:visit_id, :request_key, :start_at, :persons, :now);
