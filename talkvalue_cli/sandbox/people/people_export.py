"""People as CSV (section 9), made so that analyze recognizes its columns."""

from __future__ import annotations

from collections.abc import Iterator

from ..db.store import Transaction
from ..web.answers import encode_csv
from .listing import COLUMNS_SQL
from .people_filters import Scope

COLUMNS = {
    "Person ID": "id", "Email": "email", "Name": "full_name", "First Name": "first_name",
    "Last Name": "last_name", "Phone": "phone", "Company": "company", "Job Title": "job_title",
    "Address": "address", "LinkedIn URL": "linkedin_url", "X URL": "x_url",
    "Joined At": "joined_at", "Created At": "created_at",
}  # fmt: skip


def stream_people(tx: Transaction, scope: Scope) -> Iterator[bytes]:
    """Yield the CSV in pieces, ordered by id; the header alone when there is nobody."""
    yield encode_csv([list(COLUMNS)])
    condition, values = scope.make_condition()
    id_sql = f"{scope.kind}_people.person_id" if scope.is_source else "people.id"
    page_sql = (
        f"SELECT {COLUMNS_SQL}, {scope.joined_sql} AS joined_at FROM {scope.tables}"
        f" WHERE {condition} AND {id_sql} > ? ORDER BY {id_sql} LIMIT ?"
    )
    for rows in tx.fetch_pages(page_sql, values, "id"):
        yield encode_csv([row[column] for column in COLUMNS.values()] for row in rows)
