"""Operations of the API: what serves a request, and what the description says of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import Flask, g

from ..db.store import Store, Transaction
from ..web import bodies
from ..web.answers import make_empty
from ..web.bodies import Body
from ..web.query import View, accept_query

#: the body of an upload
MULTIPART = "MULTIPART"


@dataclass(frozen=True)
class Services:
    """The store, and the worker of import jobs as far as requests concern it.

    wake_worker: called after a job was queued. is_silent: job id -> hide its counters.
    """

    store: Store
    wake_worker: Callable[[], None]
    is_silent: Callable[[int], bool]

    def read(self) -> AbstractContextManager[Transaction]:
        """Open a read transaction on behalf of who asks, at the time of the request."""
        return self.store.read(g.organization_id or 0, g.now)

    def write(self) -> AbstractContextManager[Transaction]:
        """Open a write transaction on behalf of who asks, at the time of the request."""
        return self.store.write(g.organization_id or 0, g.now)


class Operation(NamedTuple):
    """One endpoint; answer: as in `openapi.types.record`, CSV, or - for no body.

    errors: statuses beside 400 and 401, which everything can have. view: called with a
    transaction, or with the services if it opens its own; then the ids in the path, and the body.
    """

    method: str
    path: str
    name: str
    summary: str
    answer: str
    errors: tuple[int, ...]
    query: tuple[str, ...]
    body: type[Body] | str | None
    opens_its_own: bool
    view: Callable[..., Any]

    @property
    def ids(self) -> list[str]:
        """The names of the ids in the path."""
        return re.findall(r"\{(\w+)\}", self.path)

    def handle(self, services: Services, ids: dict[str, int]) -> Any:
        """Answer the present request."""
        arguments: list[Any] = [ids[name] for name in self.ids]
        if isinstance(self.body, type):
            arguments.append(bodies.read_body(self.body))
        if self.opens_its_own:
            return self.view(services, *arguments)
        with services.read() if self.method == "GET" else services.write() as tx:
            answer = self.view(tx, *arguments)
        return make_empty() if self.answer == "-" else answer

    def serve(self, app: Flask, services: Services) -> None:
        """Make `app` answer requests for this."""

        @accept_query(*self.query)
        def view(**ids: int) -> Any:
            return self.handle(services, ids)

        rule = re.sub(r"\{(\w+)\}", r"<id:\1>", self.path)
        app.add_url_rule(rule, self.name, view, methods=[self.method])


def with_article(kind: str) -> str:
    """Return the word for a kind of resource behind its article."""
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


class Operations(list[Operation]):
    """The operations of a resource, in the order of the description."""

    def add(
        self,
        request: str,
        answer: str,
        *errors: int,
        query: tuple[str, ...] = (),
        body: type[Body] | str | None = None,
        opens_its_own: bool = False,
        name: str = "",
        summary: str = "",
    ) -> Callable[[View], View]:
        """Declare that a view answers a request, METHOD PATH; the rest as in `Operation`.

        Name and summary are by default those of the function, and its docstring's first line.
        """
        method, path = request.split()

        def add(view: View) -> View:
            facts = (answer, errors, query, body, opens_its_own, view)
            called = name or re.sub("_(.)", lambda letter: letter[1].upper(), view.__name__)
            told = summary or (view.__doc__ or "").partition("\n")[0].removesuffix(".")
            self.append(Operation(method, path, called, told, *facts))
            return view

        return add
