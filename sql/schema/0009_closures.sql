-- Closures and whom they hit (OPS-4, COM-4, ORD-4).

-- One act of the desk: the slots of one monument that begin from from_at and before until_at are closed. Sales stop in the
-- transaction that writes this row; the list of visits is worked off afterwards.
CREATE TABLE closure (
    id                {id},
    monument_id       {int} NOT NULL REFERENCES monument (id),
    scope             TEXT NOT NULL CHECK (scope IN ('slot', 'days', 'monument')),
    from_at           {int} NOT NULL,
    until_at          {int} NOT NULL,
    open_end          {int} NOT NULL CHECK (open_end IN (0, 1)), -- until further notice
    reason_fr         TEXT NOT NULL CHECK (reason_fr <> ''),
    reason_en         TEXT NOT NULL CHECK (reason_en <> ''),
    choose_until      {int} NOT NULL,                            -- what the mails promise: later settings do not change it
    refund_by_default {int} NOT NULL CHECK (refund_by_default IN (0, 1)),
    state             TEXT NOT NULL CHECK (state IN ('working', 'done')),
    staff_id          {int} NOT NULL REFERENCES staff (id),
    request_key       TEXT NOT NULL UNIQUE,
    created_at        {int} NOT NULL,
    done_at           {int},
    reopened_at       {int},
    reopened_by       {int} REFERENCES staff (id),
    CHECK (until_at > from_at),
    CHECK ((state = 'done') = (done_at IS NOT NULL)),
    CHECK ((reopened_at IS NULL) = (reopened_by IS NULL))
) {table};
CREATE INDEX closure_newest ON closure (created_at);
CREATE INDEX closure_of_monument ON closure (monument_id, until_at);
CREATE INDEX closure_working ON closure (state);
CREATE INDEX closure_by_end ON closure (until_at);

-- The slots of a closure, with what was said of them before: an end of this closure says it again. A slot of two closures
-- opens with the end of both. No reference to the slot: a planning may take it away.
CREATE TABLE closure_slot (
    closure_id   {int} NOT NULL REFERENCES closure (id),
    start_at     {int} NOT NULL,
    monument_id  {int} NOT NULL REFERENCES monument (id),
    before_fr    TEXT,
    before_en    TEXT,
    before_event {int}, -- whose words those were; NULL: nobody's that can end by itself
    PRIMARY KEY (closure_id, start_at)
) {clustered};
CREATE INDEX closure_of_slot ON closure_slot (monument_id, start_at);

-- The list: one row a visit that held places of the closed slots, worked off once.
CREATE TABLE closure_visit (
    closure_id      {int} NOT NULL REFERENCES closure (id),
    visit_id        {int} NOT NULL REFERENCES visit (id),
    organisation_id {int} NOT NULL REFERENCES organisation (id),
    order_id        {int} REFERENCES orders (id), -- that sold it, or was being paid
    start_at        {int} NOT NULL,
    persons         {int} NOT NULL CHECK (persons > 0),
    -- how it was held: an option, a cart, an order being paid; sold by card, by transfer, for nothing, or otherwise
    was             TEXT NOT NULL CHECK (was IN ('option', 'cart', 'pending', 'paid', 'transfer', 'free', 'other')),
    -- todo; told: the payment of its order is being ended at the provider; done
    state           TEXT NOT NULL CHECK (state IN ('todo', 'told', 'done')),
    -- released: the places are free; choice: the customer chooses; refund: the money goes back without a question;
    -- call: the people at the desk settle it; gone: it had left the slot before; spared: opened again before its turn
    outcome         TEXT NOT NULL DEFAULT ''
                    CHECK (outcome IN ('', 'released', 'choice', 'refund', 'call', 'gone', 'spared')),
    amount_cents    {int} NOT NULL DEFAULT 0 CHECK (amount_cents >= 0), -- what its cancelled tickets cost
    told_at         {int},
    choice          TEXT NOT NULL DEFAULT '' CHECK (choice IN ('', 'open', 'moved', 'refund', 'default', 'waived')),
    chosen_at       {int},
    new_start_at    {int},
    new_persons     {int},
    problem         TEXT NOT NULL DEFAULT '', -- why no refund could be made
    PRIMARY KEY (closure_id, visit_id),
    CHECK ((outcome = 'choice') = (choice <> '')),
    CHECK ((state = 'done') = (outcome <> '')),
    CHECK ((choice IN ('', 'open')) = (chosen_at IS NULL)),
    CHECK ((choice = 'moved') = (new_start_at IS NOT NULL)),
    CHECK ((new_start_at IS NULL) = (new_persons IS NULL))
) {clustered};
CREATE INDEX closure_visit_of_visit ON closure_visit (visit_id);
CREATE INDEX closure_visit_by_state ON closure_visit (state, closure_id);
CREATE INDEX closure_choice ON closure_visit (choice, closure_id);
CREATE INDEX closure_visit_of_organisation ON closure_visit (organisation_id, choice);
CREATE INDEX closure_visit_of_order ON closure_visit (order_id);

-- Which decisions sent money back: of a visit's choice, and what came in too late.
CREATE TABLE closure_refund (
    refund_id  {int} NOT NULL PRIMARY KEY REFERENCES refund (id),
    closure_id {int} NOT NULL,
    visit_id   {int} NOT NULL,
    FOREIGN KEY (closure_id, visit_id) REFERENCES closure_visit (closure_id, visit_id)
) {table};
CREATE INDEX closure_refund_of_visit ON closure_refund (closure_id, visit_id);

-- The groups that booked by telephone: their places are freed; who gave an address is told by mail, the others are called.
CREATE TABLE closure_booking (
    closure_id {int} NOT NULL REFERENCES closure (id),
    booking_id {int} NOT NULL REFERENCES phone_booking (id),
    start_at   {int} NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('todo', 'done')),
    outcome    TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'told', 'call', 'gone', 'spared')),
    told_at    {int},
    PRIMARY KEY (closure_id, booking_id),
    CHECK ((state = 'done') = (outcome <> ''))
) {clustered};
CREATE INDEX closure_booking_of_booking ON closure_booking (booking_id);
CREATE INDEX closure_booking_by_state ON closure_booking (state, closure_id);

-- What was mailed about a visit.
CREATE INDEX outbox_of_visit ON outbox (visit_id, created_at);
