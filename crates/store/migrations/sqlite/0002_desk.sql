-- My desk by role rather than by the most urgent cases of the house; lists by status in their own order.
-- Derived: folders that were made before are rebuilt when they are opened.

CREATE TABLE waiting (
    procedure TEXT   NOT NULL,
    role      TEXT   NOT NULL,
    due_order BIGINT NOT NULL,
    rank      BIGINT NOT NULL,
    PRIMARY KEY (procedure, role, due_order, rank)
);
CREATE INDEX waiting_case ON waiting (rank);
CREATE INDEX case_row_status ON case_row (status, rank);
