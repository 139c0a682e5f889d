"""Companies: one for each domain of people's e-mail addresses (section 11)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ..db.store import Transaction
from ..web.problems import found
from ..web.query import Page, make_pattern

# The display name stays empty until somebody sets it.
ADD_SQL = """INSERT INTO companies (organization_id, domain, display_name)
    SELECT ?1, value, '' FROM json_each(?2) WHERE TRUE ON CONFLICT DO NOTHING"""
COLUMNS = """
    id, domain, NULLIF(display_name, '') AS displayName,
    (SELECT COUNT(*) FROM people WHERE company_id = companies.id) AS peopleCount"""
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


def find_or_add_companies(tx: Transaction, domains: Iterable[str]) -> dict[str, int]:
    """Return domain -> company id for all `domains`, adding the companies that are missing."""
    wanted = json.dumps(sorted(set(domains)))
    tx.execute(ADD_SQL, (tx.organization_id, wanted))
    return dict(
        tx.execute(
            "SELECT domain, id FROM companies WHERE organization_id = ?"
            " AND domain IN (SELECT value FROM json_each(?))",
            (tx.organization_id, wanted),
        ).fetchall()
    )


def find_or_add_company(tx: Transaction, email: str) -> int:
    """Return the id of the company that an address belongs to."""
    domain = read_domain(email)
    return find_or_add_companies(tx, [domain])[domain]


def link_people(tx: Transaction) -> None:
    """Give the people of an organization who have no company the one of their address."""
    rows = tx.execute(
        "SELECT email FROM people WHERE organization_id = ? AND company_id IS NULL",
        (tx.organization_id,),
    )
    domains = [read_domain(row["email"]) for row in rows]
    find_or_add_companies(tx, domains)
    tx.execute(LINK_SQL, (tx.organization_id,))


def find_company(tx: Transaction, company_id: int) -> dict[str, Any]:
    """Return a company as it travels; raises the 404."""
    sql = f"SELECT {COLUMNS} FROM companies WHERE organization_id = ? AND id = ?"
    row = tx.find(sql, tx.organization_id, company_id)
    return dict(found(row, f"Company {company_id}"))


def list_companies(tx: Transaction, keyword: str | None, page: Page) -> dict[str, Any]:
    """Return one page of the companies that have people and match."""
    pattern = make_pattern(keyword or "")
    values = (tx.organization_id, pattern, pattern)
    source = f"companies WHERE organization_id = ?{LISTED_SQL}"
    rows, total = page.fetch(tx, COLUMNS, source, "domain", values)
    return page.describe([dict(row) for row in rows], total)
