"""The page on which a person decides."""

from __future__ import annotations

import pytest

from ..bench import Bench
from ..program import Program, error_of

SCRIPT = '"><script>alert(1)</script>'
ESCAPED = "&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"


def test_the_form_has_the_code_in_it(program: Program) -> None:
    started = program.start()
    page = program.bench.client.get(started["verification_uri_complete"])
    assert page.status_code == 200
    assert page.content_type == "text/html; charset=utf-8"
    assert f'value="{started["user_code"]}"' in page.text
    assert '<label for="user_code">' in page.text
    assert '<html lang="en">' in page.text
    assert started["device_code"] not in page.text


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower", "no dash"])
def test_a_code_may_be_typed_as_one_likes(program: Program, typed: str) -> None:
    started = program.start()
    code = started["user_code"]
    spelled = {"lower": code.lower(), "no dash": code.replace("-", " ")}.get(
        typed, typed.format(code)
    )
    page = program.decide(spelled)
    assert (page.status_code, "<h1>Signed in</h1>" in page.text) == (200, True)
    assert program.poll(started).status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_code_is_said_and_escaped(program: Program, method: str) -> None:
    if method == "GET":
        page = program.bench.client.get("/device", query_string={"user_code": SCRIPT})
    else:
        page = program.decide(SCRIPT)
    assert page.status_code == 404
    assert 'role="alert"' in page.text
    assert "This code is unknown." in page.text
    assert f'value="{ESCAPED}"' in page.text
    assert "<script" not in page.text


def test_an_expired_code_is_said(program: Program) -> None:
    started = program.start()
    program.bench.wall.seconds += 600
    pages = [
        program.bench.client.get(started["verification_uri_complete"]),
        program.decide(started["user_code"]),
    ]
    assert [page.status_code for page in pages] == [410, 410]
    assert all("This code has expired." in page.text for page in pages)


@pytest.mark.parametrize(
    "form",
    [
        {"user_code": "{}", "action": "maybe"},
        {"user_code": "{}"},
        {"action": "approve"},
        {"user_code": "{}", "action": "approve", "member": "1"},
        {},
    ],
)
def test_a_form_that_is_not_ours_decides_nothing(program: Program, form: dict[str, str]) -> None:
    started = program.start()
    filled = {name: value.format(started["user_code"]) for name, value in form.items()}
    page = program.bench.client.post("/device", data=filled)
    assert (page.status_code, 'role="alert"' in page.text) == (400, True)
    assert error_of(program.poll(started)) == "authorization_pending"


def test_the_page_without_a_code_is_not_kept_and_runs_nothing(bench: Bench) -> None:
    page = bench.client.get("/device")
    assert (page.status_code, 'value=""' in page.text) == (200, True)
    assert page.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "<script" not in page.text


def test_a_decision_is_final(program: Program) -> None:
    started = program.start()
    page = program.decide(started["user_code"], "deny")
    assert (page.status_code, "<h1>Denied</h1>" in page.text) == (200, True)
    assert error_of(program.poll(started)) == "access_denied"
    again = program.decide(started["user_code"], "approve")
    assert (again.status_code, "denied already" in again.text) == (409, True)
    assert error_of(program.poll(started)) == "access_denied"
