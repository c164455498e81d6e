-- Ids are ordered by code point here too, whatever the server's locale.
ALTER TABLE hidden_case ALTER COLUMN person TYPE TEXT COLLATE "C";
-- A number is found in whatever letters it is typed, without going through all of them.
CREATE INDEX case_row_capital ON case_row (upper(number));
