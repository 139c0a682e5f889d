"""`talkvalue update`: what it answers, and how it was installed."""

from __future__ import annotations

import json

import pytest
import responses

from talkvalue_cli import cli, releases
from tests.fakes import FakeRuntime

#: a token is there, and must not be sent
ENVIRON = {
    "TALKVALUE_TOKEN": "token-of-this-test",
    "TALKVALUE_API_URL": "https://api.test",
    "PIP_INDEX_URL": "https://me:index-password@index.test/simple",
}


def update(latest: str, *arguments: str) -> FakeRuntime:
    context = FakeRuntime(["update", *arguments], ENVIRON)
    with responses.RequestsMock() as mock:
        files = [{"filename": f"talkvalue_cli-{latest}-py3-none-any.whl"}]
        mock.get("https://index.test/simple/talkvalue-cli/", json={"files": files})
        assert cli.main(["update", *arguments], context) == 0
        assert "token-of-this-test" not in str(mock.calls[0].request.headers)
    return context


def test_newer_release_comes_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(releases, "upgrade_command", lambda: "pipx upgrade talkvalue-cli")
    context = update("99.1")
    assert context.fake_stdout.text == (
        '{\n  "data": {\n    "current": "2.0.0.dev0",\n'
        '    "installCommand": "pipx upgrade talkvalue-cli",\n'
        '    "latest": "99.1",\n    "outdated": true\n  }\n}\n'
    )
    assert context.fake_stderr.text == ""


@pytest.mark.parametrize("latest", ["2.0.0.dev0", "1.9"])
def test_without_a_newer_release_there_is_nothing_to_install(latest: str) -> None:
    data = json.loads(update(latest).fake_stdout.text)["data"]
    assert (data["latest"], data["outdated"], data["installCommand"]) == (latest, False, None)


def test_index_that_cannot_be_reached_is_exit_1_without_its_password() -> None:
    context = FakeRuntime(["update"], ENVIRON)
    with responses.RequestsMock() as mock:
        mock.get("https://index.test/simple/talkvalue-cli/", status=503)
        assert cli.main(["update"], context) == 1
    err = json.loads(context.fake_stderr.text)["error"]
    assert err["message"].startswith("the package index answered with HTTP 503: https://index.test")
    assert "index-password" not in context.fake_stderr.text
    assert context.fake_stdout.text == ""
