"""Logins and the machine: its keyring, its browser, and a full disk."""

from __future__ import annotations

import json
import resource
import subprocess
from pathlib import Path

import pytest

from tests import keyring_backends
from tests.harness import CLI, NO_BYTECODE, PATIENCE_S, Finished, Sandbox, wait_for
from tests.process import user
from tests.process.user import User

LIST = ("path", "channel", "list")
LOGIN = ("auth", "login", "--org", "org_harbor")
DEVICE_PATH = "/user_management/authorize/device"


def _files(who: User) -> list[str]:
    return (
        sorted(path.name for path in who.config_folder.rglob("*"))
        if who.config_folder.exists()
        else []
    )


def _run_on_a_full_disk(who: User, *args: str) -> Finished:
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


def test_a_login_puts_the_tokens_into_the_keyring_and_a_logout_removes_them(
    approving: Sandbox, own_home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "system-keyring.json"
    backend = keyring_backends.FileKeyring
    ada = User(own_home, approving, **keyring_backends.keyring_environ(backend, file))
    done = ada.log_in("org_harbor")
    assert "The session is in a file" not in done.err
    keys = ("access_token", "expires_at", "id_token", "refresh_token")
    accounts = [f"talkvalue:ada-baker:{key}" for key in keys]
    assert sorted(keyring_backends.read_accounts(file)) == accounts
    assert not ada.tokens_path.exists()
    assert ada.run(*LIST).code == 0
    assert ada.run("auth", "logout").json["data"] == {"loggedOut": True, "profile": "ada-baker"}
    assert json.loads(file.read_text()) == {"talkvalue-cli": {}}


def test_a_full_disk_is_found_before_the_browser_is_opened(approving: Sandbox, ada: User) -> None:
    before = user.count(approving, path=DEVICE_PATH)
    done = _run_on_a_full_disk(ada, *LOGIN)
    assert (done.code, done.out) == (1, "")
    assert done.error["message"] == f"cannot write {ada.config_path}: File too large"
    assert user.count(approving, path=DEVICE_PATH) == before
    assert _files(ada) == []


@pytest.mark.parametrize("arguments", [LIST, ("auth", "switch", "org_harbor")])
def test_a_full_disk_does_not_cost_the_session(ada: User, arguments: tuple[str, ...]) -> None:
    ada.arrive()
    ada.expire()
    done = _run_on_a_full_disk(ada, *arguments)
    assert (done.code, done.out) == (1, "")
    assert done.error["message"].endswith(": File too large")
    assert ada.run(*LIST).code == 0


def test_the_page_is_opened_where_somebody_sees_it(approving: Sandbox, ada: User) -> None:
    tools, opened = ada.home / "bin", ada.home / "opened"
    tools.mkdir()
    (tools / "xdg-open").write_text(f'#!/bin/sh\necho "$@" >{opened}\necho noise; echo noise >&2\n')
    (tools / "xdg-open").chmod(0o755)
    done = ada.log_in("org_harbor", DISPLAY=":0", PATH=f"{tools}:{ada.environ['PATH']}")
    assert "noise" not in done.out + done.err
    wait_for(lambda: opened.exists() and opened.read_text(), "the page")
    assert opened.read_text().startswith(f"{approving.url}/device?user_code=")
