-- What customer service does for customers: passes, stock, voucher layouts (PMP-1, STK-1, TKT-2).

-- What an order is settled by: money, or numbers that let in without any.
ALTER TABLE orders ADD COLUMN settled_by TEXT NOT NULL DEFAULT 'money' CHECK (settled_by IN ('money', 'pass', 'stock'));
CREATE INDEX orders_by_settlement ON orders (settled_by, created_at);

-- Paris Museum Passes of a visit, in the order in which the tickets show them (PMP-1). A pass opens each monument once:
-- while the visit stands its number is taken there.
CREATE TABLE visit_pass (
    visit_id    {int} NOT NULL REFERENCES visit (id),
    position    {int} NOT NULL CHECK (position >= 1),
    number      TEXT NOT NULL,
    monument_id {int} NOT NULL REFERENCES monument (id),
    day         {int} NOT NULL, -- local day of the visit
    live        {int} NOT NULL DEFAULT 1 CHECK (live IN (0, 1)),
    PRIMARY KEY (visit_id, position)
) {clustered};
CREATE UNIQUE INDEX visit_pass_once ON visit_pass (number, monument_id) WHERE live = 1;

-- The right «J’ai déjà un billet» of an organisation, each time it was granted (STK-1).
CREATE TABLE stock_right (
    id              {id},
    organisation_id {int} NOT NULL REFERENCES organisation (id),
    granted_at      {int} NOT NULL,
    granted_by      {int} NOT NULL REFERENCES staff (id),
    reason          TEXT NOT NULL,
    revoked_at      {int},
    revoked_by      {int} REFERENCES staff (id),
    revoked_why     TEXT NOT NULL DEFAULT '',
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
) {table};
CREATE UNIQUE INDEX stock_right_live ON stock_right (organisation_id) WHERE revoked_at IS NULL;
CREATE INDEX stock_right_newest ON stock_right (granted_at);

-- Whose number it is, a file says by the registration number.
CREATE INDEX organisation_registration ON organisation (registration);

-- Lists of numbers that came in, each file once.
CREATE TABLE stock_import (
    id          {id},
    hash        TEXT NOT NULL UNIQUE,
    file_name   TEXT NOT NULL,
    added       {int} NOT NULL,
    known       {int} NOT NULL, -- were in stock already, with the same facts
    staff_id    {int} NOT NULL REFERENCES staff (id),
    imported_at {int} NOT NULL
) {table};

-- Genuine tickets that were sold elsewhere, undated. Expired is one whose last day has passed: nobody has to write that.
CREATE TABLE stock_ticket (
    id              {id},
    number          TEXT NOT NULL UNIQUE,
    monument_id     {int} NOT NULL REFERENCES monument (id),
    organisation_id {int} REFERENCES organisation (id), -- who alone may use it; NULL: whoever has it and the right
    expires_on      {int} NOT NULL,                     -- last local day, included
    state           TEXT NOT NULL CHECK (state IN ('available', 'used', 'withdrawn')),
    import_id       {int} NOT NULL REFERENCES stock_import (id),
    changed_at      {int} NOT NULL
) {table};
CREATE INDEX stock_ticket_of_monument ON stock_ticket (monument_id, state, expires_on);
CREATE INDEX stock_ticket_of_import ON stock_ticket (import_id);
CREATE INDEX stock_ticket_of_organisation ON stock_ticket (organisation_id);

-- An old ticket, from stock or sold here undated, that became a ticket of a slot. Each number lives in one exchange at
-- most, whoever asks at the same moment; an exchange that was taken back keeps its row.
CREATE TABLE ticket_exchange (
    id              {id},
    number          TEXT NOT NULL,
    visit_id        {int} NOT NULL REFERENCES visit (id),
    position        {int} NOT NULL CHECK (position >= 1), -- in the order of the tickets that take their places
    stock_ticket_id {int} REFERENCES stock_ticket (id),
    ticket_id       {int} REFERENCES ticket (id),
    exchanged_at    {int} NOT NULL,
    returned_at     {int},
    UNIQUE (visit_id, position),
    CHECK ((stock_ticket_id IS NULL) <> (ticket_id IS NULL))
) {table};
CREATE UNIQUE INDEX ticket_exchange_once ON ticket_exchange (number) WHERE returned_at IS NULL;
CREATE INDEX ticket_exchange_of_stock ON ticket_exchange (stock_ticket_id);
CREATE INDEX ticket_exchange_of_ticket ON ticket_exchange (ticket_id);

-- Voucher layouts («maquettes», TKT-2) with their bytes; what kind they are was seen in the bytes.
CREATE TABLE layout (
    id              {id},
    organisation_id {int} NOT NULL REFERENCES organisation (id),
    person_id       {int} NOT NULL REFERENCES person (id), -- who sent it
    name            TEXT NOT NULL,  -- what the customer calls it
    note            TEXT NOT NULL DEFAULT '',
    kind            TEXT NOT NULL CHECK (kind IN ('pdf', 'png', 'jpeg')),
    size            {int} NOT NULL CHECK (size > 0),
    hash            TEXT NOT NULL,
    bytes           {blob} NOT NULL,
    request_key     TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'refused', 'withdrawn')),
    uploaded_at     {int} NOT NULL,
    decided_at      {int},          -- the last change of its state
    decided_by      {int} REFERENCES staff (id), -- NULL: not decided, or withdrawn by the customer
    words           TEXT NOT NULL DEFAULT '',    -- of customer service, to the customer
    UNIQUE (organisation_id, request_key),
    CHECK ((state = 'waiting') = (decided_at IS NULL))
) {table};
CREATE INDEX layout_of_organisation ON layout (organisation_id, state);
CREATE INDEX layout_by_state ON layout (state, uploaded_at);

-- What the mails with tickets carry: PDF, the CSV of numbers, or both. An order may have its own; else its
-- organisation's. The CSV goes out only while a layout of the organisation is approved.
ALTER TABLE organisation ADD COLUMN tickets_as TEXT NOT NULL DEFAULT 'pdf' CHECK (tickets_as IN ('pdf', 'csv', 'both'));
ALTER TABLE orders ADD COLUMN tickets_as TEXT CHECK (tickets_as IN ('pdf', 'csv', 'both'));

-- OPS-1: why customer service acts for a customer just now; every act made so carries it.
ALTER TABLE staff_session ADD COLUMN acting_reason TEXT NOT NULL DEFAULT '';

-- Which of the operator's people made it on the customer's behalf: shown to the customer. NULL: the customer's own.
ALTER TABLE visit ADD COLUMN staff_id {int} REFERENCES staff (id);
ALTER TABLE orders ADD COLUMN staff_id {int} REFERENCES staff (id);

-- Notes of the operator's people about a customer: only ever added.
CREATE TABLE customer_note (
    id              {id},
    organisation_id {int} NOT NULL REFERENCES organisation (id),
    staff_id        {int} NOT NULL REFERENCES staff (id),
    at              {int} NOT NULL,
    body            TEXT NOT NULL
) {table};
CREATE INDEX customer_note_of_organisation ON customer_note (organisation_id, at);

-- The forms of the operator's people that were done: one that comes again does nothing again.
CREATE TABLE staff_form (
    staff_id    {int} NOT NULL REFERENCES staff (id),
    request_key TEXT NOT NULL,
    done_at     {int} NOT NULL,
    PRIMARY KEY (staff_id, request_key)
) {clustered};

-- Who has left has no key any more: found by the address as it was written.
CREATE INDEX person_by_address ON person (email);
