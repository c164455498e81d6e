-- Personal words are indexed apart from open ones, so that a search finds them only for those whose work needs
-- them; the day until which a case is kept. Derived: folders that were made before are rebuilt when they are opened.

DROP TABLE case_search;
CREATE VIRTUAL TABLE case_search
    USING fts5 (grams, singles, own_grams, own_singles, procedure, content = '', contentless_delete = 1);

ALTER TABLE case_row ADD COLUMN keep_until TEXT;
CREATE INDEX case_row_keep ON case_row (keep_until);
