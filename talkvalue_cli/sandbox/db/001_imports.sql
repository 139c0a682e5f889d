CREATE TABLE organizations (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
);
CREATE TABLE channels (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    icon TEXT,
    color TEXT,
    created_at TEXT NOT NULL,
    UNIQUE (organization_id, name)
);
CREATE TABLE people (
    id INTEGER PRIMARY KEY,
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    first_name TEXT,
    last_name TEXT,
    name TEXT,
    phone TEXT,
    job_title TEXT,
    company_name TEXT,
    address TEXT,
    linkedin_url TEXT,
    x_url TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (organization_id, email_key)
);
CREATE TABLE channel_people (
    channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    joined_at TEXT NOT NULL,
    PRIMARY KEY (channel_id, person_id)
) WITHOUT ROWID;
CREATE INDEX channel_people_by_person ON channel_people (person_id);
CREATE TABLE uploads (
    id INTEGER PRIMARY KEY,
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    file_key TEXT NOT NULL UNIQUE,
    file_name TEXT NOT NULL,
    staged_name TEXT NOT NULL,
    encoding TEXT NOT NULL,
    delimiter TEXT NOT NULL,
    headers TEXT NOT NULL,
    total_rows INTEGER NOT NULL,
    created_at TEXT NOT NULL
);
CREATE TABLE imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    channel_id INTEGER NOT NULL,
    upload_id INTEGER NOT NULL REFERENCES uploads (id),
    mappings TEXT NOT NULL,
    mode TEXT NOT NULL,
    status TEXT NOT NULL,
    total_rows INTEGER NOT NULL,
    processed_rows INTEGER NOT NULL DEFAULT 0,
    new_count INTEGER NOT NULL DEFAULT 0,
    updated_count INTEGER NOT NULL DEFAULT 0,
    duplicated_count INTEGER NOT NULL DEFAULT 0,
    skip_count INTEGER NOT NULL DEFAULT 0,
    failed_count INTEGER NOT NULL DEFAULT 0,
    failure_code TEXT,
    failure_message TEXT,
    created_at TEXT NOT NULL,
    process_started_at TEXT,
    completed_at TEXT
);
CREATE INDEX imports_open ON imports (id) WHERE status IN ('PENDING', 'RUNNING');
CREATE INDEX imports_by_organization ON imports (organization_id, id);
CREATE TABLE import_seen (
    job_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    PRIMARY KEY (job_id, person_id)
) WITHOUT ROWID;
CREATE TABLE import_rejects (
    id INTEGER PRIMARY KEY,
    job_id INTEGER NOT NULL REFERENCES imports (id),
    row_num INTEGER NOT NULL,
    error_code TEXT NOT NULL,
    error_message TEXT NOT NULL,
    raw_value TEXT,
    cells TEXT NOT NULL,
    UNIQUE (job_id, row_num)
);
