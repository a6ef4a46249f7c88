-- The statements of the contract suite.

-- name: thing_add :one
-- why: every type, each of which may be NULL
-- in: number int?, words text?, bytes blob?
-- out: id int
INSERT INTO thing (number, words, bytes) VALUES (:number, :words, :bytes) RETURNING id;

-- name: thing_get :one
-- in: id int
-- out: number int?, words text?, bytes blob?
SELECT number, words, bytes FROM thing WHERE id = :id;

-- name: thing_strict :one
-- why: promises what a row with NULL does not keep
-- in: id int
-- out: number int
SELECT number FROM thing WHERE id = :id;

-- name: thing_wrong_type :one
-- in: id int
-- out: words int
SELECT words FROM thing WHERE id = :id;

-- name: thing_like :many
-- why: quotes, remarks and double colons inside texts are no parameters
-- in: pattern text
-- out: id int, label text
SELECT id, ':no ''parameter'' ::' || words -- :nor this
  FROM thing /* :nor this */ WHERE words LIKE :pattern ORDER BY id;

-- name: thing_all :many
-- max: 20
-- out: id int, number int?, words text?
SELECT id, number, words FROM thing ORDER BY id;

-- name: thing_any :one
-- why: a mistake on purpose: it may give several rows
-- out: id int
SELECT id FROM thing;

-- name: thing_sums :one
-- why: sums and counts are integers on both engines
-- out: count int, sum int, truth int
SELECT count(*), COALESCE(sum(number), 0), CASE WHEN count(*) > 0 THEN 1 ELSE 0 END FROM thing;

-- name: thing_keyed :exec
-- in: id int, words text
INSERT INTO thing (id, words) VALUES (:id, :words) ON CONFLICT (id) DO UPDATE SET words = excluded.words;

-- name: thing_once :one
-- in: id int, words text
-- out: id int
INSERT INTO thing (id, words) VALUES (:id, :words) ON CONFLICT (id) DO NOTHING RETURNING id;

-- name: thing_change :exec
-- in: words text, from_id int, to_id int
UPDATE thing SET words = :words WHERE id BETWEEN :from_id AND :to_id;

-- name: thing_delete :many
-- why: RETURNING with several rows
-- in: from_id int
-- out: id int
DELETE FROM thing WHERE id >= :from_id RETURNING id;

-- name: slot_add :exec
-- in: id int, capacity int
INSERT INTO slot (id, capacity) VALUES (:id, :capacity);

-- name: slot_take :one
-- in: id int, persons int
-- out: taken int, capacity int
UPDATE slot SET taken = taken + :persons WHERE id = :id AND taken + :persons <= capacity
RETURNING taken, capacity;

-- name: slot_force :exec
-- why: without its own condition: the CHECK must hold
-- in: id int, taken int
UPDATE slot SET taken = :taken WHERE id = :id;

-- name: slot_balance :one
-- why: what is taken and what is held must be the same
-- in: id int
-- out: taken int, held int, holdings int
WITH held (persons, holdings) AS (SELECT COALESCE(sum(persons), 0), count(*) FROM holding WHERE slot_id = :id)
SELECT slot.taken, held.persons, held.holdings FROM slot, held WHERE slot.id = :id;

-- name: holding_add :exec
-- in: slot_id int, persons int, key text
INSERT INTO holding (slot_id, persons, key) VALUES (:slot_id, :persons, :key);
