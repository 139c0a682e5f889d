"""`/path/company`: list, look at, rename, and its people (section 11)."""

from __future__ import annotations

from typing import Any

from ..db.store import Transaction
from ..people import companies
from ..people.bodies import CompanyBody
from ..web.query import PAGE, read_page, read_text
from . import members
from .operations import Operations

COMPANIES = Operations()


@COMPANIES.add("GET /path/company", "CompanyPage", query=("keyword", *PAGE))
def list_companies(tx: Transaction) -> dict[str, Any]:
    """Companies that have people."""
    return companies.list_companies(tx, read_text("keyword"), read_page())


@COMPANIES.add("GET /path/company/{id}", "Company", 404)
def show_company(tx: Transaction, company_id: int) -> dict[str, Any]:
    """One company."""
    return companies.find_company(tx, company_id)


@COMPANIES.add("PUT /path/company/{id}", "Company", 404, body=CompanyBody)
def rename_company(tx: Transaction, company_id: int, body: CompanyBody) -> dict[str, Any]:
    """Rename a company."""
    companies.find_company(tx, company_id)
    tx.update("companies", company_id, display_name=body.display_name)
    return companies.find_company(tx, company_id)


members.add_members(COMPANIES, "company", companies.find_company, can_grow=False)
