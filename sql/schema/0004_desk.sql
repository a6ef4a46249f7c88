-- What customer service looks at: the newest orders of all, and the mails of one organisation (OPS-1).

CREATE INDEX orders_newest ON orders (created_at);
CREATE INDEX outbox_of_organisation ON outbox (organisation_id, created_at);
