"""`/path/company`: list, look at, rename, and its people (section 11)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from ..people import companies
from ..people.bodies import CompanyBody
from ..web import bodies
from ..web.query import accept_query, read_page, read_text
from . import members
from .request_store import RequestStore


def make_blueprint(store: RequestStore) -> Blueprint:
    """Return the routes of companies, kept in `store`."""
    blueprint = Blueprint("companies", __name__)
    members.add_list(blueprint, store, "company", companies.find_company)

    @blueprint.get("/path/company")
    @accept_query("keyword", "pageNumber", "pageSize")
    def list_companies() -> dict[str, Any]:
        page, keyword = read_page(), read_text("keyword")
        with store.read() as tx:
            return companies.list_companies(tx, keyword, page)

    @blueprint.get("/path/company/<id:company_id>")
    def show_company(company_id: int) -> dict[str, Any]:
        with store.read() as tx:
            return companies.find_company(tx, company_id)

    @blueprint.put("/path/company/<id:company_id>")
    def rename_company(company_id: int) -> dict[str, Any]:
        name = bodies.read_body(CompanyBody).display_name
        with store.write() as tx:
            companies.find_company(tx, company_id)
            tx.update("companies", company_id, display_name=name)
            return companies.find_company(tx, company_id)

    return blueprint
