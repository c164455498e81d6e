-- Signing keys are sealed by the password; what is wrong too often waits.

ALTER TABLE credential ADD COLUMN sealed_key BLOB;

-- Opens the desk at a shared PC, and never a signing key.
ALTER TABLE credential ADD COLUMN pin_hash TEXT;

-- Names are kept as hashes: whoever types the password where the name belongs has not told it.
CREATE TABLE attempt (
    name     TEXT   PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_us  BIGINT NOT NULL
);
