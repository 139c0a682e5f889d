"""Endpoints of companies, which the server makes of the domains of e-mail addresses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from talkvalue_cli.api import models, people
from talkvalue_cli.api.models import Page, Record
from talkvalue_cli.api.people import Filters

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.client import Client

_REQUIRED = {"id": int}


def list_companies(
    client: Client, keyword: str | None, *, page: int | None, page_size: int | None
) -> Page:
    """`GET /path/company`: one page.

    keyword: a part of the domain or of the display name.
    """
    params = {"keyword": keyword, "pageNumber": page, "pageSize": page_size}
    return models.read_page(client.get("/path/company", params), **_REQUIRED)


def get_company(client: Client, company_id: int) -> Record:
    """`GET /path/company/{id}`."""
    return models.read_object(client.get(f"/path/company/{company_id}"), **_REQUIRED)


def rename_company(client: Client, company_id: int, *, display_name: str) -> Record:
    """`PUT /path/company/{id}`; the display name is all that can be changed."""
    answer = client.put(f"/path/company/{company_id}", {"displayName": display_name})
    return models.read_object(answer, **_REQUIRED)


def list_company_people(
    client: Client, company_id: int, filters: Filters, *, page: int | None, page_size: int | None
) -> Page:
    """`GET /path/company/{companyId}/person`: one page; has no filter by id of a company."""
    path = f"/path/company/{company_id}/person"
    return people.fetch_page(client, path, filters, page=page, page_size=page_size)


def export_company_people(
    client: Client, company_id: int
) -> AbstractContextManager[Iterator[bytes]]:
    """`GET /path/company/{companyId}/person/export`: its people as CSV, as it arrives."""
    return client.download(f"/path/company/{company_id}/person/export")
