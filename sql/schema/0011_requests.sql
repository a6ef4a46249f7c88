-- Requests to monuments without slots (MON-2): what a customer asks, what becomes of it, and all that was said.

CREATE TABLE visit_request (
    id              {id},
    ref             TEXT NOT NULL UNIQUE,
    organisation_id {int} NOT NULL REFERENCES organisation (id),
    person_id       {int} NOT NULL REFERENCES person (id), -- who asked: the mails go there
    monument_id     {int} NOT NULL REFERENCES monument (id),
    -- what was asked
    day             {int} NOT NULL,                        -- local day
    from_minute     {int} NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
    to_minute       {int} NOT NULL CHECK (to_minute BETWEEN 1 AND 1440),
    persons         {int} NOT NULL CHECK (persons BETWEEN 1 AND 1000), -- the whole group, leader included
    audience        TEXT NOT NULL CHECK (audience IN ('adults', 'school', 'special')),
    leader_kind     TEXT NOT NULL CHECK (leader_kind IN ('guide', 'accompanying', 'none')),
    leader_id       {int} REFERENCES leader (id),          -- NULL: not known yet
    visit_lang      TEXT NOT NULL,                         -- in which the group is received
    -- what became of it
    state           TEXT NOT NULL CHECK (state IN ('asked', 'proposed', 'accepted', 'till', 'paid', 'declined',
                                                   'withdrawn', 'cancelled', 'lapsed')),
    turn            {int} NOT NULL DEFAULT 1,              -- counts the changes: who answers an older one is told so
    start_at        {int},                                 -- proposed or fixed
    due_at          {int},                                 -- until when somebody is to answer; NULL: nobody is
    remind_at       {int},                                 -- when the monument is reminded
    pay_until       {int},                                 -- end of online payment; NULL: at the till only
    escalated_at    {int},
    visit_id        {int} UNIQUE REFERENCES visit (id),    -- the tickets: in a cart, being paid or sold
    request_key     TEXT NOT NULL,
    asked_at        {int} NOT NULL,
    changed_at      {int} NOT NULL,
    UNIQUE (organisation_id, request_key),
    CHECK (from_minute < to_minute),
    CHECK ((state IN ('asked', 'proposed')) = (due_at IS NOT NULL)),
    CHECK (state NOT IN ('proposed', 'accepted', 'till', 'paid', 'cancelled') OR start_at IS NOT NULL),
    CHECK (state <> 'accepted' OR pay_until IS NOT NULL),
    CHECK (state <> 'paid' OR visit_id IS NOT NULL)
) {table};
CREATE INDEX visit_request_of_organisation ON visit_request (organisation_id, asked_at);
CREATE INDEX visit_request_of_monument ON visit_request (monument_id, asked_at);
CREATE INDEX visit_request_of_day ON visit_request (monument_id, start_at);
CREATE INDEX visit_request_due ON visit_request (state, due_at);
CREATE INDEX visit_request_to_remind ON visit_request (state, remind_at);
CREATE INDEX visit_request_payable ON visit_request (state, pay_until);
CREATE INDEX visit_request_newest ON visit_request (asked_at);

-- What was done and said, in its order; never changed. A message is an event that changes nothing.
CREATE TABLE visit_request_event (
    id          {id},
    request_id  {int} NOT NULL REFERENCES visit_request (id),
    at          {int} NOT NULL,
    act         TEXT NOT NULL, -- «ask», «message», or an act of the domain
    person_id   {int} REFERENCES person (id), -- the customer's person; with staff_id: in whose name
    staff_id    {int} REFERENCES staff (id),  -- one of the operator's people; neither: time
    start_at    {int},                        -- the time that was fixed or proposed
    words       TEXT NOT NULL DEFAULT '',
    request_key TEXT,                         -- the form's own key: a replay is the same event
    UNIQUE (request_id, request_key)
) {table};

-- What the response timer did: one row for each step, so that each is done once.
CREATE TABLE visit_request_notice (
    request_id {int} NOT NULL REFERENCES visit_request (id),
    step       TEXT NOT NULL CHECK (step IN ('reminder', 'escalation')),
    noted_at   {int} NOT NULL,
    PRIMARY KEY (request_id, step)
) {clustered};
