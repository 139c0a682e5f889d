"""Companies: one for each domain of people's e-mail addresses (section 11)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any, cast

from ..web.problems import Problem
from ..web.query import Page, make_pattern

ADD_SQL = """INSERT INTO companies (organization_id, domain, display_name)
    SELECT ?1, value, upper(substr(value, 1, 1)) || substr(value, 2, instr(value || '.', '.') - 2)
    FROM json_each(?2) WHERE TRUE ON CONFLICT DO NOTHING"""
COMPANY_SQL = """
    SELECT id, domain, display_name,
           (SELECT COUNT(*) FROM people WHERE company_id = companies.id) AS people
    FROM companies WHERE organization_id = ?"""
LINK_SQL = """UPDATE people SET company_id = (SELECT id FROM companies
        WHERE organization_id = people.organization_id
        AND domain = substr(email_key, instr(email_key, '@') + 1))
    WHERE organization_id = ? AND company_id IS NULL"""
# A company goes out of the list with its last person, and comes back with the next.
LISTED_SQL = """ AND EXISTS (SELECT 1 FROM people WHERE company_id = companies.id)
    AND (domain LIKE ? ESCAPE '\\' OR display_name LIKE ? ESCAPE '\\')"""


def read_domain(email: str) -> str:
    """Return the domain of an e-mail address, in lower case."""
    return email.rpartition("@")[2].lower()


def find_or_add_companies(
    connection: sqlite3.Connection, organization_id: int, domains: Iterable[str]
) -> dict[str, int]:
    """Return domain -> company id for all `domains`, adding the companies that are missing."""
    wanted = json.dumps(sorted(set(domains)))
    connection.execute(ADD_SQL, (organization_id, wanted))
    return dict(
        connection.execute(
            "SELECT domain, id FROM companies WHERE organization_id = ?"
            " AND domain IN (SELECT value FROM json_each(?))",
            (organization_id, wanted),
        ).fetchall()
    )


def find_or_add_company(connection: sqlite3.Connection, organization_id: int, email: str) -> int:
    """Return the id of the company that an address belongs to."""
    domain = read_domain(email)
    return find_or_add_companies(connection, organization_id, [domain])[domain]


def link_people(connection: sqlite3.Connection, organization_id: int) -> None:
    """Give the people of an organization who have no company the one of their address."""
    rows = connection.execute(
        "SELECT email FROM people WHERE organization_id = ? AND company_id IS NULL",
        (organization_id,),
    )
    domains = [read_domain(row["email"]) for row in rows]
    find_or_add_companies(connection, organization_id, domains)
    connection.execute(LINK_SQL, (organization_id,))


def describe_company(row: sqlite3.Row) -> dict[str, Any]:
    """Return a company as it travels."""
    return {
        "id": row["id"],
        "domain": row["domain"],
        "displayName": row["display_name"],
        "peopleCount": row["people"],
    }


def find_company(
    connection: sqlite3.Connection, organization_id: int, company_id: int
) -> sqlite3.Row:
    """Return a company of an organization; raises the 404."""
    row = connection.execute(f"{COMPANY_SQL} AND id = ?", (organization_id, company_id)).fetchone()
    if row is None:
        raise Problem(404, f"Company {company_id} does not exist.")
    return cast(sqlite3.Row, row)


def list_companies(
    connection: sqlite3.Connection, organization_id: int, keyword: str | None, page: Page
) -> tuple[int, list[dict[str, Any]]]:
    """Return the number of companies that have people and match, and one page of them."""
    pattern = make_pattern(keyword or "")
    values = (organization_id, pattern, pattern)
    total: int = connection.execute(
        f"SELECT COUNT(*) FROM companies WHERE organization_id = ?{LISTED_SQL}", values
    ).fetchone()[0]
    rows = connection.execute(
        f"{COMPANY_SQL}{LISTED_SQL} ORDER BY domain LIMIT ? OFFSET ?",
        (*values, page.size, page.offset),
    )
    return total, [describe_company(row) for row in rows]
