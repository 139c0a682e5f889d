CREATE TABLE members (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL UNIQUE,
    first_name TEXT NOT NULL
);
CREATE TABLE organization_members (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    member_id INTEGER NOT NULL REFERENCES members (id),
    PRIMARY KEY (organization_id, member_id)
) WITHOUT ROWID;
CREATE TABLE signing_key (key BLOB NOT NULL);
INSERT INTO signing_key VALUES (randomblob(32));
CREATE TABLE device_codes (
    code_hash BLOB PRIMARY KEY,
    user_code TEXT NOT NULL UNIQUE,
    client_id TEXT NOT NULL,
    state TEXT NOT NULL,
    interval_s INTEGER NOT NULL,
    expires_at REAL NOT NULL,
    polled_at REAL
);
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    client_id TEXT NOT NULL,
    member_id INTEGER NOT NULL REFERENCES members (id),
    organization_id INTEGER REFERENCES organizations (id)
);
CREATE TABLE refresh_tokens (
    token_hash BLOB PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES sessions (id),
    is_used INTEGER NOT NULL DEFAULT 0
);
