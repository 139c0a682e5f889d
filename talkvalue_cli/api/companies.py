"""Endpoints of companies, which the server makes of the domains of e-mail addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talkvalue_cli.api import models
from talkvalue_cli.api.models import Page, Record

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.client import Client


def list_companies(
    client: Client, keyword: str | None, *, page: int | None, page_size: int | None
) -> Page:
    """`GET /path/company`: one page.

    keyword: a part of the domain or of the display name.
    """
    params = {"keyword": keyword, "pageNumber": page, "pageSize": page_size}
    return models.read_page(client.get("/path/company", params), id=int)


def get_company(client: Client, company_id: int) -> Record:
    """`GET /path/company/{id}`."""
    return models.read_object(client.get(f"/path/company/{company_id}"), id=int)


def rename_company(client: Client, company_id: int, *, display_name: str) -> Record:
    """`PUT /path/company/{id}`; the display name is all that can be changed."""
    answer = client.put(f"/path/company/{company_id}", {"displayName": display_name})
    return models.read_object(answer, id=int)
