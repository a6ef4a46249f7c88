-- What the jobs do: the outbox, leases, housekeeping. Expiry and payments have their statements in place and payment.

-- name: outbox_due :many
-- why: mails to send now; one whose sender died is due again when its claim has run out
-- max: 50
-- in: now int
-- out: id int
SELECT id FROM outbox WHERE state IN ('waiting', 'sending') AND next_at <= :now ORDER BY next_at, id LIMIT 50;

-- name: outbox_claim :one
-- why: one sender at a time, on whichever server; no row: another has it
-- in: id int, now int, until int
-- out: kind text, organisation_id int?, order_id int?, visit_id int?, recipient text, recipient_name text, lang text
-- out: detail text, tries int, created_at int
UPDATE outbox SET state = 'sending', next_at = :until, tries = tries + 1
 WHERE id = :id AND state IN ('waiting', 'sending') AND next_at <= :now
RETURNING kind, organisation_id, order_id, visit_id, recipient, recipient_name, lang, detail, tries, created_at;

-- name: outbox_sent :exec
-- in: id int, now int, answer text
UPDATE outbox SET state = 'sent', sent_at = :now, last_answer = :answer, detail = '' WHERE id = :id;

-- name: outbox_again :exec
-- why: only by the sender that still has it: one whose claim ran out must not undo what its successor noted
-- in: id int, tries int, next_at int, answer text
UPDATE outbox SET state = 'waiting', next_at = :next_at, last_answer = :answer
 WHERE id = :id AND state = 'sending' AND tries = :tries;

-- name: outbox_failed :exec
-- why: nobody will take this mail: it stays visible for a person
-- in: id int, tries int, answer text
UPDATE outbox SET state = 'failed', last_answer = :answer, detail = ''
 WHERE id = :id AND state = 'sending' AND tries = :tries;

-- name: outbox_counts :one
-- why: for health and metrics
-- in: now int
-- out: waiting int, late int, failed int
SELECT COALESCE(sum(CASE WHEN state IN ('waiting', 'sending') THEN 1 ELSE 0 END), 0),
       COALESCE(sum(CASE WHEN state IN ('waiting', 'sending') AND next_at < :now - 300 THEN 1 ELSE 0 END), 0),
       COALESCE(sum(CASE WHEN state = 'failed' THEN 1 ELSE 0 END), 0)
  FROM outbox WHERE state <> 'sent';

-- name: lease_take :one
-- why: a job runs on one server at a time; no row: another has it
-- in: name text, owner text, now int, until int
-- out: name text
INSERT INTO job_lease (name, owner, until) VALUES (:name, :owner, :until)
ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
  WHERE job_lease.owner = excluded.owner OR job_lease.until <= :now
RETURNING name;

-- name: visit_for_mail :one
-- why: what a mail about one visit says
-- in: id int
-- out: monument_name text, monument_slug text, start_at int?, persons int, ends_at int?, placed_at int, state text
-- out: split_key text?, organisation_id int
SELECT m.name, m.slug, v.start_at, v.persons, v.ends_at, v.placed_at, v.state, v.split_key, v.organisation_id
  FROM visit v JOIN monument m ON m.id = v.monument_id WHERE v.id = :id;

-- name: visits_of_split :many
-- why: the other sub-groups of the same large group
-- max: LIMIT_CART_VISITS
-- in: organisation_id int, split_key text
-- out: start_at int?, persons int
SELECT start_at, persons FROM visit
 WHERE organisation_id = :organisation_id AND split_key = :split_key ORDER BY start_at LIMIT 40;
