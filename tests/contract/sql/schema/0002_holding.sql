-- A second file, so that migrations have an order; with braces in a text: '{not a word}' is left alone.
CREATE TABLE holding (
    id      {id},
    slot_id {int} NOT NULL REFERENCES slot (id),
    persons {int} NOT NULL CHECK (persons > 0),
    key     TEXT NOT NULL UNIQUE DEFAULT '{none}'
) {table};
CREATE INDEX holding_by_slot ON holding (slot_id);
