-- Paid orders changed in place (OPT-6), accompanying persons replaced (COM-5).

-- A monument whose last day to change a paid visit is another than the network's (setting change.days_before).
CREATE TABLE change_rule (
    monument_id {int} NOT NULL PRIMARY KEY REFERENCES monument (id),
    days_before {int} NOT NULL CHECK (days_before >= 0)
) {table};

-- While a change inside one slot is being paid, the new visit needs only what the old one does not have: so many of its
-- persons stand on the old one's places, and the slot counts persons - lent_persons.
ALTER TABLE visit ADD COLUMN lent_persons {int} NOT NULL DEFAULT 0 CHECK (lent_persons BETWEEN 0 AND persons);

-- A change makes a successor: a new visit, sold by a supplementary order, takes the place of the old one. What the old
-- visit cost is carried over to the new order, and what is too much goes back.
--   pending: the difference is being paid, the new places are held, the old visit is as it was
--   done:    the new visit is confirmed, the old one cancelled with its tickets
--   ended:   it was not paid, the new places were given back; late money may still make it done
CREATE TABLE order_change (
    id              {id},
    organisation_id {int} NOT NULL REFERENCES organisation (id),
    person_id       {int} NOT NULL REFERENCES person (id),
    staff_id        {int} REFERENCES staff (id), -- who of customer service did it for them
    reason          TEXT NOT NULL DEFAULT '',    -- in that case, why
    old_order_id    {int} NOT NULL REFERENCES orders (id),
    old_visit_id    {int} NOT NULL REFERENCES visit (id),
    new_order_id    {int} NOT NULL UNIQUE REFERENCES orders (id),
    new_visit_id    {int} NOT NULL UNIQUE REFERENCES visit (id),
    state           TEXT NOT NULL CHECK (state IN ('pending', 'done', 'ended')),
    carried_cents   {int} NOT NULL CHECK (carried_cents >= 0),
    returned_cents  {int} NOT NULL CHECK (returned_cents >= 0),
    placed_at       {int} NOT NULL,
    closed_at       {int},
    CHECK (old_visit_id <> new_visit_id AND old_order_id <> new_order_id),
    CHECK ((state = 'pending') = (closed_at IS NULL))
) {table};
-- One change at a time, and a visit has one successor at most.
CREATE UNIQUE INDEX order_change_open ON order_change (old_visit_id) WHERE state IN ('pending', 'done');
CREATE INDEX order_change_of_old ON order_change (old_order_id);
CREATE INDEX order_change_pending ON order_change (state);

-- The professional card that a guide shows at the gate (COM-3, COM-5).
ALTER TABLE leader ADD COLUMN card_number TEXT NOT NULL DEFAULT '';
ALTER TABLE leader ADD COLUMN card_until {int}; -- last day of its validity

-- Who accompanies a confirmed visit was replaced by somebody else; each form once.
CREATE TABLE leader_change (
    visit_id      {int} NOT NULL REFERENCES visit (id),
    request_key   TEXT NOT NULL,
    old_leader_id {int} REFERENCES leader (id),
    new_leader_id {int} NOT NULL REFERENCES leader (id),
    person_id     {int} NOT NULL REFERENCES person (id),
    staff_id      {int} REFERENCES staff (id),
    changed_at    {int} NOT NULL,
    PRIMARY KEY (visit_id, request_key)
) {clustered};
