-- The bank's statements: entries, each once, and what became of them (CRT-5, OPS-5).

-- name: bank_file_note :one
-- why: the same file again is the same row
-- in: hash text, name text, format text, now int, staff_id int
-- out: id int
INSERT INTO bank_file (hash, name, format, imported_at, staff_id) VALUES (:hash, :name, :format, :now, :staff_id)
ON CONFLICT (hash) DO NOTHING
RETURNING id;

-- name: bank_file_known :one
-- in: hash text
-- out: id int
SELECT id FROM bank_file WHERE hash = :hash;

-- name: bank_entry_note :exec
-- why: an entry counts once, in whatever file it comes again
-- in: file_id int, account text, key text, booked int, amount_cents int, payer text, payer_iban text, refs text, text text
-- in: batch int, state text
INSERT INTO bank_entry (file_id, account, key, booked, amount_cents, payer, payer_iban, refs, text, batch, state)
VALUES (:file_id, :account, :key, :booked, :amount_cents, :payer, :payer_iban, :refs, :text, :batch, :state)
ON CONFLICT (account, key) DO NOTHING;

-- name: bank_entries_new :many
-- max: 20
-- out: id int, booked int, amount_cents int, payer_iban text, refs text, text text, batch int
SELECT id, booked, amount_cents, payer_iban, refs, text, batch FROM bank_entry
 WHERE state = 'new' ORDER BY booked, id LIMIT 20;

-- name: bank_candidates :many
-- why: orders that money may be for: those that wait, and of late those that are paid or over
-- max: 5000
-- in: since int
-- out: order_id int, organisation_id int, ref text, rf text, state text, total_cents int, waiting_cents int, document text
SELECT o.id, o.organisation_id, o.ref, t.rf, o.state, o.total_cents,
       COALESCE((SELECT CAST(sum(p.amount_cents) AS BIGINT) FROM payment p WHERE p.order_id = o.id AND p.state = 'waiting'), 0),
       COALESCE((SELECT min(i.number) FROM invoice i WHERE i.order_id = o.id AND i.kind = 'invoice'), '')
  FROM order_transfer t JOIN orders o ON o.id = t.order_id
 WHERE t.asked_at >= :since
 ORDER BY t.asked_at DESC LIMIT 5000;

-- name: bank_ibans :many
-- why: from which accounts an organisation has paid before
-- max: 5000
-- in: since int
-- out: organisation_id int, payer_iban text
SELECT DISTINCT o.organisation_id, e.payer_iban
  FROM bank_entry e JOIN orders o ON o.id = e.order_id
 WHERE e.state = 'matched' AND e.booked >= :since AND e.payer_iban <> ''
 LIMIT 5000;

-- name: bank_entry_decide :exec
-- why: each decision once; somebody may have been quicker
-- in: id int, was text, state text, found text, order_id int?, staff_id int?, now int, reason text
UPDATE bank_entry SET state = :state, found = :found, order_id = :order_id, decided_by = :staff_id, decided_at = :now,
                      reason = :reason
 WHERE id = :id AND state = :was;

-- name: bank_entry_of :one
-- in: id int
-- out: booked int, amount_cents int, payer text, refs text, text text, state text, found text, order_id int?
SELECT booked, amount_cents, payer, refs, text, state, found, order_id FROM bank_entry WHERE id = :id;

-- name: receipt_by_hand :one
-- why: a transfer that a person recorded before the statement came: it is the same money, not more of it
-- in: order_id int, amount_cents int
-- out: id int
SELECT id FROM transfer_receipt
 WHERE order_id = :order_id AND amount_cents = :amount_cents AND entry_id IS NULL ORDER BY id LIMIT 1;

-- name: receipt_link :exec
-- in: id int, entry_id int
UPDATE transfer_receipt SET entry_id = :entry_id WHERE id = :id AND entry_id IS NULL;

-- name: bank_list :many
-- why: what a person has to decide, the oldest first
-- in: state text
-- out: id int, booked int, amount_cents int, payer text, payer_iban text, refs text, text text, batch int, found text
-- out: ref text?, organisation text?, order_state text?, order_cents int?, by_hand int
SELECT e.id, e.booked, e.amount_cents, e.payer, e.payer_iban, e.refs, e.text, e.batch, e.found, o.ref, g.name, o.state,
       o.total_cents,
       (SELECT count(*) FROM transfer_receipt r
         WHERE r.order_id = e.order_id AND r.amount_cents = e.amount_cents AND r.entry_id IS NULL)
  FROM bank_entry e
  LEFT JOIN orders o ON o.id = e.order_id
  LEFT JOIN organisation g ON g.id = o.organisation_id
 WHERE e.state = :state
 ORDER BY e.booked, e.id LIMIT 500;

-- name: bank_list_latest :many
-- why: what was decided of late, by the rule or by a person
-- in: state text, since int
-- out: id int, booked int, amount_cents int, payer text, text text, found text, ref text?, organisation text?
-- out: first_name text?, last_name text?, reason text
SELECT e.id, e.booked, e.amount_cents, e.payer, e.text, e.found, o.ref, g.name, s.first_name, s.last_name, e.reason
  FROM bank_entry e
  LEFT JOIN orders o ON o.id = e.order_id
  LEFT JOIN organisation g ON g.id = o.organisation_id
  LEFT JOIN staff s ON s.id = e.decided_by
 WHERE e.state = :state AND e.booked >= :since
 ORDER BY e.booked DESC, e.id DESC LIMIT 100;

-- name: bank_files_latest :many
-- max: 10
-- in: since int
-- out: name text, format text, imported_at int, first_name text, last_name text, entries int
SELECT f.name, f.format, f.imported_at, s.first_name, s.last_name,
       (SELECT count(*) FROM bank_entry e WHERE e.file_id = f.id)
  FROM bank_file f JOIN staff s ON s.id = f.staff_id
 WHERE f.imported_at >= :since
 ORDER BY f.imported_at DESC LIMIT 10;
