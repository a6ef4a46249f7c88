-- Second factors and the step between password and factor (ACC-6). Of person_id and staff_id one is given.

-- name: factor_get :one
-- in: person_id int?, staff_id int?
-- out: id int, secret blob, created_at int, confirmed_at int?, last_step int, wrong_count int, wrong_since int
-- out: codes int
SELECT f.id, f.secret, f.created_at, f.confirmed_at, f.last_step, f.wrong_count, f.wrong_since,
       (SELECT count(*) FROM recovery_code c WHERE c.factor_id = f.id AND c.used_at IS NULL)
  FROM second_factor f WHERE f.person_id = :person_id OR f.staff_id = :staff_id;

-- name: factor_add :one
-- why: no row: the person has one already
-- in: person_id int?, staff_id int?, secret blob, created_at int
-- out: id int
INSERT INTO second_factor (person_id, staff_id, secret, created_at)
VALUES (:person_id, :staff_id, :secret, :created_at)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: factor_confirm :exec
-- why: the first code of the app proves that the secret arrived there
-- in: id int, now int, step int
UPDATE second_factor SET confirmed_at = :now, last_step = :step, wrong_count = 0
 WHERE id = :id AND confirmed_at IS NULL AND last_step < :step;

-- name: factor_accept :exec
-- why: a code works once: of two at the same moment one gets the row
-- in: id int, step int
UPDATE second_factor SET last_step = :step, wrong_count = 0 WHERE id = :id AND last_step < :step;

-- name: factor_wrong :exec
-- why: counts wrong codes; a count that began before `since` begins anew
-- in: id int, now int, since int
UPDATE second_factor
   SET wrong_count = CASE WHEN wrong_since > :since THEN wrong_count + 1 ELSE 1 END,
       wrong_since = CASE WHEN wrong_since > :since THEN wrong_since ELSE :now END
 WHERE id = :id;

-- name: factor_right :exec
-- in: id int
UPDATE second_factor SET wrong_count = 0 WHERE id = :id;

-- name: factor_codes_drop :exec
-- in: factor_id int
DELETE FROM recovery_code WHERE factor_id = :factor_id;

-- name: factor_code_add :exec
-- in: factor_id int, code_hash text
INSERT INTO recovery_code (factor_id, code_hash) VALUES (:factor_id, :code_hash);

-- name: factor_code_use :exec
-- why: each code once, also when it is sent twice at the same moment
-- in: factor_id int, code_hash text, now int
UPDATE recovery_code SET used_at = :now WHERE factor_id = :factor_id AND code_hash = :code_hash AND used_at IS NULL;

-- name: factor_drop :exec
-- in: id int
DELETE FROM second_factor WHERE id = :id;

-- name: sign_in_step_add :exec
-- in: token_hash text, person_id int?, staff_id int?, password_hash text, created_at int, expires_at int
INSERT INTO sign_in_step (token_hash, person_id, staff_id, password_hash, created_at, expires_at)
VALUES (:token_hash, :person_id, :staff_id, :password_hash, :created_at, :expires_at);

-- name: sign_in_step_person :one
-- why: whose step it is, while the password that was checked is in force
-- in: token_hash text, now int
-- out: id int, organisation_id int, email text, first_name text, last_name text, password_hash text, lang text
-- out: role text
SELECT p.id, p.organisation_id, p.email, p.first_name, p.last_name, p.password_hash, p.lang, p.role
  FROM sign_in_step s JOIN person p ON p.id = s.person_id
 WHERE s.token_hash = :token_hash AND s.expires_at > :now AND p.password_hash = s.password_hash
   AND p.left_at IS NULL;

-- name: sign_in_step_staff :one
-- in: token_hash text, now int
-- out: id int, email text, first_name text, last_name text, password_hash text, lang text, role text
SELECT p.id, p.email, p.first_name, p.last_name, p.password_hash, p.lang, p.role
  FROM sign_in_step s JOIN staff p ON p.id = s.staff_id
 WHERE s.token_hash = :token_hash AND s.expires_at > :now AND p.password_hash = s.password_hash
   AND p.disabled_at IS NULL;

-- name: sign_in_step_end :exec
-- why: the number of rows says whether the step was still there: of two at the same moment one passes
-- in: token_hash text
DELETE FROM sign_in_step WHERE token_hash = :token_hash;

-- name: sign_in_step_sweep :exec
-- in: now int
DELETE FROM sign_in_step WHERE expires_at <= :now;
