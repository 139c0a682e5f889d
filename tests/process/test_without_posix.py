"""The program where there is nothing of POSIX that Windows lacks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.csv_texts import people
from tests.harness import Sandbox
from tests.process.user import User

#: takes away what Windows has not, and puts its locks in the place of flock; what is locked is
#: written down in a file
LIKE_WINDOWS = """
import errno, fcntl, os, signal, subprocess, sys  # subprocess takes msvcrt for Windows
flock, names = fcntl.flock, fcntl

class Msvcrt:
    LK_NBLCK, LK_UNLCK = 2, 0
    @staticmethod
    def locking(handle, mode, size):
        try:
            flock(handle, names.LOCK_UN if mode == 0 else names.LOCK_EX | names.LOCK_NB)
        except BlockingIOError:
            raise PermissionError(errno.EACCES, "Permission denied")
        if mode == 2:
            with open(os.environ["LOCKED"], "a") as file:
                print(os.path.basename(os.readlink(f"/proc/self/fd/{handle}")), file=file)

for name in ("fcntl", "termios", "tty", "pty", "resource", "grp", "readline"):
    sys.modules[name] = None
sys.modules["msvcrt"] = Msvcrt
for name in ("O_CLOEXEC", "O_NOFOLLOW", "O_TMPFILE", "fchmod", "fchown", "chown", "mkfifo",
             "tcgetpgrp", "getpgrp", "geteuid", "getuid", "killpg", "fork", "setsid"):
    delattr(os, name)
for name in ("SIGHUP", "SIGTSTP", "SIGQUIT", "SIGCONT", "SIGPIPE", "SIGKILL", "SIGALRM"):
    delattr(signal, name)
"""


@pytest.fixture
def run(ada: User, sandbox: Sandbox, tmp_path: Path) -> Callable[..., Any]:
    """Return a function that runs a command that has to succeed, and returns its JSON."""
    (tmp_path / "sitecustomize.py").write_text(LIKE_WINDOWS)
    more = {"PYTHONPATH": str(tmp_path), "LOCKED": str(tmp_path / "locked")}

    def run(*args: str, **environ: str) -> Any:
        done = ada.run(*args, "--json", **more, **environ)
        assert done.code == 0, done.err
        return done.json["data"]

    return run


def _list_locked(tmp_path: Path) -> list[str]:
    return (tmp_path / "locked").read_text().split()


def test_a_file_is_imported_once_and_the_journal_knows_it(
    run: Callable[..., Any], sandbox: Sandbox, ada: User, tmp_path: Path
) -> None:
    (ada.home / "a.csv").write_text(people(3, bad=1))
    wait = ("--interval=1s", "--max-failed=1")
    line = ("path", "import", "run", "a.csv", "--source-id", "1", "--mode", "UPDATE", *wait)
    token = sandbox.environ()["TALKVALUE_TOKEN"]
    here = {"TALKVALUE_API_URL": sandbox.url, "TALKVALUE_TOKEN": token}
    first, second = run(*line, **here), run(*line, **here)
    assert first["id"] == second["id"]
    assert first["newCount"] == 3
    [attempt] = run("path", "import", "history", **here)
    assert attempt["importJobId"] == first["id"]
    # the key of the import, by both runs
    first_key, second_key = _list_locked(tmp_path)
    assert first_key == second_key
    rows = (ada.home / f"import-{first['id']}-failed.csv").read_bytes()
    assert rows.count(b"\n") == 2


def test_settings_are_written_under_a_lock(
    run: Callable[..., Any], ada: User, tmp_path: Path
) -> None:
    run("config", "set", "client_id", "client_of_mine")
    assert ada.config["client_id"] == "client_of_mine"
    assert _list_locked(tmp_path) == ["config.lock"]


def test_somebody_signs_in_and_works(run: Callable[..., Any], ada: User, tmp_path: Path) -> None:
    run("auth", "login", "--org", "org_harbor")
    assert ada.tokens_path.exists()
    assert set(_list_locked(tmp_path)) == {"config.lock", "tokens.lock"}
    names = [channel["name"] for channel in run("path", "channel", "list")]
    assert names == ["Newsletter", "Speakers", "Volunteers"]
