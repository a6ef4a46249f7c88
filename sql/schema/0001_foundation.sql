-- The foundation: catalogue, plannings, accounts, visits, orders, payments, tickets, invoices, outbox.
-- Invariants live here: checks, unique keys and references say what may never be otherwise.

-- Rules and addresses of the network that an operator changes without a programmer.
CREATE TABLE setting (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) {table};

-- Legal texts by version and language; orders record the version that was accepted (CRT-2).
CREATE TABLE legal_text (
    kind         TEXT NOT NULL CHECK (kind IN ('terms', 'privacy', 'accessibility')),
    version      TEXT NOT NULL,
    lang         TEXT NOT NULL CHECK (lang IN ('fr', 'en')),
    effective_at {int} NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (kind, version, lang)
) {table};

CREATE TABLE monument (
    id             {id},
    slug           TEXT NOT NULL UNIQUE,
    name           TEXT NOT NULL,
    city           TEXT NOT NULL,
    department     TEXT NOT NULL,
    region         TEXT NOT NULL,
    kind           TEXT NOT NULL,
    description_fr TEXT NOT NULL,
    description_en TEXT NOT NULL,
    latitude_e4    {int} NOT NULL,
    longitude_e4   {int} NOT NULL,
    hours_summer   TEXT NOT NULL,
    hours_winter   TEXT NOT NULL,
    closing_days   TEXT NOT NULL,
    -- CAT-3: planning of group slots; ticket for a day; contact the monument first, then pay undated tickets
    sale_mode      TEXT NOT NULL CHECK (sale_mode IN ('group-slots', 'dated', 'contact')),
    contact_email  TEXT NOT NULL,
    contact_phone  TEXT NOT NULL,
    published      {int} NOT NULL DEFAULT 1 CHECK (published IN (0, 1)),
    search_text    TEXT NOT NULL
) {table};

-- PLA-3: the booking rules of a monument, all data.
CREATE TABLE group_rule (
    monument_id          {int} NOT NULL PRIMARY KEY REFERENCES monument (id),
    min_persons          {int} NOT NULL CHECK (min_persons >= 1),
    guide_waives_minimum {int} NOT NULL CHECK (guide_waives_minimum IN (0, 1)),
    max_persons          {int} NOT NULL CHECK (max_persons >= min_persons),
    option_days          {int} CHECK (option_days > 0),        -- NULL: no option at this monument (OPT-1)
    confirm_days_before  {int} NOT NULL CHECK (confirm_days_before >= 0),
    confirm_minute       {int} NOT NULL CHECK (confirm_minute BETWEEN 0 AND 1440),
    sales_close_minutes  {int} NOT NULL CHECK (sales_close_minutes >= 0), -- no sale later than this before the start
    school_online        {int} NOT NULL CHECK (school_online IN (0, 1))   -- VIS-1
) {table};

CREATE TABLE vat_regime (
    code       TEXT NOT NULL PRIMARY KEY,
    category   TEXT NOT NULL CHECK (category IN ('S', 'E', 'O')),
    rate_bp    {int} NOT NULL CHECK (rate_bp BETWEEN 0 AND 10000),
    mention_fr TEXT NOT NULL,
    mention_en TEXT NOT NULL
) {table};

-- Prices with validity dates. The row of the highest min_persons that a group reaches is the one it pays.
CREATE TABLE tariff (
    id           {id},
    monument_id  {int} NOT NULL REFERENCES monument (id),
    code         TEXT NOT NULL CHECK (code IN ('full', 'group', 'school')),
    audience     TEXT NOT NULL CHECK (audience IN ('adults', 'school', 'special')),
    min_persons  {int} NOT NULL CHECK (min_persons >= 1),
    amount_cents {int} NOT NULL CHECK (amount_cents >= 0),
    vat_code     TEXT NOT NULL REFERENCES vat_regime (code),
    valid_from   {int} NOT NULL, -- day number, included
    valid_to     {int},          -- day number, included; NULL: until further notice
    UNIQUE (monument_id, audience, code, valid_from)
) {table};

-- A slot is known by its monument and its start, which is also how plannings read it. `taken` counts persons and is
-- changed only by a conditional UPDATE (PLA-4); the nightly check compares it with the visits that hold places.
CREATE TABLE slot (
    monument_id  {int} NOT NULL REFERENCES monument (id),
    start_at     {int} NOT NULL, -- instant
    day          {int} NOT NULL, -- local day
    minutes      {int} NOT NULL CHECK (minutes > 0),
    whole_day    {int} NOT NULL DEFAULT 0 CHECK (whole_day IN (0, 1)), -- a dated ticket's day
    capacity     {int} NOT NULL CHECK (capacity >= 0),
    taken        {int} NOT NULL DEFAULT 0,
    for_groups   {int} NOT NULL DEFAULT 1 CHECK (for_groups IN (0, 1)),
    closed_fr    TEXT, -- why it is closed, in both languages; NULL: open
    closed_en    TEXT,
    on_sale_from {int} NOT NULL,
    PRIMARY KEY (monument_id, start_at),
    CHECK (taken BETWEEN 0 AND capacity),
    CHECK ((closed_fr IS NULL) = (closed_en IS NULL))
) {clustered};

