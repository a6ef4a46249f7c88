-- Rules and addresses of the network (src/service/settings.c) and the legal texts (CRT-2).

-- name: setting_all :many
-- why: a reader of settings takes them all at once; a missing row means the default of the code
-- out: key text, value text
SELECT key, value FROM setting ORDER BY key;

-- name: setting_put :exec
-- why: an operator changes a rule of the network without a programmer
-- in: key text, value text
INSERT INTO setting (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: setting_drop :exec
-- why: back to the default
-- in: key text
DELETE FROM setting WHERE key = :key;

-- name: legal_text_at :one
-- why: the version in force is the newest that is effective already
-- in: kind text, lang text, at int
-- out: version text, effective_at int, body text
SELECT version, effective_at, body FROM legal_text
 WHERE kind = :kind AND lang = :lang AND effective_at <= :at
 ORDER BY effective_at DESC, version DESC LIMIT 1;

-- name: legal_text_version :one
-- why: an order shows the very terms that its buyer accepted
-- in: kind text, lang text, version text
-- out: effective_at int, body text
SELECT effective_at, body FROM legal_text WHERE kind = :kind AND lang = :lang AND version = :version;

-- name: legal_text_versions :many
-- why: earlier versions stay readable
-- in: kind text, lang text
-- out: version text, effective_at int
SELECT version, effective_at FROM legal_text
 WHERE kind = :kind AND lang = :lang ORDER BY effective_at DESC, version DESC;
