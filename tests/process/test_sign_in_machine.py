"""Logins where the machine is in the way: a full disk, no opener, no home."""

from __future__ import annotations

import resource
import subprocess

import pytest

from tests.harness import CLI, NO_BYTECODE, PATIENCE_S, Finished, Sandbox, wait_for
from tests.process import member
from tests.process.member import Member

LIST = ("path", "channel", "list")
LOGIN = ("auth", "login", "--org", "org_harbor")
DEVICE_PATH = "/user_management/authorize/device"


def _files(who: Member) -> list[str]:
    return (
        sorted(path.name for path in who.config_folder.rglob("*"))
        if who.config_folder.exists()
        else []
    )


def _run_on_a_full_disk(who: Member, *args: str) -> Finished:
    """Run the program where no byte can be written to a file."""

    def forbid() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))

    done = subprocess.run(
        [*CLI, *args],
        env={**who.environ, **NO_BYTECODE},
        cwd=who.home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
        preexec_fn=forbid,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def test_a_full_disk_is_found_before_the_browser_is_opened(approving: Sandbox, ada: Member) -> None:
    before = member.count(approving, path=DEVICE_PATH)
    done = _run_on_a_full_disk(ada, *LOGIN)
    assert (done.code, done.out) == (1, "")
    assert done.error["message"] == f"cannot write {ada.config_path}: File too large"
    assert member.count(approving, path=DEVICE_PATH) == before
    assert _files(ada) == []


@pytest.mark.parametrize("arguments", [LIST, ("auth", "switch", "org_harbor")])
def test_a_full_disk_does_not_cost_the_session(ada: Member, arguments: tuple[str, ...]) -> None:
    ada.arrive()
    ada.expire()
    done = _run_on_a_full_disk(ada, *arguments)
    assert (done.code, done.out) == (1, "")
    assert done.error["message"].endswith(": File too large")
    assert ada.run(*LIST).code == 0


@pytest.mark.parametrize("has_opener", [True, False])
def test_a_display_without_a_program_that_opens_pages_is_no_obstacle(
    ada: Member, has_opener: bool
) -> None:
    tools = ada.home / "bin"
    tools.mkdir()
    if has_opener:  # one that cannot be started
        (tools / "xdg-open").write_bytes(b"\x7fELF-not-really")
        (tools / "xdg-open").chmod(0o755)
    done = ada.log_in("org_harbor", DISPLAY=":0", PATH=str(tools))
    assert done.err.startswith("Open this page in a browser, on this machine or another:\n")


def test_the_page_is_opened_where_somebody_sees_it(approving: Sandbox, ada: Member) -> None:
    tools, opened = ada.home / "bin", ada.home / "opened"
    tools.mkdir()
    (tools / "xdg-open").write_text(f'#!/bin/sh\necho "$@" >{opened}\necho noise; echo noise >&2\n')
    (tools / "xdg-open").chmod(0o755)
    done = ada.log_in("org_harbor", DISPLAY=":0", PATH=f"{tools}:{ada.environ['PATH']}")
    assert "noise" not in done.out + done.err
    wait_for(lambda: opened.exists() and opened.read_text(), "the page")
    assert opened.read_text().startswith(f"{approving.url}/device?user_code=")
