-- A little of everything that the product's schema uses, for the contract of the engines.
CREATE TABLE thing (
    id     {id},
    number {int},
    words  TEXT,
    bytes  {blob}
) {table};

CREATE TABLE slot (
    id       {int} NOT NULL PRIMARY KEY,
    capacity {int} NOT NULL,
    taken    {int} NOT NULL DEFAULT 0 CHECK (taken BETWEEN 0 AND capacity)
) {clustered};
