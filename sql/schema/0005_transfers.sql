-- Transfers, receipts of money, refunds, credit notes (CRT-4, CRT-5, OPS-5, ORD-4).

-- A ticket that does not let in any more says since when and why: closure, replaced, refunded, exchanged.
ALTER TABLE ticket ADD COLUMN ended_at {int};
ALTER TABLE ticket ADD COLUMN ended_why TEXT NOT NULL DEFAULT '';

-- An order that is paid by transfer, or asks to be. While the order is pending its places are held until due_at: the
-- end of the request while nobody has allowed it, then the end of the transfer.
CREATE TABLE order_transfer (
    order_id    {int} NOT NULL PRIMARY KEY REFERENCES orders (id),
    rf          TEXT NOT NULL UNIQUE, -- ISO 11649, in the stored form: what the customer quotes
    asked_at    {int} NOT NULL,
    allowed_at  {int},                -- NULL: asked for, customer service has not decided
    allowed_why TEXT NOT NULL CHECK (allowed_why IN ('', 'account', 'school', 'order')),
    allowed_by  {int} REFERENCES staff (id),
    due_at      {int} NOT NULL,
    reminded_at {int},
    ended_at    {int},                -- paid whole, or over without the money
    CHECK ((allowed_at IS NULL) = (allowed_why = ''))
) {table};
CREATE INDEX order_transfer_due ON order_transfer (due_at) WHERE ended_at IS NULL;
CREATE INDEX order_transfer_ended ON order_transfer (ended_at);
CREATE INDEX order_transfer_asked ON order_transfer (asked_at);

-- Statement files of the bank, each once.
CREATE TABLE bank_file (
    id          {id},
    hash        TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    format      TEXT NOT NULL CHECK (format IN ('camt053', 'cfonb120')),
    imported_at {int} NOT NULL,
    staff_id    {int} NOT NULL REFERENCES staff (id)
) {table};
CREATE INDEX bank_file_newest ON bank_file (imported_at);

-- What the bank booked on our account. `key` is the same whenever the entry is read again, in whatever file.
CREATE TABLE bank_entry (
    id           {id},
    file_id      {int} NOT NULL REFERENCES bank_file (id),
    account      TEXT NOT NULL,
    key          TEXT NOT NULL,
    booked       {int} NOT NULL, -- day
    amount_cents {int} NOT NULL, -- money in is positive
    payer        TEXT NOT NULL,
    payer_iban   TEXT NOT NULL,
    refs         TEXT NOT NULL,  -- structured and end-to-end references, one a line
    text         TEXT NOT NULL,
    batch        {int} NOT NULL CHECK (batch IN (0, 1)),
    -- new: nobody has looked; matched: its money stands on an order; proposed, unmatched: a person decides;
    -- dismissed: a person said that it is no order's; aside: money out, or a payment of ours that came back
    state        TEXT NOT NULL CHECK (state IN ('new', 'matched', 'proposed', 'unmatched', 'dismissed', 'aside')),
    found        TEXT NOT NULL DEFAULT '', -- what the rule said: exact, part, over, proposed, review, none
    order_id     {int} REFERENCES orders (id), -- matched with, or proposed
    decided_by   {int} REFERENCES staff (id),  -- NULL: the rule
    decided_at   {int},
    reason       TEXT NOT NULL DEFAULT '',
    UNIQUE (account, key),
    CHECK (state NOT IN ('matched', 'proposed') OR order_id IS NOT NULL),
    CHECK (state <> 'matched' OR amount_cents > 0)
) {table};
CREATE INDEX bank_entry_by_state ON bank_entry (state, booked);
CREATE INDEX bank_entry_of_file ON bank_entry (file_id);
CREATE INDEX bank_entry_of_order ON bank_entry (order_id);

-- A transfer that arrived for an order: recorded by one of the operator's people, or matched with an entry of the bank.
CREATE TABLE transfer_receipt (
    id           {id},
    order_id     {int} NOT NULL REFERENCES orders (id),
    amount_cents {int} NOT NULL CHECK (amount_cents > 0),
    day          {int} NOT NULL,
    bank_ref     TEXT NOT NULL,
    reason       TEXT NOT NULL,
    staff_id     {int} REFERENCES staff (id),             -- NULL: the rule, over a bank_entry
    entry_id     {int} UNIQUE REFERENCES bank_entry (id), -- each entry once
    request_key  TEXT NOT NULL UNIQUE,                    -- each form once
    recorded_at  {int} NOT NULL
) {table};
CREATE INDEX transfer_receipt_of_order ON transfer_receipt (order_id);

