-- The operator's people and their sessions (OPS-7, ACC-6).

-- name: staff_add :one
-- why: no row means that the address is one of the operator's people's already
-- in: email text, email_key text, first_name text, last_name text, lang text, role text, created_at int
-- out: id int
INSERT INTO staff (email, email_key, first_name, last_name, lang, role, created_at)
VALUES (:email, :email_key, :first_name, :last_name, :lang, :role, :created_at)
ON CONFLICT (email_key) DO NOTHING
RETURNING id;

-- name: staff_by_email :one
-- in: email_key text
-- out: id int, email text, first_name text, last_name text, password_hash text, lang text, role text, disabled_at int?
SELECT id, email, first_name, last_name, password_hash, lang, role, disabled_at FROM staff WHERE email_key = :email_key;

-- name: staff_get :one
-- in: id int
-- out: email text, email_key text, first_name text, last_name text, password_hash text, lang text, role text
-- out: created_at int, disabled_at int?
SELECT email, email_key, first_name, last_name, password_hash, lang, role, created_at, disabled_at
  FROM staff WHERE id = :id;

-- name: staff_list :many
-- why: sorted by the service, alike on both engines
-- out: id int, email text, first_name text, last_name text, lang text, role text, created_at int, disabled_at int?
-- out: is_set_up int, seen_at int?, factor int
SELECT s.id, s.email, s.first_name, s.last_name, s.lang, s.role, s.created_at, s.disabled_at,
       CASE WHEN s.password_hash = '' THEN 0 ELSE 1 END,
       (SELECT max(e.seen_at) FROM staff_session e WHERE e.staff_id = s.id),
       (SELECT count(*) FROM second_factor f WHERE f.staff_id = s.id AND f.confirmed_at IS NOT NULL)
  FROM staff s ORDER BY s.id LIMIT 500;

-- name: staff_list_monuments :many
-- why: for the list of all of the operator's people
-- max: 5000
-- out: staff_id int, monument_id int, slug text, name text
SELECT s.staff_id, s.monument_id, m.slug, m.name
  FROM staff_monument s JOIN monument m ON m.id = s.monument_id
 ORDER BY s.staff_id, m.name LIMIT 5000;

-- name: staff_monuments :many
-- in: staff_id int
-- out: monument_id int, slug text, name text
SELECT s.monument_id, m.slug, m.name FROM staff_monument s JOIN monument m ON m.id = s.monument_id
 WHERE s.staff_id = :staff_id ORDER BY s.monument_id LIMIT 500;

-- name: staff_monuments_drop :exec
-- in: staff_id int
DELETE FROM staff_monument WHERE staff_id = :staff_id;

-- name: staff_monument_add :exec
-- why: zero rows: no such monument
-- in: staff_id int, monument_id int
INSERT INTO staff_monument (staff_id, monument_id)
SELECT CAST(:staff_id AS BIGINT), id FROM monument WHERE id = :monument_id
ON CONFLICT DO NOTHING;

-- name: staff_monument_by_slug :one
-- why: the command line names monuments by their address
-- in: slug text
-- out: id int
SELECT id FROM monument WHERE slug = :slug;

-- name: staff_lock_administrators :exec
-- why: commands that could take away the last administrator go one after the other, on every server
UPDATE staff SET role = role WHERE role = 'administrator';

-- name: staff_administrators :one
-- why: one who can sign in must remain
-- out: n int
SELECT count(*) FROM staff WHERE role = 'administrator' AND disabled_at IS NULL AND password_hash <> '';

-- name: staff_change :exec
-- in: id int, first_name text, last_name text, lang text, role text
UPDATE staff SET first_name = :first_name, last_name = :last_name, lang = :lang, role = :role WHERE id = :id;

-- name: staff_disable :exec
-- in: id int, now int
UPDATE staff SET disabled_at = :now WHERE id = :id AND disabled_at IS NULL;

-- name: staff_enable :exec
-- in: id int
UPDATE staff SET disabled_at = NULL WHERE id = :id AND disabled_at IS NOT NULL;

-- name: staff_password :exec
-- why: '' takes it away until a new link was used
-- in: id int, password_hash text
UPDATE staff SET password_hash = :password_hash WHERE id = :id;