CREATE TABLE organisation (
    id               {id},
    name             TEXT NOT NULL,
    kind             TEXT NOT NULL,
    registration     TEXT NOT NULL, -- SIRET, or the foreign register's number
    vat_number       TEXT NOT NULL DEFAULT '',
    address          TEXT NOT NULL,
    postcode         TEXT NOT NULL,
    city             TEXT NOT NULL,
    country          TEXT NOT NULL,
    transfer_allowed {int} NOT NULL DEFAULT 0 CHECK (transfer_allowed IN (0, 1)), -- CRT-4
    created_at       {int} NOT NULL
) {table};

CREATE TABLE person (
    id              {id},
    organisation_id {int} NOT NULL REFERENCES organisation (id),
    email           TEXT NOT NULL,
    email_key       TEXT NOT NULL UNIQUE, -- lower case: one account an address (ACC-2)
    first_name      TEXT NOT NULL,
    last_name       TEXT NOT NULL,
    phone           TEXT NOT NULL,
    password_hash   TEXT NOT NULL,
    lang            TEXT NOT NULL CHECK (lang IN ('fr', 'en')),
    created_at      {int} NOT NULL,
    verified_at     {int}
) {table};
CREATE INDEX person_of_organisation ON person (organisation_id);

-- Sessions live here, so that any server can serve them and a person can end them (ACC-4). Only a hash of the cookie.
CREATE TABLE session (
    id         {id},
    token_hash TEXT NOT NULL UNIQUE,
    person_id  {int} NOT NULL REFERENCES person (id),
    created_at {int} NOT NULL,
    seen_at    {int} NOT NULL,
    expires_at {int} NOT NULL,
    agent      TEXT NOT NULL,
    address    TEXT NOT NULL
) {table};
CREATE INDEX session_of_person ON session (person_id);
CREATE INDEX session_by_end ON session (expires_at);

-- One-time links by mail: verification of an address, new password.
CREATE TABLE email_link (
    token_hash TEXT NOT NULL PRIMARY KEY,
    kind       TEXT NOT NULL CHECK (kind IN ('verify', 'reset')),
    person_id  {int} NOT NULL REFERENCES person (id),
    created_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    used_at    {int}
) {table};

-- Keyed hashes of the public shop's addresses (ACC-2).
CREATE TABLE public_email (
    hash TEXT NOT NULL PRIMARY KEY
) {table};

-- Accompanying persons (COM-1).
CREATE TABLE leader (
    id              {id},
    organisation_id {int} NOT NULL REFERENCES organisation (id),
    kind            TEXT NOT NULL CHECK (kind IN ('guide', 'accompanying')),
    placeholder     {int} NOT NULL DEFAULT 0 CHECK (placeholder IN (0, 1)), -- «Guide Type», «Accompagnateur Type»
    last_name       TEXT NOT NULL,
    first_name      TEXT NOT NULL,
    email           TEXT NOT NULL,
    phone           TEXT NOT NULL,
    created_at      {int} NOT NULL,
    removed_at      {int}
) {table};
CREATE INDEX leader_of_organisation ON leader (organisation_id);

-- People to whom tickets are attributed (CRT-2).
CREATE TABLE contact (
    id              {id},
    organisation_id {int} NOT NULL REFERENCES organisation (id),
    kind            TEXT NOT NULL CHECK (kind IN ('customer', 'colleague', 'guide')),
    last_name       TEXT NOT NULL,
    first_name      TEXT NOT NULL,
    email           TEXT NOT NULL,
    phone           TEXT NOT NULL,
    lang            TEXT NOT NULL CHECK (lang IN ('fr', 'en')),
    created_at      {int} NOT NULL,
    removed_at      {int}
) {table};
CREATE INDEX contact_of_organisation ON contact (organisation_id);

