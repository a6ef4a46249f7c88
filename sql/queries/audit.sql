-- Who did what, when, to what: rows are only ever added.

-- name: audit_add :exec
-- why: every act that changes an account, and later every act of customer service, leaves a trace (OPS-1)
-- in: at int, person_id int?, staff_id int?, organisation_id int?, act text, subject text, detail text, reason text
-- in: was text, became text
INSERT INTO audit (at, person_id, staff_id, organisation_id, act, subject, detail, reason, was, became)
VALUES (:at, :person_id, :staff_id, :organisation_id, :act, :subject, :detail, :reason, :was, :became);

-- name: audit_search :many
-- why: the whole log for the administrator (OPS-1): a period, and one of the people if asked; 0: anybody
-- max: 201
-- in: from_at int, to_at int, before_id int, staff_id int, person_id int
-- out: id int, at int, act text, subject text, detail text, reason text, was text, became text, organisation_id int?
-- out: organisation text?, first_name text?, last_name text?, staff_first_name text?, staff_last_name text?
SELECT a.id, a.at, a.act, a.subject, a.detail, a.reason, a.was, a.became, a.organisation_id, o.name, p.first_name,
       p.last_name, s.first_name, s.last_name
  FROM audit a LEFT JOIN organisation o ON o.id = a.organisation_id LEFT JOIN person p ON p.id = a.person_id
  LEFT JOIN staff s ON s.id = a.staff_id
 WHERE a.at >= :from_at AND a.at < :to_at AND (:before_id = 0 OR a.id < :before_id)
   AND (:staff_id = 0 OR a.staff_id = :staff_id) AND (:person_id = 0 OR a.person_id = :person_id)
 ORDER BY a.id DESC LIMIT 201;

-- name: audit_person :one
-- why: a customer's person by address, also one who has left
-- in: email text, email_key text
-- out: id int
SELECT id FROM person WHERE email_key = :email_key
UNION ALL
SELECT id FROM person WHERE email = :email AND left_at IS NOT NULL
 ORDER BY 1 DESC LIMIT 1;
