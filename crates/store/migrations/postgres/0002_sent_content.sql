-- A key that is sent again with other content is not the same request.
ALTER TABLE sent ADD COLUMN content TEXT NOT NULL DEFAULT '';
