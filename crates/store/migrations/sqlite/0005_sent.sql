-- What a door has sent already: a repeated request finds what the first one did. No record, forgotten after a week.

CREATE TABLE sent (
    key    TEXT   PRIMARY KEY,
    stream TEXT   NOT NULL,
    first  BIGINT NOT NULL,
    last   BIGINT NOT NULL,
    at_us  BIGINT NOT NULL
);
CREATE INDEX sent_at ON sent (at_us);
