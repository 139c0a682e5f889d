"""Releases on a package index: what counts, and what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import responses
from packaging.version import Version

from talkvalue_cli import releases
from talkvalue_cli.errors import TalkValueError, UsageError
from talkvalue_cli.exit_codes import code_of
from talkvalue_cli.transport.session import make_session

INDEX = releases.Index("https://index.test/simple")
URL = "https://index.test/simple/talkvalue-cli/"
KIND = "application/vnd.pypi.simple.v1+json"


def find_latest(index: releases.Index) -> Version:
    return releases.find_latest(index, make_session(None))


@pytest.fixture
def mock() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def wheel(version: str, **more: Any) -> dict[str, Any]:
    return {"filename": f"talkvalue_cli-{version}-py3-none-any.whl", **more}


@pytest.mark.parametrize(
    ("files", "latest"),
    [
        ([wheel("2.0.0"), wheel("10.0.0"), wheel("9.9.9")], "10.0.0"),
        ([wheel("2.0.0"), {"filename": "talkvalue_cli-2.1.0.tar.gz"}], "2.1.0"),
        ([wheel("2.0.0"), wheel("3.0.0", yanked=True)], "2.0.0"),
        ([wheel("2.0.0"), wheel("3.0.0", yanked="leaks files")], "2.0.0"),
        ([wheel("3.0.0", yanked=True), {"filename": "talkvalue_cli-3.0.0.tar.gz"}], "3.0.0"),
        ([wheel("2.0.0"), wheel("3.0.0rc1"), wheel("3.0.0.dev5")], "2.0.0"),
        ([wheel("3.0.0a1"), wheel("3.0.0rc1")], "3.0.0rc1"),
        ([wheel("2.0.0"), wheel("3.0.0", **{"requires-python": ">=99"})], "2.0.0"),
        ([wheel("3.0.0", **{"requires-python": ">=3.8, !=3.9.*"})], "3.0.0"),
        ([wheel("2.0.0"), {"filename": "notes.txt"}, "odd", {}], "2.0.0"),
    ],
)
def test_newest_version_is_the_one_that_pip_would_take(
    mock: responses.RequestsMock, files: list[Any], latest: str
) -> None:
    mock.get(URL, json={"meta": {"api-version": "1.1"}, "files": files}, content_type=KIND)
    assert str(find_latest(INDEX)) == latest
    request = mock.calls[0].request
    assert request.headers["Accept"] == KIND
    assert "Authorization" not in request.headers


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"status": 404}, f"the package index does not have talkvalue-cli: {URL}"),
        ({"status": 500}, f"the package index answered with HTTP 500: {URL}"),
        ({"body": "<html>"}, f"{URL} does not answer with JSON of the simple index"),
        ({"json": []}, f"{URL} does not answer with JSON of the simple index"),
        ({"json": {"files": 1}}, f"{URL} does not answer with JSON of the simple index"),
        ({"json": {"files": []}}, f"{URL} has no release of talkvalue-cli for this Python"),
        ({"body": ConnectionError("no way")}, "cannot use"),
    ],
)
def test_index_that_is_of_no_use_is_an_error_that_names_it(
    mock: responses.RequestsMock, answer: dict[str, Any], message: str
) -> None:
    mock.get(URL, **answer)
    with pytest.raises(TalkValueError) as caught:
        find_latest(INDEX)
    assert message in caught.value.message
    assert code_of(caught.value) == 1


def test_user_of_the_url_is_sent_and_never_shown(mock: responses.RequestsMock) -> None:
    index = releases.read_index_url("https://me:p%40ss%2Fword@index.test/simple/")
    assert repr(index) == "Index('https://index.test/simple')"
    mock.get(URL, status=401)
    with pytest.raises(TalkValueError) as caught:
        find_latest(index)
    # base64 of me:p@ss/word
    assert mock.calls[0].request.headers["Authorization"] == "Basic bWU6cEBzcy93b3Jk"
    assert mock.calls[0].request.url == URL
    assert "p@ss" not in caught.value.message and "p%40ss" not in caught.value.message


def test_user_does_not_follow_a_redirect_to_another_host(mock: responses.RequestsMock) -> None:
    elsewhere = "https://files.test/talkvalue-cli/"
    mock.get(URL, status=302, headers={"Location": elsewhere})
    mock.get(elsewhere, json={"files": [wheel("2.0.0")]})
    find_latest(releases.read_index_url("https://me:password@index.test/simple"))
    assert "Authorization" in mock.calls[0].request.headers
    assert "Authorization" not in mock.calls[1].request.headers


@pytest.mark.parametrize("text", ["index.test/simple", "file:///x", "https://", "http://u:pass@:x"])
def test_url_that_is_none_is_a_usage_error_that_does_not_repeat_it(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        releases.read_index_url(text)
    assert caught.value.message == "PIP_INDEX_URL is not a usable URL"


def test_url_keeps_its_port_and_an_ipv6_address() -> None:
    assert releases.read_index_url("http://u@[::1]:8080/simple/?x#y") == releases.Index(
        "http://[::1]:8080/simple", "u", ""
    )


def test_command_fits_how_it_was_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "my tools" / "talkvalue-cli"
    folder.mkdir(parents=True)
    python = str(folder / "bin" / "python")
    assert releases.upgrade_command(str(folder), python) == (
        f"'{python}' -m pip install --upgrade talkvalue-cli"
    )
    assert releases.upgrade_command(str(folder), "") == (
        "python -m pip install --upgrade talkvalue-cli"
    )
    monkeypatch.setattr(releases, "_has_pip", lambda: False)
    (folder / "pyvenv.cfg").touch()
    assert releases.upgrade_command(str(folder), python) == (
        f"uv pip install --python '{python}' --upgrade talkvalue-cli"
    )
    (folder / "uv-receipt.toml").touch()
    assert releases.upgrade_command(str(folder), python) == "uv tool upgrade talkvalue-cli"
    (folder / "pipx_metadata.json").touch()
    assert releases.upgrade_command(str(folder), python) == "pipx upgrade talkvalue-cli"
