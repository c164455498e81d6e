-- Ids are ordered by code point here too, whatever the server's locale.
ALTER TABLE hidden_case ALTER COLUMN person TYPE TEXT COLLATE "C";