CREATE TABLE orders (
    id              {id},
    ref             TEXT NOT NULL UNIQUE,
    organisation_id {int} NOT NULL REFERENCES organisation (id),
    person_id       {int} NOT NULL REFERENCES person (id),
    state           TEXT NOT NULL CHECK (state IN ('pending', 'confirmed', 'expired', 'cancelled')),
    method          TEXT NOT NULL CHECK (method IN ('card', 'transfer', 'free')),
    total_cents     {int} NOT NULL CHECK (total_cents >= 0),
    lang            TEXT NOT NULL CHECK (lang IN ('fr', 'en')),
    terms_version   TEXT NOT NULL,
    request_key     TEXT NOT NULL, -- the form's own key: a replay finds this order instead of making another
    created_at      {int} NOT NULL,
    confirmed_at    {int},
    UNIQUE (organisation_id, request_key),
    CHECK ((state = 'confirmed') = (confirmed_at IS NOT NULL))
) {table};
CREATE INDEX orders_of_organisation ON orders (organisation_id, created_at);
CREATE INDEX orders_pending ON orders (state, created_at);

-- A group's visit: from option or cart to the confirmed visit. While it is live its persons are counted in slot.taken.
CREATE TABLE visit (
    id              {id},
    organisation_id {int} NOT NULL REFERENCES organisation (id),
    person_id       {int} NOT NULL REFERENCES person (id),
    monument_id     {int} NOT NULL REFERENCES monument (id),
    kind            TEXT NOT NULL CHECK (kind IN ('slot', 'dated', 'undated')),
    start_at        {int}, -- with monument_id the slot; NULL for undated tickets
    persons         {int} NOT NULL CHECK (persons BETWEEN 1 AND 1000), -- the whole group, leader included
    audience        TEXT NOT NULL CHECK (audience IN ('adults', 'school', 'special')),
    leader_kind     TEXT NOT NULL CHECK (leader_kind IN ('guide', 'accompanying', 'none')),
    state           TEXT NOT NULL CHECK (state IN ('option', 'cart', 'confirmed', 'cancelled', 'expired')),
    placed_at       {int} NOT NULL,
    ends_at         {int}, -- end of the option or of the hold in the cart; NULL: nothing is held
    in_cart         {int} NOT NULL CHECK (in_cart IN (0, 1)),
    order_id        {int} REFERENCES orders (id),
    pay_until       {int}, -- while a payment is under way the places stay until then
    leader_id       {int} REFERENCES leader (id),
    contact_id      {int} REFERENCES contact (id), -- NULL: the buyer's own address
    split_key       TEXT,  -- sub-groups of one large group share it (PLA-5)
    request_key     TEXT NOT NULL,
    closed_at       {int}, -- when it was cancelled or expired
    UNIQUE (organisation_id, request_key),
    FOREIGN KEY (monument_id, start_at) REFERENCES slot (monument_id, start_at),
    CHECK ((kind = 'undated') = (start_at IS NULL)),
    CHECK (state NOT IN ('option', 'cart') OR kind = 'undated' OR ends_at IS NOT NULL)
) {table};
CREATE INDEX visit_of_organisation ON visit (organisation_id, state);
CREATE INDEX visit_of_order ON visit (order_id);
CREATE INDEX visit_of_slot ON visit (monument_id, start_at);
CREATE INDEX visit_by_end ON visit (state, ends_at);

-- Price lines of an order as sold; never changed.
CREATE TABLE order_line (
    id          {id},
    order_id    {int} NOT NULL REFERENCES orders (id),
    visit_id    {int} NOT NULL REFERENCES visit (id),
    position    {int} NOT NULL,
    tariff_code TEXT NOT NULL,
    role        TEXT NOT NULL CHECK (role IN ('visitor', 'guide', 'leader')), -- whose tickets: a free leader has a line
    quantity    {int} NOT NULL CHECK (quantity > 0),
    unit_cents  {int} NOT NULL CHECK (unit_cents >= 0),
    vat_code    TEXT NOT NULL REFERENCES vat_regime (code),
    why         TEXT NOT NULL, -- message key of the explanation
    why_number  {int} NOT NULL,
    UNIQUE (order_id, position)
) {table};

-- One row each time a buyer is sent to the payment provider.
CREATE TABLE payment_attempt (
    id           {id},
    order_id     {int} NOT NULL REFERENCES orders (id),
    number       {int} NOT NULL,
    provider     TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('created', 'open', 'paid', 'failed', 'expired')),
    amount_cents {int} NOT NULL CHECK (amount_cents > 0),
    provider_ref TEXT UNIQUE,
    redirect_url TEXT NOT NULL DEFAULT '',
    created_at   {int} NOT NULL,
    expires_at   {int} NOT NULL,
    settled_at   {int},
    UNIQUE (order_id, number)
) {table};
CREATE INDEX attempt_unsettled ON payment_attempt (state, expires_at);

