-- The gate: keys that sign the codes of tickets, scans and counted heads, and what did not agree (OPS-3, TKT-6).

-- A signing key is made once; its secret half lies here sealed with the service's key, so that all servers sign alike.
-- The byte of its id stands in each code. A retired key signs no more, but what it signed stays good.
CREATE TABLE gate_key (
    id         {int} NOT NULL PRIMARY KEY CHECK (id BETWEEN 1 AND 255),
    public_key {blob} NOT NULL,
    sealed     {blob} NOT NULL,
    created_at {int} NOT NULL,
    retired_at {int}
) {table};
-- One key signs.
CREATE UNIQUE INDEX gate_key_signing ON gate_key ((retired_at IS NULL)) WHERE retired_at IS NULL;

-- When a ticket that is used let somebody in: for «already used at 10:32» without a look at the scans.
ALTER TABLE ticket ADD COLUMN used_at {int};
-- The few of a monument's tickets that a gate without a network must know not to be good any more.
CREATE INDEX ticket_ended ON ticket (valid_until) WHERE state = 'cancelled';

-- How many persons of a visit are in. Changed only by a conditional statement that knows the size of the group.
CREATE TABLE gate_group (
    visit_id {int} NOT NULL PRIMARY KEY REFERENCES visit (id),
    arrived  {int} NOT NULL CHECK (arrived >= 0),
    first_at {int} NOT NULL,
    last_at  {int} NOT NULL
) {table};

-- Everything that was done at a gate: only ever added to.
CREATE TABLE gate_scan (
    id          {id},
    monument_id {int} NOT NULL REFERENCES monument (id), -- where the gate is
    device      TEXT NOT NULL, -- a browser's own random word; with scan_key a scan that comes again is the same one
    scan_key    TEXT NOT NULL,
    gate        TEXT NOT NULL, -- what its people call it: «Entrée nord»; may be empty
    staff_id    {int} NOT NULL REFERENCES staff (id),
    act         TEXT NOT NULL CHECK (act IN ('ticket', 'group', 'undo')),
    number      TEXT NOT NULL, -- of the ticket as it was read; empty when there was none
    ticket_id   {int} REFERENCES ticket (id),
    visit_id    {int} REFERENCES visit (id),
    result      TEXT NOT NULL CHECK (result IN ('valid', 'used', 'wrong-slot', 'wrong-day', 'wrong-monument', 'cancelled',
                                                'expired', 'unknown', 'forged', 'too-many', 'undone')),
    counted     {int} NOT NULL CHECK (counted >= 0), -- persons that stood there
    heads       {int} NOT NULL, -- persons that it let in; what an undo takes back is negative
    prior_id    {int} REFERENCES gate_scan (id), -- the scan that had used the ticket, or the one that is undone
    reason      TEXT NOT NULL DEFAULT '',
    told        TEXT NOT NULL DEFAULT '', -- what the device said while it had no network; empty: the answer came from here
    scanned_at  {int} NOT NULL, -- at the gate
    received_at {int} NOT NULL,
    UNIQUE (device, scan_key),
    CHECK ((act = 'undo') = (reason <> '')),
    CHECK (act <> 'undo' OR (prior_id IS NOT NULL AND heads <= 0)),
    CHECK (act = 'undo' OR heads BETWEEN 0 AND counted),
    CHECK (heads = 0 OR visit_id IS NOT NULL)
) {table};
CREATE INDEX gate_scan_of_ticket ON gate_scan (ticket_id);
CREATE INDEX gate_scan_of_visit ON gate_scan (visit_id);
CREATE INDEX gate_scan_of_monument ON gate_scan (monument_id, scanned_at);
CREATE INDEX gate_scan_by_prior ON gate_scan (prior_id);
CREATE UNIQUE INDEX gate_scan_undone_once ON gate_scan (prior_id) WHERE act = 'undo';

-- What a gate without a network let in although it should not have, found when its scans arrived. The earliest of two
-- scans of one ticket wins; both gates see it.
CREATE TABLE gate_conflict (
    id          {id},
    monument_id {int} NOT NULL REFERENCES monument (id),
    why         TEXT NOT NULL, -- the result that the losing scan has or should have had
    winner_id   {int} REFERENCES gate_scan (id), -- NULL: nobody had that place
    loser_id    {int} NOT NULL UNIQUE REFERENCES gate_scan (id),
    noted_at    {int} NOT NULL
) {table};
CREATE INDEX gate_conflict_of_monument ON gate_conflict (monument_id, noted_at);
CREATE INDEX gate_conflict_winner ON gate_conflict (winner_id);
