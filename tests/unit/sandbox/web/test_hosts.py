"""Which `Host` is answered, by what the server listens on."""

from __future__ import annotations

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from talkvalue_cli.sandbox.web.hosts import HostGuard, is_local

ALWAYS = ["localhost", "LOCALHOST:80", "127.0.0.1:8787", "[::1]:8787", "[::1]"]
FOREIGN = ["rebound.example", "localhost.example", "127.0.0.1.example", "x:y:z", "::1"]


@pytest.mark.parametrize(
    ("host", "address", "more", "not_these"),
    [
        ("127.0.0.1", "127.0.0.1", [], ["127.0.0.2", "box", "0.0.0.0", "[::2]"]),
        ("box", "192.168.1.7", ["box:8787", "Box", "192.168.1.7"], ["192.168.1.8", "[::2]"]),
        ("::1", "::1", [], ["10.0.0.1", "[::2]"]),
        ("0.0.0.0", "0.0.0.0", ["0.0.0.0:8787", "10.0.0.1:8787", "[fe80::1]"], ["box"]),
        ("::", "::", ["[::]:8787", "10.0.0.1"], ["box"]),
    ],
)
def test_own_hosts_are_answered_and_foreign_ones_refused(
    host: str, address: str, more: list[str], not_these: list[str]
) -> None:
    client = Client(HostGuard(Response("good"), host, address))

    def ask(name: str) -> int:
        return client.get("/", headers={"Host": name}).status_code

    assert {name: ask(name) for name in ALWAYS + more} == dict.fromkeys(ALWAYS + more, 200)
    refused = [name for name in FOREIGN + not_these if ask(name) == 421]
    assert refused == FOREIGN + not_these


def test_a_refusal_is_a_marked_problem_document() -> None:
    answer = Client(HostGuard(Response("good"), "localhost", "127.0.0.1")).get(
        "/path/channel", headers={"Host": "rebound.example:8787"}
    )
    assert (answer.status_code, answer.content_type) == (421, "application/problem+json")
    assert answer.headers["X-TalkValue-Sandbox"] == "1"
    assert answer.json is not None
    assert answer.json["detail"] == "This server is not rebound.example:8787."


@pytest.mark.parametrize(
    ("address", "expected"),
    [("127.0.0.1", True), ("127.8.0.1", True), ("::1", True), ("0.0.0.0", False), ("::", False),
     ("192.168.1.7", False), ("fe80::1%eth0", False)],
)  # fmt: skip
def test_only_loopback_is_local(address: str, expected: bool) -> None:
    assert is_local(address) is expected
