-- Accompanying persons (COM-1). Every statement names the organisation: a row of another one is not found.

-- name: leader_add :one
-- in: organisation_id int, kind text, placeholder int, last_name text, first_name text, email text, phone text
-- in: card_number text, card_until int?, created_at int
-- out: id int
INSERT INTO leader (organisation_id, kind, placeholder, last_name, first_name, email, phone, card_number, card_until,
                    created_at)
VALUES (:organisation_id, :kind, :placeholder, :last_name, :first_name, :email, :phone, :card_number, :card_until,
        :created_at)
RETURNING id;

-- name: leader_same :one
-- why: the same form sent twice makes one person
-- in: organisation_id int, kind text, last_name text, first_name text, email text, phone text, card_number text
-- in: card_until int
-- out: id int
SELECT id FROM leader
 WHERE organisation_id = :organisation_id AND removed_at IS NULL AND placeholder = 0 AND kind = :kind
   AND last_name = :last_name AND first_name = :first_name AND email = :email AND phone = :phone
   AND card_number = :card_number AND COALESCE(card_until, 0) = :card_until
 ORDER BY id LIMIT 1;

-- name: leader_count :one
-- why: bounds the list
-- in: organisation_id int
-- out: n int
SELECT count(*) FROM leader WHERE organisation_id = :organisation_id AND removed_at IS NULL;

-- name: leader_list :many
-- why: whom a visit's accompanying person is chosen from (COM-2); sorted by the service, alike on both engines
-- max: LIMIT_LEADERS
-- in: organisation_id int
-- out: id int, kind text, placeholder int, last_name text, first_name text, email text, phone text
-- out: card_number text, card_until int?
SELECT id, kind, placeholder, last_name, first_name, email, phone, card_number, card_until FROM leader
 WHERE organisation_id = :organisation_id AND removed_at IS NULL
 ORDER BY id;

-- name: leader_get :one
-- in: id int, organisation_id int
-- out: id int, kind text, placeholder int, last_name text, first_name text, email text, phone text
-- out: card_number text, card_until int?
SELECT id, kind, placeholder, last_name, first_name, email, phone, card_number, card_until FROM leader
 WHERE id = :id AND organisation_id = :organisation_id AND removed_at IS NULL;

-- name: leader_change :exec
-- why: a placeholder stays what it says
-- in: id int, organisation_id int, kind text, last_name text, first_name text, email text, phone text, card_number text
-- in: card_until int?
UPDATE leader SET kind = :kind, last_name = :last_name, first_name = :first_name, email = :email, phone = :phone,
                  card_number = :card_number, card_until = :card_until
 WHERE id = :id AND organisation_id = :organisation_id AND removed_at IS NULL AND placeholder = 0;

-- name: leader_remove :exec
-- why: out of the list; visits that name the person keep the name
-- in: id int, organisation_id int, now int
UPDATE leader SET removed_at = :now
 WHERE id = :id AND organisation_id = :organisation_id AND removed_at IS NULL AND placeholder = 0;
