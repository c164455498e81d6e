-- A number is found in whatever letters it is typed, without going through all of them.
CREATE INDEX case_row_capital ON case_row (upper(number));
