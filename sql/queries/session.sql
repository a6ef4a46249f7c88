-- Open sessions (ACC-4). A cookie's token is never kept, only its hash.

-- name: session_add :one
-- why: opens a session only while the password that was checked is still in force
-- in: token_hash text, person_id int, password_hash text, now int, expires_at int, agent text, address text
-- out: id int
INSERT INTO session (token_hash, person_id, created_at, seen_at, expires_at, agent, address)
SELECT CAST(:token_hash AS TEXT), p.id, CAST(:now AS BIGINT), CAST(:now AS BIGINT), CAST(:expires_at AS BIGINT),
       CAST(:agent AS TEXT), CAST(:address AS TEXT)
  FROM person p
 WHERE p.id = :person_id AND p.password_hash = :password_hash AND p.verified_at IS NOT NULL AND p.left_at IS NULL
RETURNING id;

-- name: session_find :one
-- why: who a request comes from and what the head of every page shows, in one read
-- in: token_hash text, now int
-- out: id int, seen_at int, expires_at int, person_id int, organisation_id int, email text, first_name text
-- out: last_name text, lang text, organisation text, transfer_allowed int, options int, cart int, role text
SELECT s.id, s.seen_at, s.expires_at, p.id, p.organisation_id, p.email, p.first_name, p.last_name, p.lang, o.name,
       o.transfer_allowed,
       (SELECT count(*) FROM visit v
         WHERE v.organisation_id = p.organisation_id AND v.state = 'option'
           AND CASE WHEN v.pay_until > v.ends_at THEN v.pay_until ELSE v.ends_at END > :now),
       (SELECT count(*) FROM visit v
         WHERE v.organisation_id = p.organisation_id AND v.person_id = p.id AND v.in_cart = 1 AND v.order_id IS NULL
           AND v.state IN ('option', 'cart') AND (v.ends_at IS NULL OR v.ends_at > :now)),
       p.role
  FROM session s
  JOIN person p ON p.id = s.person_id
  JOIN organisation o ON o.id = p.organisation_id
 WHERE s.token_hash = :token_hash AND s.expires_at > :now AND p.left_at IS NULL;

-- name: session_touch :exec
-- why: a session that is used lives on; an ended one does not come back
-- in: id int, person_id int, now int, seen_before int, expires_at int
UPDATE session SET seen_at = :now, expires_at = :expires_at
 WHERE id = :id AND person_id = :person_id AND seen_at <= :seen_before AND expires_at > :now;

-- name: session_list :many
-- why: a person sees from where the account is open
-- max: 100
-- in: person_id int, now int
-- out: id int, created_at int, seen_at int, expires_at int, agent text, address text
SELECT id, created_at, seen_at, expires_at, agent, address FROM session
 WHERE person_id = :person_id AND expires_at > :now
 ORDER BY seen_at DESC, id DESC LIMIT 100;

-- name: session_end :exec
-- why: only one's own
-- in: id int, person_id int
DELETE FROM session WHERE id = :id AND person_id = :person_id;

-- name: session_end_token :exec
-- why: sign out
-- in: token_hash text
DELETE FROM session WHERE token_hash = :token_hash;

-- name: session_end_others :exec
-- why: ends all sessions of a person but one (0: all)
-- in: person_id int, keep_id int
DELETE FROM session WHERE person_id = :person_id AND id <> :keep_id;

-- name: session_trim :exec
-- why: a person has at most so many open sessions; the longest unused go first
-- in: person_id int, keep int
DELETE FROM session
 WHERE person_id = :person_id
   AND id NOT IN (SELECT id FROM session WHERE person_id = :person_id ORDER BY seen_at DESC, id DESC LIMIT :keep);

-- name: session_sweep :exec
-- why: ended sessions are not kept
-- in: now int
DELETE FROM session WHERE expires_at <= :now;
