-- A monument's own work: season and weekday templates behind the slots, private events, photographs, what a group
-- needs, bookings by telephone (OPS-2).

-- A season, or an exception that goes before every season: days with hours of their own, or with none. Of one kind no
-- two overlap; the commands see to that, and the doctor checks it.
CREATE TABLE schedule_period (
    id           {id},
    monument_id  {int} NOT NULL REFERENCES monument (id),
    kind         TEXT NOT NULL CHECK (kind IN ('season', 'exception')),
    name         TEXT NOT NULL,
    first_day    {int} NOT NULL, -- both included
    last_day     {int} NOT NULL,
    -- when sales of a slot open: at once; so many months before, on the first of the month; on one day
    sales        TEXT NOT NULL CHECK (sales IN ('now', 'months', 'day')),
    sales_months {int} NOT NULL DEFAULT 0 CHECK (sales_months BETWEEN 0 AND 36),
    sales_day    {int},
    sales_minute {int} NOT NULL DEFAULT 540 CHECK (sales_minute BETWEEN 0 AND 1439),
    CHECK (last_day >= first_day),
    CHECK ((sales = 'day') = (sales_day IS NOT NULL))
) {table};
CREATE INDEX schedule_period_of_monument ON schedule_period (monument_id, first_day);

-- A run of slots on some weekdays of a period.
CREATE TABLE schedule_line (
    id           {id},
    period_id    {int} NOT NULL REFERENCES schedule_period (id),
    weekdays     {int} NOT NULL CHECK (weekdays BETWEEN 1 AND 127), -- bit 0 is Monday
    first_minute {int} NOT NULL CHECK (first_minute BETWEEN 0 AND 1439),
    last_minute  {int} NOT NULL CHECK (last_minute BETWEEN 0 AND 1439), -- start of the last slot
    step_minutes {int} NOT NULL CHECK (step_minutes BETWEEN 5 AND 1440),
    minutes      {int} NOT NULL CHECK (minutes BETWEEN 5 AND 1440),     -- length of a visit
    capacity     {int} NOT NULL CHECK (capacity BETWEEN 0 AND 10000),
    for_groups   {int} NOT NULL CHECK (for_groups IN (0, 1)),
    CHECK (last_minute >= first_minute)
) {table};
CREATE INDEX schedule_line_of_period ON schedule_line (period_id);

-- Part of a day that the monument gives to somebody else; slots that start in it are closed with this reason.
CREATE TABLE schedule_event (
    id          {id},
    monument_id {int} NOT NULL REFERENCES monument (id),
    day         {int} NOT NULL,
    from_minute {int} NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
    to_minute   {int} NOT NULL CHECK (to_minute BETWEEN 1 AND 1440), -- not included
    reason_fr   TEXT NOT NULL,
    reason_en   TEXT NOT NULL,
    created_at  {int} NOT NULL,
    CHECK (to_minute > from_minute)
) {table};
CREATE INDEX schedule_event_of_monument ON schedule_event (monument_id, day);

-- Set by somebody for this slot alone: the templates leave it as it is.
ALTER TABLE slot ADD COLUMN by_hand {int} NOT NULL DEFAULT 0 CHECK (by_hand IN (0, 1));
-- The private event that closes it. NULL with a reason: closed at the closure desk, which alone opens it again.
ALTER TABLE slot ADD COLUMN event_id {int} REFERENCES schedule_event (id);
CREATE INDEX slot_of_event ON slot (event_id) WHERE event_id IS NOT NULL;

-- What the group needs (wheelchairs, a bag room …), as the day sheet shows it.
ALTER TABLE visit ADD COLUMN needs TEXT NOT NULL DEFAULT '';

-- A group that booked by telephone and pays at the till. It holds places of its slot as a visit does, but it is the
-- monument's own: no order, no ticket, no invoice, and nothing that a customer's pages read.
CREATE TABLE phone_booking (
    id              {id},
    monument_id     {int} NOT NULL REFERENCES monument (id),
    start_at        {int} NOT NULL,
    persons         {int} NOT NULL CHECK (persons BETWEEN 1 AND 1000), -- the whole group, leader included
    audience        TEXT NOT NULL CHECK (audience IN ('adults', 'school', 'special')),
    leader_kind     TEXT NOT NULL CHECK (leader_kind IN ('guide', 'accompanying')),
    organisation    TEXT NOT NULL, -- as said on the telephone
    organisation_id {int} REFERENCES organisation (id), -- the customer whose address was given
    name            TEXT NOT NULL,
    phone           TEXT NOT NULL,
    email           TEXT NOT NULL,
    lang            TEXT NOT NULL CHECK (lang IN ('fr', 'en')),
    needs           TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('held', 'cancelled')),
    staff_id        {int} NOT NULL REFERENCES staff (id), -- who took it
    placed_at       {int} NOT NULL,
    changed_at      {int} NOT NULL,
    cancelled_at    {int},
    cancel_reason   TEXT NOT NULL DEFAULT '',
    request_key     TEXT NOT NULL,
    UNIQUE (monument_id, request_key),
    FOREIGN KEY (monument_id, start_at) REFERENCES slot (monument_id, start_at),
    CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL))
) {table};
CREATE INDEX phone_booking_of_slot ON phone_booking (monument_id, start_at);
CREATE INDEX phone_booking_of_organisation ON phone_booking (organisation_id, placed_at);

-- Pictures as we made them anew from what was uploaded: JPEG without any metadata, in two sizes. They lie in the database, so
-- that every server has them and one backup holds all.
CREATE TABLE photo (
    id          {id},
    monument_id {int} NOT NULL REFERENCES monument (id),
    position    {int} NOT NULL,
    alt_fr      TEXT NOT NULL,
    alt_en      TEXT NOT NULL,
    credit      TEXT NOT NULL DEFAULT '',
    width       {int} NOT NULL CHECK (width > 0),
    height      {int} NOT NULL CHECK (height > 0),
    mark        TEXT NOT NULL, -- of the content: part of the address, so that it may be cached for ever
    large       {blob} NOT NULL,
    card        {blob} NOT NULL,
    created_at  {int} NOT NULL,
    request_key TEXT NOT NULL,
    UNIQUE (monument_id, request_key)
) {table};
CREATE INDEX photo_of_monument ON photo (monument_id, position);
