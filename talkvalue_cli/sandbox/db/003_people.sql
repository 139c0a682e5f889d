CREATE TABLE companies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    domain TEXT NOT NULL,
    display_name TEXT NOT NULL,
    UNIQUE (organization_id, domain)
);
ALTER TABLE people ADD COLUMN avatar_url TEXT;
ALTER TABLE people ADD COLUMN more_phones TEXT NOT NULL DEFAULT '[]';
ALTER TABLE people ADD COLUMN company_id INTEGER REFERENCES companies (id);
-- Company names are guessed from the domain: acme.example.org becomes Acme.
INSERT INTO companies (organization_id, domain, display_name)
    SELECT DISTINCT organization_id, domain,
           upper(substr(domain, 1, 1)) || substr(domain, 2, instr(domain || '.', '.') - 2)
    FROM (SELECT organization_id, substr(email_key, instr(email_key, '@') + 1) AS domain
          FROM people);
UPDATE people SET company_id = (
    SELECT id FROM companies WHERE organization_id = people.organization_id
    AND domain = substr(email_key, instr(email_key, '@') + 1));
CREATE INDEX people_by_company ON people (company_id);
CREATE TABLE person_emails (
    id INTEGER PRIMARY KEY,
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    UNIQUE (organization_id, email_key)
);
CREATE INDEX person_emails_by_person ON person_emails (person_id);
CREATE TABLE removed_people (
    id INTEGER PRIMARY KEY
);
CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    start_at TEXT NOT NULL,
    end_at TEXT,
    location TEXT,
    created_at TEXT NOT NULL,
    UNIQUE (organization_id, name)
);
CREATE TABLE event_people (
    event_id INTEGER NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    joined_at TEXT NOT NULL,
    PRIMARY KEY (event_id, person_id)
) WITHOUT ROWID;
CREATE INDEX event_people_by_person ON event_people (person_id);
CREATE TABLE removed_sources (
    id INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    icon TEXT,
    color TEXT
);
CREATE TABLE tags (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    UNIQUE (organization_id, name)
);
CREATE TABLE tag_sources (
    tag_id INTEGER NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    source_id INTEGER NOT NULL,
    PRIMARY KEY (tag_id, source_id)
) WITHOUT ROWID;
CREATE INDEX tag_sources_by_source ON tag_sources (source_id);
CREATE TABLE merges (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    source_id INTEGER NOT NULL,
    target_id INTEGER NOT NULL,
    source_name TEXT NOT NULL,
    source_email TEXT NOT NULL,
    source TEXT NOT NULL,
    gains TEXT NOT NULL,
    merged_at TEXT NOT NULL,
    undone_at TEXT
);
CREATE INDEX merges_by_target ON merges (target_id);
CREATE TABLE activity (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL,
    action TEXT NOT NULL,
    source_id INTEGER,
    changes TEXT,
    merged_from TEXT,
    created_at TEXT NOT NULL
);
-- Ids leave room below for entries that are not stored; see people/activity.py.
INSERT INTO sqlite_sequence (name, seq) VALUES ('activity', 1000000000000);
CREATE INDEX activity_by_person ON activity (person_id);
CREATE TABLE integration_imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    integration_id INTEGER NOT NULL,
    mode TEXT NOT NULL,
    counts TEXT NOT NULL,
    started_at TEXT NOT NULL
);
