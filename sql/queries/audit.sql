-- Who did what, when, to what: rows are only ever added.

-- name: audit_add :exec
-- why: every act that changes an account, and later every act of customer service, leaves a trace (OPS-1)
-- in: at int, person_id int?, organisation_id int?, act text, subject text, detail text
INSERT INTO audit (at, person_id, organisation_id, act, subject, detail)
VALUES (:at, :person_id, :organisation_id, :act, :subject, :detail);
