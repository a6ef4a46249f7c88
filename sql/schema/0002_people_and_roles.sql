-- The people of both sides: roles in organisations, the operator's people, second factors, invitations (ACC-5, ACC-6,
-- OPS-7), and an audit that also says which of the operator's people, why, and what it was before.

-- Who opened an account manages it. A leaver keeps the row, since orders name it; the address is free for others then.
ALTER TABLE person ADD COLUMN role TEXT NOT NULL DEFAULT 'manager'
    CHECK (role IN ('manager', 'booker', 'accountant', 'read-only'));
ALTER TABLE person ADD COLUMN left_at {int};

-- The operator's people.
CREATE TABLE staff (
    id            {id},
    email         TEXT NOT NULL,
    email_key     TEXT NOT NULL UNIQUE, -- lower case
    first_name    TEXT NOT NULL,
    last_name     TEXT NOT NULL,
    password_hash TEXT NOT NULL DEFAULT '', -- empty: not set up yet, nobody signs in
    lang          TEXT NOT NULL CHECK (lang IN ('fr', 'en')),
    role          TEXT NOT NULL CHECK (role IN ('administrator', 'customer-service', 'monument-manager', 'gate-agent',
                                                'accountant')),
    created_at    {int} NOT NULL,
    disabled_at   {int}
) {table};

-- Which monuments a manager or a gate agent has.
CREATE TABLE staff_monument (
    staff_id    {int} NOT NULL REFERENCES staff (id),
    monument_id {int} NOT NULL REFERENCES monument (id),
    PRIMARY KEY (staff_id, monument_id)
) {clustered};
CREATE INDEX staff_of_monument ON staff_monument (monument_id);

-- Open only after the second factor. While customer service acts for a customer the session says for whom (OPS-1).
CREATE TABLE staff_session (
    id               {id},
    token_hash       TEXT NOT NULL UNIQUE,
    staff_id         {int} NOT NULL REFERENCES staff (id),
    created_at       {int} NOT NULL,
    seen_at          {int} NOT NULL,
    expires_at       {int} NOT NULL,
    agent            TEXT NOT NULL,
    address          TEXT NOT NULL,
    acting_person_id {int} REFERENCES person (id), -- the person of the organisation in whose name; NULL: nobody's
    acting_since     {int},
    CHECK ((acting_person_id IS NULL) = (acting_since IS NULL))
) {table};
CREATE INDEX staff_session_of_staff ON staff_session (staff_id);
CREATE INDEX staff_session_by_end ON staff_session (expires_at);

-- The second factor of a customer's person or of one of the operator's people: one each.
CREATE TABLE second_factor (
    id           {id},
    person_id    {int} UNIQUE REFERENCES person (id),
    staff_id     {int} UNIQUE REFERENCES staff (id),
    secret       {blob} NOT NULL, -- sealed with the service's key
    created_at   {int} NOT NULL,
    confirmed_at {int},           -- NULL: shown, but no code of it was given yet
    last_step    {int} NOT NULL DEFAULT 0, -- of the last code that was accepted: none is accepted twice
    wrong_count  {int} NOT NULL DEFAULT 0, -- wrong codes since wrong_since
    wrong_since  {int} NOT NULL DEFAULT 0,
    CHECK ((person_id IS NULL) <> (staff_id IS NULL))
) {table};

-- One-time codes for who lost the device. Only keyed hashes.
CREATE TABLE recovery_code (
    factor_id {int} NOT NULL REFERENCES second_factor (id),
    code_hash TEXT NOT NULL,
    used_at   {int},
    PRIMARY KEY (factor_id, code_hash)
) {clustered};

-- Between the password and the second factor: worth minutes, and nothing but that step.
CREATE TABLE sign_in_step (
    token_hash    TEXT NOT NULL PRIMARY KEY,
    person_id     {int} REFERENCES person (id),
    staff_id      {int} REFERENCES staff (id),
    password_hash TEXT NOT NULL, -- the one that was checked: a new password makes the step worthless
    created_at    {int} NOT NULL,
    expires_at    {int} NOT NULL,
    CHECK ((person_id IS NULL) <> (staff_id IS NULL))
) {table};
CREATE INDEX sign_in_step_by_end ON sign_in_step (expires_at);

-- Invitations by mail: into an organisation, or to one of the operator's people whose row waits for its password.
CREATE TABLE invitation (
    id              {id},
    token_hash      TEXT NOT NULL UNIQUE,
    organisation_id {int} REFERENCES organisation (id),
    staff_id        {int} REFERENCES staff (id),
    role            TEXT NOT NULL,
    email           TEXT NOT NULL,
    email_key       TEXT NOT NULL,
    lang            TEXT NOT NULL CHECK (lang IN ('fr', 'en')),
    inviter         TEXT NOT NULL, -- name of who invites, as the mail shows it; empty: the program itself
    created_at      {int} NOT NULL,
    expires_at      {int} NOT NULL,
    ended_at        {int},         -- accepted, withdrawn or replaced
    accepted        {int} NOT NULL DEFAULT 0 CHECK (accepted IN (0, 1)),
    CHECK ((organisation_id IS NULL) <> (staff_id IS NULL)),
    CHECK (accepted = 0 OR ended_at IS NOT NULL)
) {table};
-- One that is open for each address and organisation, and for each of the operator's people.
CREATE UNIQUE INDEX invitation_open ON invitation (organisation_id, email_key) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX invitation_open_staff ON invitation (staff_id) WHERE ended_at IS NULL;
CREATE INDEX invitation_of_organisation ON invitation (organisation_id, created_at);
CREATE INDEX invitation_of_staff ON invitation (staff_id, created_at);
CREATE INDEX invitation_by_end ON invitation (expires_at);

-- OPS-1: every act says who, when, why, before and after. With staff_id and person_id the one acted for the other.
ALTER TABLE audit ADD COLUMN staff_id {int} REFERENCES staff (id);
ALTER TABLE audit ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN was TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN became TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_of_staff ON audit (staff_id, at);
CREATE INDEX audit_by_time ON audit (at);
