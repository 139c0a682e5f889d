"""Where a shared journal is, and what of that is shown."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import pytest

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports import open_journal
from talkvalue_cli.imports.submitting.journal.url import (
    JournalUrl,
    find_url,
    normalize_api_url,
)
from tests.unit.imports.submitting.journal_suite import KEY, begin
from tests.world import World


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://db/imports", "postgresql://db/imports"),
        ("postgres://me@db:5433/imports", "postgres://me@db:5433/imports"),
        ("postgresql://me:secret@db/imports", "postgresql://me@db/imports"),
        ("postgresql://me:se%40cr:et@db/imports?sslmode=require", "postgresql://me@db/imports"),
        ("postgresql://me:a@b@c,d:5433/imports", "postgresql://me@c,d:5433/imports"),
        ("postgresql:///imports?host=/run/pg&password=secret", "postgresql:///imports"),
        ("postgresql://", "postgresql://"),
    ],
)
def test_the_password_and_the_parameters_are_not_shown(text: str, shown: str) -> None:
    url = JournalUrl(text)
    assert (url.text, url.shown) == (text, shown)
    assert repr(url) == f"JournalUrl({shown!r})"


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ("postgresql://me@db/imports", []),
        ("postgresql://me:secret@db/imports", ["secret"]),
        ("postgresql://me:se%40cret@db/imports", ["se%40cret", "se@cret"]),
        ("postgresql://db/imports?password=se%40cret&sslpassword=another", ["se@cret", "another"]),
    ],
)
def test_whatever_is_secret_is_taken_out_of_what_others_say(text: str, secrets: list[str]) -> None:
    url = JournalUrl(text)
    assert set(url.secrets) - {text} == set(secrets)
    for secret in secrets:
        assert url.redact(f"no {secret} here, nor {text}") == "no *** here, nor ***"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty"),
        ("mysql://me:secret@db/x", "is not a URL of PostgreSQL"),
        ("host=db password=secret", "is not a URL of PostgreSQL"),
        ("postgresql:/db", "is not a URL of PostgreSQL"),
        ("postgresql://me:sec ret@db/x", "is not a URL of PostgreSQL"),
        ("postgresql://me:secret@db/x\n", "is not a URL of PostgreSQL"),
    ],
)
def test_what_is_no_url_is_refused_and_not_repeated(text: str, problem: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_url(None, {"TALKVALUE_JOURNAL": text})
    assert caught.value.message == f"TALKVALUE_JOURNAL {problem}"
    assert caught.value.hint == "write it like postgresql://user@host/database"


@pytest.mark.parametrize(
    ("given", "environ", "shown"),
    [
        (None, {}, None),
        (None, {"TALKVALUE_JOURNAL": "postgresql://a/x"}, "postgresql://a/x"),
        ("postgresql://b/x", {"TALKVALUE_JOURNAL": "postgresql://a/x"}, "postgresql://b/x"),
        ("postgresql://b/x", {"TALKVALUE_JOURNAL": ""}, "postgresql://b/x"),
    ],
)
def test_what_is_given_takes_precedence_over_the_environment(
    given: str | None, environ: Mapping[str, str], shown: str | None
) -> None:
    found = find_url(given, environ)
    assert (None if found is None else found.shown) == shown


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://api.test", "https://api.test"),
        ("https://API.test:443/", "https://api.test"),
        ("http://api.test:80/v1/", "http://api.test/v1"),
        ("https://api.test:80", "https://api.test:80"),
        ("https://api.test./v1", "https://api.test/v1"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
    ],
)
def test_a_server_has_one_url(url: str, normal: str) -> None:
    assert normalize_api_url(url) == normal


@pytest.fixture
def without_psycopg(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a machine on which the extra is not installed."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "psycopg"]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("postgres", "session", "schema"):
        module = f"talkvalue_cli.imports.submitting.journal.{name}"
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, "psycopg", None)


@pytest.mark.usefixtures("without_psycopg")
@pytest.mark.parametrize("command", ["run a.csv --source-id 1 --mode SKIP", "history", "resume"])
def test_without_the_extra_one_is_told_how_to_install_it(world: World, command: str) -> None:
    world.write("a.csv", "Email\na@example.org\n")
    url = "postgresql://me:secret-enough@db/imports"
    done = world.run(f"path import {command}", TALKVALUE_JOURNAL=url)
    assert (done.code, done.error["code"]) == (2, "USAGE")
    assert done.error["message"] == "a shared journal needs psycopg, which is not installed"
    assert done.error["hint"] == "pip install '.[postgres]' in the folder of the clone installs it"
    assert world.requests == []


@pytest.mark.parametrize("command", ["run a.csv --source-id 1 --mode SKIP", "history", "resume"])
def test_a_url_that_was_left_empty_is_an_error_and_no_journal_of_ones_own(
    world: World, command: str
) -> None:
    done = world.run(f"path import {command}", TALKVALUE_JOURNAL="")
    assert (done.code, done.error["message"]) == (2, "TALKVALUE_JOURNAL is empty")
    assert not world.machine.state.exists()


@pytest.mark.usefixtures("without_psycopg")
def test_the_journal_of_one_machine_needs_no_extra(own_home: object) -> None:
    with open_journal() as book:
        assert not book.is_shared
        assert begin(book, KEY) == 1
