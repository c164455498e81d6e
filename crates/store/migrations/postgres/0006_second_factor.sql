-- A second factor: its secret is sealed by the password, its recovery codes are hashes, and no code is taken twice.
CREATE TABLE second_factor (
    person    TEXT   COLLATE "C" PRIMARY KEY,
    sealed    BYTEA  NOT NULL,
    codes     TEXT   NOT NULL,
    last_step BIGINT NOT NULL
);
