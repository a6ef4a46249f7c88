-- Who did what, when, to what: rows are only ever added.

-- name: audit_add :exec
-- why: every act that changes an account, and later every act of customer service, leaves a trace (OPS-1)
-- in: at int, person_id int?, staff_id int?, organisation_id int?, act text, subject text, detail text, reason text
-- in: was text, became text
INSERT INTO audit (at, person_id, staff_id, organisation_id, act, subject, detail, reason, was, became)
VALUES (:at, :person_id, :staff_id, :organisation_id, :act, :subject, :detail, :reason, :was, :became);