-- name: staff_swap_password :exec
-- why: takes a new password only while the one that was checked is still in force
-- in: id int, old_hash text, new_hash text
UPDATE staff SET password_hash = :new_hash WHERE id = :id AND password_hash = :old_hash;

-- name: staff_session_add :one
-- why: opens a session only while the password that was checked is still in force and the person is not disabled
-- in: token_hash text, staff_id int, password_hash text, now int, expires_at int, agent text, address text
-- out: id int
INSERT INTO staff_session (token_hash, staff_id, created_at, seen_at, expires_at, agent, address)
SELECT CAST(:token_hash AS TEXT), s.id, CAST(:now AS BIGINT), CAST(:now AS BIGINT), CAST(:expires_at AS BIGINT),
       CAST(:agent AS TEXT), CAST(:address AS TEXT)
  FROM staff s
 WHERE s.id = :staff_id AND s.password_hash = :password_hash AND s.disabled_at IS NULL
RETURNING id;

-- name: staff_session_find :one
-- why: who of the operator's people asks, and for which customer, in one read
-- in: token_hash text, now int
-- out: id int, seen_at int, expires_at int, staff_id int, email text, first_name text, last_name text, lang text
-- out: role text, acting_person_id int?, acting_since int?, acting_organisation_id int?, acting_organisation text?
-- out: acting_first_name text?, acting_last_name text?, acting_lang text?, acting_reason text
SELECT e.id, e.seen_at, e.expires_at, s.id, s.email, s.first_name, s.last_name, s.lang, s.role,
       p.id, e.acting_since, o.id, o.name, p.first_name, p.last_name, p.lang, e.acting_reason
  FROM staff_session e
  JOIN staff s ON s.id = e.staff_id
  LEFT JOIN person p ON p.id = e.acting_person_id AND p.left_at IS NULL
  LEFT JOIN organisation o ON o.id = p.organisation_id
 WHERE e.token_hash = :token_hash AND e.expires_at > :now AND s.disabled_at IS NULL;

-- name: staff_session_touch :exec
-- in: id int, now int, seen_before int, expires_at int
UPDATE staff_session SET seen_at = :now, expires_at = :expires_at
 WHERE id = :id AND seen_at <= :seen_before AND expires_at > :now;

-- name: staff_session_act :exec
-- why: on whose behalf; both NULL: on nobody's any more
-- in: id int, staff_id int, acting_person_id int?, acting_since int?, reason text
UPDATE staff_session SET acting_person_id = :acting_person_id, acting_since = :acting_since, acting_reason = :reason
 WHERE id = :id AND staff_id = :staff_id;

-- name: staff_act_candidate :one
-- why: in whose name customer service acts: the person asked for, else the organisation's first manager
-- in: organisation_id int, person_id int
-- out: id int
SELECT id FROM person
 WHERE organisation_id = :organisation_id AND left_at IS NULL AND (:person_id = 0 OR id = :person_id)
 ORDER BY CASE role WHEN 'manager' THEN 0 ELSE 1 END, id LIMIT 1;

-- name: staff_session_end_token :exec
-- in: token_hash text
DELETE FROM staff_session WHERE token_hash = :token_hash;

-- name: staff_session_list :many
-- why: one sees from where one's access is open
-- max: 100
-- in: staff_id int, now int
-- out: id int, created_at int, seen_at int, expires_at int, agent text, address text
SELECT id, created_at, seen_at, expires_at, agent, address FROM staff_session
 WHERE staff_id = :staff_id AND expires_at > :now
 ORDER BY seen_at DESC, id DESC LIMIT 100;

-- name: staff_session_end :exec
-- why: only one's own
-- in: id int, staff_id int
DELETE FROM staff_session WHERE id = :id AND staff_id = :staff_id;

-- name: staff_session_end_others :exec
-- why: ends all sessions of one but `keep_id` (0: all)
-- in: staff_id int, keep_id int
DELETE FROM staff_session WHERE staff_id = :staff_id AND id <> :keep_id;

-- name: staff_session_trim :exec
-- in: staff_id int, keep int
DELETE FROM staff_session
 WHERE staff_id = :staff_id
   AND id NOT IN (SELECT id FROM staff_session WHERE staff_id = :staff_id ORDER BY seen_at DESC, id DESC LIMIT :keep);

-- name: staff_session_sweep :exec
-- in: now int
DELETE FROM staff_session WHERE expires_at <= :now;
