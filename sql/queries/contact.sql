-- People to whom tickets are attributed (CRT-2). Every statement names the organisation.

-- name: contact_add :one
-- in: organisation_id int, kind text, last_name text, first_name text, email text, phone text, lang text
-- in: created_at int
-- out: id int
INSERT INTO contact (organisation_id, kind, last_name, first_name, email, phone, lang, created_at)
VALUES (:organisation_id, :kind, :last_name, :first_name, :email, :phone, :lang, :created_at)
RETURNING id;

-- name: contact_same :one
-- why: the same form sent twice makes one contact
-- in: organisation_id int, kind text, last_name text, first_name text, email text, phone text, lang text
-- out: id int
SELECT id FROM contact
 WHERE organisation_id = :organisation_id AND removed_at IS NULL AND kind = :kind AND last_name = :last_name
   AND first_name = :first_name AND email = :email AND phone = :phone AND lang = :lang
 ORDER BY id LIMIT 1;

-- name: contact_count :one
-- why: bounds the list
-- in: organisation_id int
-- out: n int
SELECT count(*) FROM contact WHERE organisation_id = :organisation_id AND removed_at IS NULL;

-- name: contact_list :many
-- why: whom tickets can be attributed to; sorted by the service, alike on both engines
-- max: LIMIT_CONTACTS
-- in: organisation_id int
-- out: id int, kind text, last_name text, first_name text, email text, phone text, lang text
SELECT id, kind, last_name, first_name, email, phone, lang FROM contact
 WHERE organisation_id = :organisation_id AND removed_at IS NULL
 ORDER BY id;

-- name: contact_get :one
-- in: id int, organisation_id int
-- out: id int, kind text, last_name text, first_name text, email text, phone text, lang text
SELECT id, kind, last_name, first_name, email, phone, lang FROM contact
 WHERE id = :id AND organisation_id = :organisation_id AND removed_at IS NULL;

-- name: contact_change :exec
-- in: id int, organisation_id int, kind text, last_name text, first_name text, email text, phone text, lang text
UPDATE contact
   SET kind = :kind, last_name = :last_name, first_name = :first_name, email = :email, phone = :phone, lang = :lang
 WHERE id = :id AND organisation_id = :organisation_id AND removed_at IS NULL;

-- name: contact_remove :exec
-- why: out of the list; orders that went to the contact keep it
-- in: id int, organisation_id int, now int
UPDATE contact SET removed_at = :now
 WHERE id = :id AND organisation_id = :organisation_id AND removed_at IS NULL;
