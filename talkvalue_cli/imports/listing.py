"""Imports out of the list, for which the API has no filter."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from talkvalue_cli.api import imports
from talkvalue_cli.api.pages import LARGEST_PAGE, drop_repeats
from talkvalue_cli.imports.status import is_finished

if TYPE_CHECKING:
    from talkvalue_cli.transport.client import Client


def walk_by_status(
    client: Client, statuses: Collection[str], page_size: int = LARGEST_PAGE
) -> Iterator[list[dict[str, Any]]]:
    """Yield what each page has of imports with one of the statuses; without statuses all of it."""
    for found in drop_repeats(imports.walk_pages(client, page_size)):
        yield [job for job in found if not statuses or job.get("status") in statuses]


def take_imports(client: Client, statuses: Collection[str], count: int) -> list[dict[str, Any]]:
    """Return the newest imports with one of the statuses, if any, and as many as count."""
    walked = itertools.chain.from_iterable(walk_by_status(client, statuses))
    return list(itertools.islice(walked, count))


def list_live(client: Client) -> list[dict[str, Any]]:
    """Return the PENDING and RUNNING imports, newest first.

    The list is walked until a page has none: what is older than a whole page of
    finished imports is not alive.
    """
    live: dict[int, dict[str, Any]] = {}
    for page in imports.walk_pages(client):
        found = {job["id"]: job for job in page.items if not is_finished(job)}
        live = {**live, **found}
        if not found:
            break
    return list(live.values())
