-- The tables of ../sqlite in PostgreSQL's words. Text that is ordered or compared by its beginning goes by code
-- point (COLLATE "C"), whatever the server's locale. Tables above the line are the record; those below are derived.
-- Who may do what with them stands in src/postgres/prepare.rs.

CREATE TABLE event (
    pos       BIGINT PRIMARY KEY,
    stream    TEXT   COLLATE "C" NOT NULL,
    seq       BIGINT NOT NULL,
    kind      TEXT   NOT NULL,
    version   BIGINT NOT NULL,
    actor     TEXT   NOT NULL,
    at        TEXT   NOT NULL,
    at_us     BIGINT NOT NULL,
    body      TEXT   NOT NULL,
    prev      TEXT   NOT NULL,
    alg       TEXT   NOT NULL,
    hash      TEXT   NOT NULL,
    key_id    TEXT,
    signature TEXT,
    UNIQUE (stream, seq)
);
CREATE INDEX event_access ON event (pos) WHERE stream = 'access';

-- Typed words, numbers and people stand beside the chain; erasing a row leaves the chain whole.
CREATE TABLE value (
    pos    BIGINT NOT NULL REFERENCES event (pos),
    field  TEXT   COLLATE "C" NOT NULL,
    salt   BYTEA  NOT NULL,
    value  TEXT   NOT NULL,
    PRIMARY KEY (pos, field)
);

CREATE TABLE document (
    id      TEXT  COLLATE "C" PRIMARY KEY,
    case_id TEXT  COLLATE "C" NOT NULL,
    pdf     BYTEA NOT NULL
);
CREATE INDEX document_case ON document (case_id);

CREATE TABLE attachment (
    id      TEXT   COLLATE "C" PRIMARY KEY,
    case_id TEXT   COLLATE "C" NOT NULL,
    name    TEXT   NOT NULL,
    kind    TEXT   NOT NULL,
    size    BIGINT NOT NULL,
    at      TEXT   COLLATE "C" NOT NULL,
    bytes   BYTEA  NOT NULL
);
CREATE INDEX attachment_case ON attachment (case_id);

CREATE TABLE edition (
    hash  TEXT COLLATE "C" PRIMARY KEY,
    files TEXT NOT NULL
);

CREATE TABLE number_claim (
    procedure TEXT   COLLATE "C" NOT NULL,
    year      BIGINT NOT NULL,
    seq       BIGINT NOT NULL,
    PRIMARY KEY (procedure, year, seq)
);

CREATE TABLE credential (
    login         TEXT COLLATE "C" PRIMARY KEY,
    person        TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    sealed_key    BYTEA,
    pin_hash      TEXT
);

CREATE TABLE attempt (
    name     TEXT   COLLATE "C" PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_us  BIGINT NOT NULL
);

CREATE TABLE draft (
    person TEXT COLLATE "C" NOT NULL,
    key    TEXT COLLATE "C" NOT NULL,
    json   TEXT NOT NULL,
    at     TEXT NOT NULL,
    PRIMARY KEY (person, key)
);

-- What a door has sent already: a repeated request finds what the first one did. No record, forgotten after a week.
CREATE TABLE sent (
    key    TEXT   COLLATE "C" PRIMARY KEY,
    stream TEXT   COLLATE "C" NOT NULL,
    first  BIGINT NOT NULL,
    last   BIGINT NOT NULL,
    at_us  BIGINT NOT NULL
);
CREATE INDEX sent_at ON sent (at_us);

-- Derived: dropped and made again by `rebuild`. ----------------------------------------------------

-- `projections`: the version by which the tables below were written. `house`: appends to the streams of the house.
CREATE TABLE meta (
    key   TEXT   COLLATE "C" PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO meta (key, value) VALUES ('projections', 0), ('house', 0);

CREATE TABLE case_row (
    rank       BIGINT PRIMARY KEY,
    id         TEXT   COLLATE "C" NOT NULL UNIQUE,
    number     TEXT   COLLATE "C" NOT NULL UNIQUE,
    procedure  TEXT   COLLATE "C" NOT NULL,
    status     TEXT   COLLATE "C" NOT NULL,
    received   BIGINT NOT NULL,
    due_order  BIGINT NOT NULL,
    keep_until TEXT   COLLATE "C",
    projection TEXT   NOT NULL
);
CREATE INDEX case_row_due ON case_row (status, due_order);
CREATE INDEX case_row_received ON case_row (received);
CREATE INDEX case_row_status ON case_row (status, rank);
CREATE INDEX case_row_keep ON case_row (keep_until);

CREATE TABLE waiting (
    procedure TEXT   COLLATE "C" NOT NULL,
    role      TEXT   COLLATE "C" NOT NULL,
    due_order BIGINT NOT NULL,
    rank      BIGINT NOT NULL,
    PRIMARY KEY (procedure, role, due_order, rank)
);
CREATE INDEX waiting_case ON waiting (rank);

-- Pairs and single characters made by the program, so that no text search configuration of the server has a say.
CREATE TABLE case_search (
    rank      BIGINT   NOT NULL,
    part      BIGINT   NOT NULL,
    own       BOOLEAN  NOT NULL,
    procedure TEXT     COLLATE "C" NOT NULL,
    words     TSVECTOR NOT NULL,
    PRIMARY KEY (rank, part)
);
CREATE INDEX case_search_words ON case_search USING gin (words);
