-- Organisations, their people, one-time links and the public shop's addresses (ACC-1 to ACC-3).

-- name: organisation_add :one
-- why: a new customer (ACC-1)
-- in: name text, kind text, registration text, vat_number text, address text, postcode text, city text, country text
-- in: created_at int
-- out: id int
INSERT INTO organisation (name, kind, registration, vat_number, address, postcode, city, country, created_at)
VALUES (:name, :kind, :registration, :vat_number, :address, :postcode, :city, :country, :created_at)
RETURNING id;

-- name: organisation_lock :one
-- why: commands that count an organisation's rows before adding one go one after the other, on every server
-- in: id int
-- out: id int
UPDATE organisation SET transfer_allowed = transfer_allowed WHERE id = :id RETURNING id;

-- name: organisation_change :exec
-- why: everything of an organisation that its people may correct themselves
-- in: id int, name text, kind text, registration text, vat_number text, address text, postcode text, city text
-- in: country text
UPDATE organisation
   SET name = :name, kind = :kind, registration = :registration, vat_number = :vat_number, address = :address,
       postcode = :postcode, city = :city, country = :country
 WHERE id = :id;

-- name: person_add :one
-- why: no row means that the address has an account already, however many try at once (ACC-2)
-- in: organisation_id int, email text, email_key text, first_name text, last_name text, phone text, password_hash text
-- in: lang text, created_at int
-- out: id int
INSERT INTO person (organisation_id, email, email_key, first_name, last_name, phone, password_hash, lang, created_at)
VALUES (:organisation_id, :email, :email_key, :first_name, :last_name, :phone, :password_hash, :lang, :created_at)
ON CONFLICT (email_key) DO NOTHING
RETURNING id;

-- name: person_by_email :one
-- why: who signs in, or asks for a link by mail
-- in: email_key text
-- out: id int, organisation_id int, email text, first_name text, last_name text, password_hash text, lang text
-- out: created_at int, verified_at int?, role text
SELECT id, organisation_id, email, first_name, last_name, password_hash, lang, created_at, verified_at, role
  FROM person WHERE email_key = :email_key AND left_at IS NULL;

-- name: account_of :one
-- why: the account page: a person and the organisation, of which the person must be a member
-- in: person_id int, organisation_id int
-- out: email text, first_name text, last_name text, phone text, lang text, person_created_at int, verified_at int?
-- out: name text, kind text, registration text, vat_number text, address text, postcode text, city text, country text
-- out: transfer_allowed int, created_at int
SELECT p.email, p.first_name, p.last_name, p.phone, p.lang, p.created_at, p.verified_at,
       o.name, o.kind, o.registration, o.vat_number, o.address, o.postcode, o.city, o.country,
       o.transfer_allowed, o.created_at
  FROM person p JOIN organisation o ON o.id = p.organisation_id
 WHERE p.id = :person_id AND p.organisation_id = :organisation_id;

-- name: person_change :exec
-- why: everything of a person that may change; the e-mail may not (ACC-3)
-- in: id int, organisation_id int, first_name text, last_name text, phone text, lang text
UPDATE person SET first_name = :first_name, last_name = :last_name, phone = :phone, lang = :lang
 WHERE id = :id AND organisation_id = :organisation_id;

-- name: person_password :one
-- why: the old password is asked before a new one is taken
-- in: id int, organisation_id int
-- out: email text, password_hash text
SELECT email, password_hash FROM person WHERE id = :id AND organisation_id = :organisation_id;

-- name: person_swap_password :exec
-- why: takes a new password only while the one that was checked is still in force
-- in: id int, old_hash text, new_hash text
UPDATE person SET password_hash = :new_hash WHERE id = :id AND password_hash = :old_hash;

-- name: person_reset_password :one
-- why: a link that reached the mailbox also proves the address, so it verifies it
-- in: id int, password_hash text, now int
-- out: organisation_id int
UPDATE person SET password_hash = :password_hash, verified_at = COALESCE(verified_at, :now)
 WHERE id = :id
RETURNING organisation_id;

-- name: person_verify :exec
-- why: the first click counts, later ones change nothing (ACC-1)
-- in: id int, now int
UPDATE person SET verified_at = :now WHERE id = :id AND verified_at IS NULL;

-- name: link_add :exec
-- why: a one-time link by mail; only the hash of its secret is kept
-- in: token_hash text, kind text, person_id int, created_at int, expires_at int
INSERT INTO email_link (token_hash, kind, person_id, created_at, expires_at)
VALUES (:token_hash, :kind, :person_id, :created_at, :expires_at);

-- name: link_find :one
-- why: what a link that was clicked is worth
-- in: token_hash text, kind text
-- out: person_id int, organisation_id int, email text, expires_at int, used_at int?, verified_at int?
SELECT l.person_id, p.organisation_id, p.email, l.expires_at, l.used_at, p.verified_at
  FROM email_link l JOIN person p ON p.id = l.person_id
 WHERE l.token_hash = :token_hash AND l.kind = :kind;

-- name: link_use :one
-- why: a link works once: of two clicks at the same moment one gets the row
-- in: token_hash text, kind text, now int
-- out: person_id int
UPDATE email_link SET used_at = :now
 WHERE token_hash = :token_hash AND kind = :kind AND used_at IS NULL AND expires_at > :now
RETURNING person_id;

-- name: link_spend_all :exec
-- why: a new password makes the other links for one worthless
-- in: person_id int, kind text, now int
UPDATE email_link SET used_at = :now WHERE person_id = :person_id AND kind = :kind AND used_at IS NULL;

-- name: link_count :one
-- why: nobody's mailbox is filled by somebody else's clicks
-- in: person_id int, kind text, since int
-- out: n int
SELECT count(*) FROM email_link WHERE person_id = :person_id AND kind = :kind AND created_at > :since;

-- name: link_drop_all :exec
-- why: the links of who left an organisation
-- in: person_id int
DELETE FROM email_link WHERE person_id = :person_id;

-- name: link_sweep :exec
-- why: links that ended long ago are not kept
-- in: before int
DELETE FROM email_link WHERE expires_at < :before;

-- name: public_email_find :one
-- why: is this address the public shop's? (ACC-2)
-- in: hash text
-- out: hash text
SELECT hash FROM public_email WHERE hash = :hash;

-- name: public_email_add :exec
-- why: the number of rows changed says whether the address was new
-- in: hash text
INSERT INTO public_email (hash) VALUES (:hash) ON CONFLICT (hash) DO NOTHING;
