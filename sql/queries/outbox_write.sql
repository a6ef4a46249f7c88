-- What is to be mailed is written in the transaction that causes it. Reading and sending it belongs to the job.

-- name: outbox_add :exec
-- why: a mail that is due, waiting for the job that sends it
-- in: kind text, organisation_id int?, order_id int?, visit_id int?, recipient text, recipient_name text, lang text
-- in: detail text, next_at int, created_at int
INSERT INTO outbox (kind, organisation_id, order_id, visit_id, recipient, recipient_name, lang, detail, state, next_at,
                    created_at)
VALUES (:kind, :organisation_id, :order_id, :visit_id, :recipient, :recipient_name, :lang, :detail, 'waiting', :next_at,
        :created_at);
