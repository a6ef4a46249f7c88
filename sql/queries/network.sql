-- The network's settings and legal texts as an administrator keeps them.

-- name: network_texts :many
-- why: every version of every legal text, the newest first
-- max: 2000
-- out: kind text, version text, lang text, effective_at int
SELECT kind, version, lang, effective_at FROM legal_text ORDER BY kind, effective_at DESC, version DESC, lang;

-- name: network_text_add :exec
-- why: a version is never changed: orders name it; a row that is there already makes no row
-- in: kind text, version text, lang text, effective_at int, body text
INSERT INTO legal_text (kind, version, lang, effective_at, body)
VALUES (:kind, :version, :lang, :effective_at, :body)
ON CONFLICT (kind, version, lang) DO NOTHING;

-- name: network_text_newest :one
-- why: whether a version of this kind is effective already or announced
-- in: kind text
-- out: effective_at int?
SELECT MAX(effective_at) FROM legal_text WHERE kind = :kind;
