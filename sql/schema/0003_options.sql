-- Options in the course of their life: changed in place (OPT-6), reminded of their end (OPT-7).

-- When the end of an option was set anew: changed in place or extended. NULL: when it was placed. A reminder whose time
-- had come before that is not sent: who has just acted knows.
ALTER TABLE visit ADD COLUMN end_set_at {int};

-- The changes of an option: a form that comes again does not undo what came after it.
CREATE TABLE option_change (
    visit_id    {int} NOT NULL REFERENCES visit (id),
    request_key TEXT NOT NULL,
    start_at    {int} NOT NULL, -- what it became
    persons     {int} NOT NULL,
    changed_at  {int} NOT NULL,
    PRIMARY KEY (visit_id, request_key)
) {clustered};

-- What was said, or passed over, of each end of an option: one row for each reminder, so that each is sent once. An
-- option that ends at another moment is reminded anew.
CREATE TABLE option_reminder (
    visit_id {int} NOT NULL REFERENCES visit (id),
    ends_at  {int} NOT NULL,
    days     {int} NOT NULL CHECK (days >= 0),          -- before the last day
    mailed   {int} NOT NULL CHECK (mailed IN (0, 1)),   -- 0: passed over
    noted_at {int} NOT NULL,
    PRIMARY KEY (visit_id, ends_at, days)
) {clustered};
