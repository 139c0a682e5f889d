"""Opening a page where there is a browser to open it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from talkvalue_cli.auth import browser
from tests.harness import wait_for

PAGE = "https://auth.test/device?user_code=ABCD-EFGH"


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two openers in it, which write down what they were given."""
    monkeypatch.setattr(sys, "platform", "linux")
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in ("xdg-open", "wslview", "fox"):
        opener = folder / name
        opener.write_text(
            f'#!/bin/sh\necho noise; echo "$@" > "{folder}/{name}.new"\n'
            f'mv "{folder}/{name}.new" "{folder}/{name}.seen"\n'
        )
        opener.chmod(0o755)
    return folder


def environ_of(tools: Path, **more: str) -> dict[str, str]:
    return {"PATH": f"{tools}:/usr/bin:/bin", **more}


@pytest.mark.parametrize(
    ("environ", "opener"),
    [
        ({"DISPLAY": ":0"}, "xdg-open"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "xdg-open"),
        ({"DISPLAY": ":10", "SSH_CONNECTION": "x"}, "xdg-open"),
        ({"WSL_DISTRO_NAME": "Debian"}, "wslview"),
    ],
)
def test_a_page_is_opened_where_somebody_sees_it(
    tools: Path, capfd: pytest.CaptureFixture[str], environ: dict[str, str], opener: str
) -> None:
    assert browser.open_page(PAGE, environ_of(tools, **environ))
    seen = tools / f"{opener}.seen"
    wait_for(seen.exists, "the page is opened")
    assert seen.read_text() == f"{PAGE}\n"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"DISPLAY": ":0", "TALKVALUE_DISABLE_BROWSER_OPEN": "1"},
        {"SSH_CONNECTION": "x", "WSL_DISTRO_NAME": "Debian"},
        {"SSH_TTY": "/dev/pts/1"},
        {"DISPLAY": ""},
        {"DISPLAY": ":0", "PATH": "/nonexistent"},
    ],
)
def test_where_nobody_sees_it_nothing_is_started(tools: Path, environ: dict[str, str]) -> None:
    assert not browser.open_page(PAGE, {**environ_of(tools), **environ})


@pytest.mark.parametrize("url", ["file:///etc/passwd", "-x", "javascript:1", "https://a\nb", ""])
def test_only_pages_of_the_web_are_opened(tools: Path, url: str) -> None:
    assert not browser.open_page(url, environ_of(tools, DISPLAY=":0"))


def test_an_opener_that_cannot_be_started_is_none(tools: Path) -> None:
    (tools / "xdg-open").write_text("#!/nonexistent\n")
    assert not browser.open_page(PAGE, environ_of(tools, DISPLAY=":0"))


@pytest.mark.parametrize(
    ("browser_variable", "expected"),
    [
        ("fox", PAGE),
        ("fox --new-tab", f"--new-tab {PAGE}"),
        ("fox --url=%s --quiet &", f"--url={PAGE} --quiet"),
        ("nothing-here:'broken:fox '--a b'", f"--a b {PAGE}"),
        ("{tools}/fox", PAGE),
    ],
)
def test_browser_names_the_browser_also_where_there_seems_to_be_no_screen(
    tools: Path, browser_variable: str, expected: str
) -> None:
    variable = browser_variable.format(tools=tools) if "{" in browser_variable else browser_variable
    environ = environ_of(tools, BROWSER=variable, SSH_CONNECTION="x", DISPLAY=":0")
    assert browser.open_page(PAGE, environ)
    seen = tools / "fox.seen"
    wait_for(seen.exists, "the page is opened")
    assert seen.read_text() == f"{expected}\n"


@pytest.mark.parametrize("variable", ["none", "nothing-here:nor-here", "'", " ", ":"])
def test_a_browser_that_is_none_is_not_replaced_by_another(tools: Path, variable: str) -> None:
    assert not browser.open_page(PAGE, environ_of(tools, BROWSER=variable, DISPLAY=":0"))


def test_an_empty_browser_is_not_set(tools: Path) -> None:
    assert browser.open_page(PAGE, environ_of(tools, BROWSER="", DISPLAY=":0"))


def test_the_switch_takes_precedence_over_browser(tools: Path) -> None:
    environ = environ_of(tools, BROWSER="fox", TALKVALUE_DISABLE_BROWSER_OPEN="1")
    assert not browser.open_page(PAGE, environ)
