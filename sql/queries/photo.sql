-- Photographs of monuments (OPS-2, CAT-1).

-- name: photo_by_request :one
-- why: a form sent twice adds one picture
-- in: monument_id int, request_key text
-- out: id int
SELECT id FROM photo WHERE monument_id = :monument_id AND request_key = :request_key;

-- name: photo_count :one
-- in: monument_id int
-- out: n int, last int
SELECT count(*), COALESCE(MAX(position), 0) FROM photo WHERE monument_id = :monument_id;

-- name: photo_add :one
-- in: monument_id int, position int, alt_fr text, alt_en text, credit text, width int, height int, mark text
-- in: large blob, card blob, created_at int, request_key text
-- out: id int
INSERT INTO photo (monument_id, position, alt_fr, alt_en, credit, width, height, mark, large, card, created_at, request_key)
VALUES (:monument_id, :position, :alt_fr, :alt_en, :credit, :width, :height, :mark, :large, :card, :created_at,
        :request_key)
RETURNING id;

-- name: photos_of :many
-- why: those of one monument in their order, without their bytes
-- max: 100
-- in: monument_id int
-- out: id int, position int, alt_fr text, alt_en text, credit text, width int, height int, mark text
SELECT id, position, alt_fr, alt_en, credit, width, height, mark
  FROM photo WHERE monument_id = :monument_id ORDER BY position, id;

-- name: photo_covers :many
-- why: the first one of each monument, for the cards
-- max: 2000
-- out: monument_id int, id int, alt_fr text, alt_en text, mark text
SELECT p.monument_id, p.id, p.alt_fr, p.alt_en, p.mark
  FROM photo p
 WHERE NOT EXISTS (SELECT 1 FROM photo q
                    WHERE q.monument_id = p.monument_id AND (q.position < p.position OR (q.position = p.position AND q.id < p.id)));

-- name: photo_large :one
-- in: id int, mark text
-- out: bytes blob
SELECT large FROM photo WHERE id = :id AND mark = :mark;

-- name: photo_card :one
-- in: id int, mark text
-- out: bytes blob
SELECT card FROM photo WHERE id = :id AND mark = :mark;

-- name: photo_words_put :exec
-- in: id int, monument_id int, alt_fr text, alt_en text, credit text
UPDATE photo SET alt_fr = :alt_fr, alt_en = :alt_en, credit = :credit WHERE id = :id AND monument_id = :monument_id;

-- name: photo_position_put :exec
-- in: id int, monument_id int, position int
UPDATE photo SET position = :position WHERE id = :id AND monument_id = :monument_id;

-- name: photo_drop :exec
-- in: id int, monument_id int
DELETE FROM photo WHERE id = :id AND monument_id = :monument_id;
