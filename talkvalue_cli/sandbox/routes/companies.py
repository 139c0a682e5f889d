"""`/path/company`: list, look at, rename, and its people (section 11)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g

from ..db.store import Store
from ..people import companies
from ..people.bodies import CompanyBody
from ..web import bodies
from ..web.query import accept_query, read_page, read_text
from . import members


def make_blueprint(store: Store) -> Blueprint:
    """Return the routes of companies, kept in `store`."""
    blueprint = Blueprint("companies", __name__)
    members.add_list(blueprint, store, "company", companies.find_company)

    @blueprint.get("/path/company")
    @accept_query("keyword", "pageNumber", "pageSize")
    def list_companies() -> dict[str, Any]:
        page, keyword = read_page(), read_text("keyword")
        with store.read() as connection:
            total, content = companies.list_companies(connection, g.organization_id, keyword, page)
        return page.describe(content, total)

    @blueprint.get("/path/company/<id:company_id>")
    def show_company(company_id: int) -> dict[str, Any]:
        row = companies.find_company(store.connect(), g.organization_id, company_id)
        return companies.describe_company(row)

    @blueprint.put("/path/company/<id:company_id>")
    def rename_company(company_id: int) -> dict[str, Any]:
        name = bodies.read_body(CompanyBody).display_name
        with store.write() as connection:
            companies.find_company(connection, g.organization_id, company_id)
            connection.execute(
                "UPDATE companies SET display_name = ? WHERE id = ?", (name, company_id)
            )
            row = companies.find_company(connection, g.organization_id, company_id)
        return companies.describe_company(row)

    return blueprint
