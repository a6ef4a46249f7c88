-- The demonstration's orders that wait for their transfer.

-- name: demo_transfer_visit :one
-- why: an option of a customer that is far enough away for a transfer
-- in: organisation_id int, after int
-- out: id int, monument_id int, day int, persons int, leader_kind text
SELECT v.id, v.monument_id, s.day, v.persons, v.leader_kind
  FROM visit v JOIN slot s ON s.monument_id = v.monument_id AND s.start_at = v.start_at
 WHERE v.organisation_id = :organisation_id AND v.state = 'option' AND v.order_id IS NULL AND v.start_at > :after
   AND v.audience = 'adults'
 ORDER BY v.start_at, v.id LIMIT 1;

-- name: demo_transfer_join :exec
-- in: id int, order_id int, pay_until int
UPDATE visit SET order_id = :order_id, pay_until = :pay_until WHERE id = :id;