-- Money that arrived, anew: by card it has its attempt, by transfer its receipt; what arrived in part waits for the rest.
CREATE TABLE payment_next (
    id           {id},
    order_id     {int} NOT NULL REFERENCES orders (id),
    attempt_id   {int} REFERENCES payment_attempt (id),
    receipt_id   {int} REFERENCES transfer_receipt (id),
    provider     TEXT NOT NULL,
    payment_ref  TEXT NOT NULL,
    amount_cents {int} NOT NULL CHECK (amount_cents > 0),
    received_at  {int} NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'booked', 'refund-due', 'refunded')),
    reason       TEXT NOT NULL DEFAULT '', -- why it waits for a refund
    part         {int} NOT NULL DEFAULT 0 CHECK (part >= 0), -- 0: pays the order; later payments of it count on from 1
    UNIQUE (provider, payment_ref),
    CHECK ((attempt_id IS NULL) <> (receipt_id IS NULL))
) {table};
INSERT INTO payment_next (order_id, attempt_id, provider, payment_ref, amount_cents, received_at, state, reason)
SELECT order_id, attempt_id, provider, payment_ref, amount_cents, received_at, state, reason FROM payment ORDER BY id;
DROP TABLE payment;
ALTER TABLE payment_next RENAME TO payment;
CREATE INDEX payment_of_order ON payment (order_id);
CREATE INDEX payment_of_attempt ON payment (attempt_id);
CREATE INDEX payment_of_receipt ON payment (receipt_id);
CREATE INDEX payment_by_state ON payment (state, received_at);
-- At most one payment pays an order: the second one waits for its refund. Parts of a payment are numbered.
CREATE UNIQUE INDEX payment_booked_once ON payment (order_id, part) WHERE state = 'booked';

-- A credit note credits an invoice. Its total is positive, like the invoice's: the kind says which way it goes.
ALTER TABLE invoice ADD COLUMN credits {int} REFERENCES invoice (id)
    CHECK ((kind = 'credit-note') = (credits IS NOT NULL));
CREATE INDEX invoice_credits ON invoice (credits);
CREATE INDEX invoice_all_of_order ON invoice (order_id);

-- What a credit note credits, as sold; never changed.
CREATE TABLE credit_line (
    invoice_id  {int} NOT NULL REFERENCES invoice (id),
    position    {int} NOT NULL,
    visit_id    {int} NOT NULL REFERENCES visit (id),
    tariff_code TEXT NOT NULL,
    role        TEXT NOT NULL CHECK (role IN ('visitor', 'guide', 'leader')),
    quantity    {int} NOT NULL CHECK (quantity > 0),
    unit_cents  {int} NOT NULL CHECK (unit_cents >= 0),
    vat_code    TEXT NOT NULL REFERENCES vat_regime (code),
    PRIMARY KEY (invoice_id, position)
) {clustered};
CREATE INDEX credit_line_of_visit ON credit_line (visit_id);

-- A decision that money goes back. The same key again finds it.
CREATE TABLE refund (
    id           {id},
    order_id     {int} NOT NULL REFERENCES orders (id),
    amount_cents {int} NOT NULL CHECK (amount_cents >= 0),
    reason       TEXT NOT NULL CHECK (reason IN ('closure', 'change', 'desk', 'late')),
    request_key  TEXT NOT NULL UNIQUE,
    staff_id     {int} REFERENCES staff (id),   -- NULL: the customer's own choice, or the program
    credit_id    {int} REFERENCES invoice (id), -- the credit note; NULL: that money was never invoiced
    made_at      {int} NOT NULL
) {table};
CREATE INDEX refund_of_order ON refund (order_id);
CREATE INDEX refund_newest ON refund (made_at);

-- The same decision as movements of money: one for each payment that it comes from. Before the provider is asked the row
-- is committed with its key: whatever is lost afterwards, the same key is sent again and moves the money once.
CREATE TABLE refund_part (
    id           {id},
    refund_id    {int} NOT NULL REFERENCES refund (id),
    payment_id   {int} NOT NULL REFERENCES payment (id),
    amount_cents {int} NOT NULL CHECK (amount_cents > 0),
    way          TEXT NOT NULL CHECK (way IN ('provider', 'transfer')),
    -- waiting: to be sent, or to be transferred by a person; sent: the provider works on it; failed: it said no;
    -- unclear: no answer for so long that the key is not safe any more: a person looks at the provider's
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'done', 'failed', 'unclear')),
    key          TEXT NOT NULL UNIQUE,
    provider_ref TEXT UNIQUE,
    first_at     {int},                   -- when the provider was asked first
    tries        {int} NOT NULL DEFAULT 0,
    next_at      {int} NOT NULL,
    answer       TEXT NOT NULL DEFAULT '', -- the provider's last word
    paid_day     {int},                   -- «viré le»
    bank_ref     TEXT NOT NULL DEFAULT '',
    settled_by   {int} REFERENCES staff (id),
    settled_at   {int},
    CHECK (state <> 'done' OR settled_at IS NOT NULL),
    CHECK (way = 'provider' OR state IN ('waiting', 'done'))
) {table};
CREATE INDEX refund_part_of_refund ON refund_part (refund_id);
CREATE INDEX refund_part_of_payment ON refund_part (payment_id);
CREATE INDEX refund_part_due ON refund_part (state, way, next_at);
