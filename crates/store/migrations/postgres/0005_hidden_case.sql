-- For whom a confidential case is not there (G11): lists, counts and reports leave it out without reading its text.
-- Derived: what was derived before is made again when a host opens it.

CREATE TABLE hidden_case (
    person TEXT   NOT NULL,
    rank   BIGINT NOT NULL,
    PRIMARY KEY (person, rank)
);
CREATE INDEX hidden_case_rank ON hidden_case (rank);
