-- House style: plain words for names, text for ids, RFC 3339 text beside integer seconds where order
-- matters, no trigger, nothing that PostgreSQL could not say with the same words but the search table.
-- Migrations are only ever added. Tables above the line are the record; those below are derived from it.

CREATE TABLE event (
    pos       INTEGER PRIMARY KEY,
    stream    TEXT    NOT NULL,
    seq       BIGINT  NOT NULL,
    kind      TEXT    NOT NULL,
    version   BIGINT  NOT NULL,
    actor     TEXT    NOT NULL,
    at        TEXT    NOT NULL,
    at_us     BIGINT  NOT NULL,
    body      TEXT    NOT NULL,
    prev      TEXT    NOT NULL,
    alg       TEXT    NOT NULL,
    hash      TEXT    NOT NULL,
    key_id    TEXT,
    signature TEXT,
    UNIQUE (stream, seq)
);

-- Typed words, numbers and people stand beside the chain; erasing a row leaves the chain whole.
CREATE TABLE value (
    pos    BIGINT NOT NULL REFERENCES event (pos),
    field  TEXT   NOT NULL,
    salt   BLOB   NOT NULL,
    value  TEXT   NOT NULL,
    PRIMARY KEY (pos, field)
);

CREATE TABLE document (
    id      TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    pdf     BLOB NOT NULL
);

CREATE TABLE attachment (
    id      TEXT   PRIMARY KEY,
    case_id TEXT   NOT NULL,
    name    TEXT   NOT NULL,
    kind    TEXT   NOT NULL,
    size    BIGINT NOT NULL,
    at      TEXT   NOT NULL,
    bytes   BLOB   NOT NULL
);
CREATE INDEX attachment_case ON attachment (case_id);

CREATE TABLE edition (
    hash  TEXT PRIMARY KEY,
    files TEXT NOT NULL
);

CREATE TABLE number_claim (
    procedure TEXT   NOT NULL,
    year      BIGINT NOT NULL,
    seq       BIGINT NOT NULL,
    PRIMARY KEY (procedure, year, seq)
);

CREATE TABLE credential (
    login         TEXT PRIMARY KEY,
    person        TEXT NOT NULL,
    password_hash TEXT NOT NULL
);

CREATE TABLE draft (
    person TEXT NOT NULL,
    key    TEXT NOT NULL,
    json   TEXT NOT NULL,
    at     TEXT NOT NULL,
    PRIMARY KEY (person, key)
);

-- Derived: dropped and made again by `rebuild`. ----------------------------------------------------

CREATE TABLE case_row (
    rank       BIGINT PRIMARY KEY,
    id         TEXT   NOT NULL UNIQUE,
    number     TEXT   NOT NULL UNIQUE,
    procedure  TEXT   NOT NULL,
    status     TEXT   NOT NULL,
    received   BIGINT NOT NULL,
    due_order  BIGINT NOT NULL,
    projection TEXT   NOT NULL
);
CREATE INDEX case_row_due ON case_row (status, due_order);
CREATE INDEX case_row_received ON case_row (received);

CREATE VIRTUAL TABLE case_search USING fts5 (grams, singles, content = '', contentless_delete = 1);
