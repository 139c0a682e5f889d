-- A job checks all its rows, and lands them when nothing can make it fail any more.
ALTER TABLE imports ADD COLUMN is_landing INTEGER NOT NULL DEFAULT 0;
-- Checked rows that are to land, as JSON; known: how many of their people there were.
CREATE TABLE import_batches (
    id INTEGER PRIMARY KEY,
    job_id INTEGER NOT NULL REFERENCES imports (id),
    known INTEGER NOT NULL,
    content TEXT NOT NULL
);
CREATE INDEX import_batches_by_job ON import_batches (job_id);
-- E-mail addresses in lower case, and the ids of people who were known by one.
CREATE TABLE import_keys (
    job_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (job_id, key)
) WITHOUT ROWID;
INSERT INTO import_keys SELECT job_id, person_id FROM import_seen;
DROP TABLE import_seen;
ALTER TABLE import_rejects RENAME TO import_failed_rows;
