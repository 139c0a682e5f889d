"""The tables of a shared journal, and how older ones become these."""

from __future__ import annotations

from talkvalue_cli.errors import LocalFileError
from talkvalue_cli.imports.submitting.journal.session import Session

#: what makes tables of version n some of version n + 1, from none on
MIGRATIONS = (
    """
    CREATE TABLE talkvalue_schema_version (version integer NOT NULL);
    INSERT INTO talkvalue_schema_version VALUES (0);
    CREATE TABLE talkvalue_attempts (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        api_url text NOT NULL,
        organization text NOT NULL,
        profile text NOT NULL,
        sha256 text NOT NULL,
        source_id bigint NOT NULL,
        mode text NOT NULL,
        import_key text NOT NULL,
        tag text NOT NULL,
        file_path text NOT NULL,
        file_name text NOT NULL,
        step text NOT NULL,
        headers jsonb,
        file_key text,
        mapping jsonb,
        rows bigint,
        newest_id bigint,
        job_id bigint,
        record jsonb,
        host text NOT NULL,
        run text NOT NULL,
        began_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        creating_at timestamptz,
        updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    CREATE INDEX talkvalue_attempts_by_key ON talkvalue_attempts (import_key);
    CREATE INDEX talkvalue_attempts_by_job ON talkvalue_attempts (api_url, job_id);
    CREATE INDEX talkvalue_attempts_by_time ON talkvalue_attempts (began_at DESC, id DESC);
    """,
)
VERSION = len(MIGRATIONS)
#: the advisory lock of whoever changes the tables: "talkvalu" in ASCII
_LOCK = int.from_bytes(b"talkvalu", "big")


def migrate(session: Session) -> None:
    """Bring the tables up to date; by one session, and wholly or not at all.

    Raises LocalFileError when a newer version of the program has made them.
    """
    if _read_version(session) == VERSION:
        return
    with session.transaction():
        session.fetch("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        version = _read_version(session)
        if version > VERSION:
            raise LocalFileError("a newer version of this program has written it")
        for statement in ";".join(MIGRATIONS[version:]).split(";"):
            if statement.strip():
                session.fetch(statement)
        session.fetch("UPDATE talkvalue_schema_version SET version = %s", (VERSION,))


def _read_version(session: Session) -> int:
    """Return the version of the tables, 0 when there are none."""
    # not to_regclass, which may remember that there was none before the lock was had
    [row] = session.fetch(
        "SELECT EXISTS (SELECT FROM pg_class JOIN pg_namespace ON relnamespace = pg_namespace.oid"
        " WHERE relname = 'talkvalue_schema_version'"
        " AND nspname = ANY (current_schemas(false))) AS is_made"
    )
    if not row["is_made"]:
        return 0
    rows = session.fetch("SELECT version FROM talkvalue_schema_version")
    if len(rows) != 1:
        raise LocalFileError("its talkvalue_schema_version must have one row, and is damaged")
    return int(rows[0]["version"])