-- Every notification once (CRT-3).
CREATE TABLE provider_event (
    provider    TEXT NOT NULL,
    event_id    TEXT NOT NULL,
    kind        TEXT NOT NULL,
    received_at {int} NOT NULL,
    PRIMARY KEY (provider, event_id)
) {table};

-- Money that arrived. It is booked on its order, or it waits visibly for a refund; it is never dropped.
CREATE TABLE payment (
    id           {id},
    order_id     {int} NOT NULL REFERENCES orders (id),
    attempt_id   {int} NOT NULL REFERENCES payment_attempt (id),
    provider     TEXT NOT NULL,
    payment_ref  TEXT NOT NULL,
    amount_cents {int} NOT NULL CHECK (amount_cents > 0),
    received_at  {int} NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('booked', 'refund-due', 'refunded')),
    reason       TEXT NOT NULL DEFAULT '', -- why it waits for a refund
    UNIQUE (provider, payment_ref)
) {table};
CREATE INDEX payment_of_order ON payment (order_id);
-- At most one payment is booked on an order: the second one waits for its refund.
CREATE UNIQUE INDEX payment_booked_once ON payment (order_id) WHERE state = 'booked';

CREATE TABLE ticket (
    id          {id},
    number      TEXT NOT NULL UNIQUE,
    code        TEXT NOT NULL, -- secret part of the QR code
    order_id    {int} NOT NULL REFERENCES orders (id),
    visit_id    {int} NOT NULL REFERENCES visit (id),
    position    {int} NOT NULL, -- 1 to n inside the visit
    role        TEXT NOT NULL CHECK (role IN ('visitor', 'guide', 'leader')),
    tariff_code TEXT NOT NULL,
    price_cents {int} NOT NULL CHECK (price_cents >= 0),
    valid_from  {int} NOT NULL, -- instant
    valid_until {int} NOT NULL, -- instant
    state       TEXT NOT NULL CHECK (state IN ('valid', 'cancelled', 'used')),
    issued_at   {int} NOT NULL,
    UNIQUE (visit_id, position)
) {table};
CREATE INDEX ticket_of_order ON ticket (order_id);

-- Gap-free numbers: the row is locked by the transaction that draws, so a rollback gives the number back.
CREATE TABLE number_series (
    series TEXT NOT NULL,
    year   {int} NOT NULL,
    next   {int} NOT NULL CHECK (next >= 1),
    PRIMARY KEY (series, year)
) {table};

CREATE TABLE invoice (
    id           {id},
    number       TEXT NOT NULL UNIQUE,
    series       TEXT NOT NULL,
    year         {int} NOT NULL,
    sequence     {int} NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('invoice', 'credit-note')),
    order_id     {int} NOT NULL REFERENCES orders (id),
    issued_at    {int} NOT NULL,
    total_cents  {int} NOT NULL,
    seller       TEXT NOT NULL, -- as printed: one line of the block a line
    buyer        TEXT NOT NULL,
    UNIQUE (series, year, sequence)
) {table};
CREATE UNIQUE INDEX invoice_of_order ON invoice (order_id) WHERE kind = 'invoice';

-- What is to be mailed, written in the transaction that causes it; composed and sent by the job, at least once.
CREATE TABLE outbox (
    id              {id},
    kind            TEXT NOT NULL,
    organisation_id {int} REFERENCES organisation (id),
    order_id        {int} REFERENCES orders (id),
    visit_id        {int} REFERENCES visit (id),
    recipient       TEXT NOT NULL,
    recipient_name  TEXT NOT NULL,
    lang            TEXT NOT NULL CHECK (lang IN ('fr', 'en')),
    detail          TEXT NOT NULL DEFAULT '', -- a one-time link's token; emptied once sent
    state           TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
    tries           {int} NOT NULL DEFAULT 0,
    next_at         {int} NOT NULL,
    last_answer     TEXT NOT NULL DEFAULT '',
    created_at      {int} NOT NULL,
    sent_at         {int}
) {table};
CREATE INDEX outbox_due ON outbox (state, next_at);
CREATE INDEX outbox_of_order ON outbox (order_id);

-- A job runs on one server at a time: who holds the lease.
CREATE TABLE job_lease (
    name  TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    until {int} NOT NULL
) {table};

-- Who did what, when, to what.
CREATE TABLE audit (
    id              {id},
    at              {int} NOT NULL,
    person_id       {int} REFERENCES person (id),
    organisation_id {int} REFERENCES organisation (id),
    act             TEXT NOT NULL,
    subject         TEXT NOT NULL,
    detail          TEXT NOT NULL DEFAULT ''
) {table};
CREATE INDEX audit_of_organisation ON audit (organisation_id, at);
