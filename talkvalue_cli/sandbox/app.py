"""The Flask application: authentication, strictness, and the operations."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from flask import Flask, g
from flask.json.provider import DefaultJSONProvider
from werkzeug.routing import BaseConverter

from .db.store import Store
from .openapi import document
from .routes import OPERATIONS, device_page, oauth
from .routes.operations import Services
from .sign_in import accounts
from .sign_in.devices import DEFAULT_RULES, Devices, SignInRules
from .sign_in.sessions import Sessions
from .web import problems, query, timestamps
from .web.request_counts import RequestCounts


class IdConverter(BaseConverter):
    """A positive integer that fits in 64 bits; anything else in its place is a 404."""

    regex = r"[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        """Return the number of a path segment."""
        return int(value)


class JsonProvider(DefaultJSONProvider):
    """JSON as the hosted service writes it: UTF-8, keys in the order of the contract."""

    sort_keys = False
    ensure_ascii = False
    compact = True


def _note_time(clock: Callable[[], float]) -> None:
    """Set `flask.g.now`, the time at which this request began, for the wire."""
    g.now = timestamps.format_epoch(clock())


def create_app(
    store: Store,
    tokens: accounts.Tokens,
    wake_worker: Callable[[], None] = lambda: None,
    is_silent: Callable[[int], bool] = lambda job_id: False,
    rules: SignInRules = DEFAULT_RULES,
    clock: Callable[[], float] = time.time,
) -> Flask:
    """Return the WSGI application on `store`.

    wake_worker, is_silent: as for `Services`. rules: how signing in goes.
    clock: seconds since 1970; by it things happen, and codes and tokens expire.
    """
    app = Flask(__name__, static_folder=None)
    app.json = JsonProvider(app)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    app.url_map.converters["id"] = IdConverter
    counts = RequestCounts()
    app.after_request(counts.add)
    # Order matters: nothing about paths or parameters is said to whom the token is unknown.
    sessions = Sessions(store, rules, clock)
    devices = Devices(store, rules, clock)
    app.before_request(lambda: _note_time(clock))
    app.before_request(lambda: accounts.authenticate(tokens, sessions))
    app.before_request(query.check_query)
    problems.register_handlers(app)
    services = Services(store, wake_worker, is_silent)
    for operation in OPERATIONS:
        operation.serve(app, services)
    app.register_blueprint(device_page.make_blueprint(devices))
    app.register_blueprint(oauth.make_blueprint(store, rules, devices, sessions))
    _serve_facts(app, counts)
    return app


def _serve_facts(app: Flask, counts: RequestCounts) -> None:
    """Add what this server says of itself; no part of the API, without secrets or tokens."""

    @app.get("/openapi.json")
    @accounts.allow_anyone
    def show_description() -> dict[str, Any]:
        return document.make_document()

    @app.get("/sandbox/requests")
    @accounts.allow_anyone
    def list_counts() -> list[dict[str, Any]]:
        return counts.describe()
