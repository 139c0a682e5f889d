"""What is forked cannot be told from what is started, by itself or by the one who waits for it."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests import forks
from tests.harness import PATIENCE_S, clean_environ, start
from tests.tty.terminal import Terminal

#: what a process can know of how it was started
FACTS = """
import json, os, signal, sys
umask = os.umask(0)
STREAMS = ("stdin", "stdout", "stderr")
def describe(stream):
    keys = ("name", "mode", "encoding", "errors", "line_buffering", "write_through", "newlines")
    return [stream.isatty(), stream.fileno(), *(getattr(stream, key) for key in keys)]
def find_terminal():
    try:
        return os.ttyname(os.open("/dev/tty", os.O_RDWR))
    except OSError as error:
        return str(error)
print(json.dumps({
    "argv": sys.argv, "path": sys.path, "name": __name__, "file": __file__,
    "main": sys.modules["__main__"].__dict__ is globals(),
    "environ": dict(os.environ), "folder": os.getcwd(), "umask": umask,
    "leads": [each == os.getpid() for each in (os.getpgrp(), os.getsid(0))],
    "descriptors": sorted(os.listdir("/proc/self/fd"))[:-1],
    "signals": {each: str(signal.getsignal(each)) for each in signal.valid_signals()},
    "streams": [describe(getattr(sys, each)) for each in STREAMS],
    "same": [getattr(sys, each) is getattr(sys, f"__{each}__") for each in STREAMS],
    "flags": str(sys.flags), "warnings": sys.warnoptions, "bytecode": sys.dont_write_bytecode,
    "terminal": find_terminal(),
    "stdin": "" if sys.stdin.isatty() else sys.stdin.read(),
}, default=str))
"""


class End(NamedTuple):
    """How a process ended."""

    code: int
    out: str
    err: str


def run(folder: Path, text: str, *args: str, is_forked: bool, stdin: str = "") -> End:
    """Run a module with this text, and return how it ended."""
    (folder / "module.py").write_text(text)
    more = {"A": "a\udcff"} if is_forked else {"A": "a\udcff", **forks.NOT_FORKED}
    pipe = subprocess.PIPE
    settings = {"cwd": folder, "stdin": pipe, "stdout": pipe, "stderr": pipe, "text": True}
    command = [sys.executable, "-m", "module", *args]
    with start(command, env=clean_environ(folder, **more), **settings) as process:
        assert isinstance(process, forks.Forked) is is_forked
        out, err = process.communicate(stdin, PATIENCE_S)
    return End(process.returncode, out, err)


def read_facts(text: str) -> dict[str, Any]:
    """Return the facts, without those that are no other by intent."""
    facts: dict[str, Any] = json.loads(text)
    # the last two are of the shell that starts it on a terminal
    for name in (*forks.NOT_FORKED, "PWD", "OLDPWD"):
        facts["environ"].pop(name, None)
    return facts


def test_it_finds_what_a_start_would_have_given_it(tmp_path: Path) -> None:
    args = ("a", "ü b\udcff", "--c")
    forked, started = (
        read_facts(run(tmp_path, FACTS, *args, is_forked=each, stdin="ü\n").out)
        for each in (True, False)
    )
    assert forked == started
    assert (forked["stdin"], forked["argv"][1:]) == ("ü\n", list(args))
    assert forked["environ"]["A"] == "a\udcff"


def test_so_it_is_on_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(FACTS)
    found = []
    for more in ({}, forks.NOT_FORKED):
        terminal = Terminal()
        command = (sys.executable, "-m", "module")
        assert terminal.run(command=command, environ=clean_environ(tmp_path, **more)) == 0
        facts = read_facts(terminal.raw.decode())
        found.append(facts)
        terminal.close()
    assert found[0] == found[1] | {"terminal": found[0]["terminal"]}
    assert found[0]["leads"] == [True, True] and found[0]["terminal"].startswith("/dev/")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("print('out')", 0),
        ("import sys; sys.exit('a reason')", 1),
        ("import os; print('lost'); os._exit(5)", 5),
        ("import os; os.close(1); print('lost')", 120),
        ("import warnings; warnings.warn('an error')", 1),
        ("import threading; threading.Timer(0.1, print, ['late']).start()", 0),
        ("import signal; signal.raise_signal(signal.SIGQUIT)", -signal.SIGQUIT),
        ("import signal; print('lost'); signal.raise_signal(signal.SIGKILL)", -signal.SIGKILL),
        ("import signal; signal.raise_signal(signal.SIGINT)", -signal.SIGINT),
        ("1 / 0", 1),
    ],
)
def test_it_ends_as_what_was_started(tmp_path: Path, text: str, code: int) -> None:
    forked, started = (run(tmp_path, text, is_forked=each) for each in (True, False))
    assert (forked.code, forked.out) == (code, started.out)
    assert started.code == code
    # a traceback begins with where the module was called
    assert forked.err.splitlines()[-1:] == started.err.splitlines()[-1:]


def test_what_python_takes_when_it_starts_is_not_forked(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "talkvalue_cli")
    assert forks.can_fork(command, clean_environ(tmp_path))
    for name in ("PYTHONPATH", "PYTHONUTF8", "LC_ALL", "LANG", "LD_PRELOAD"):
        assert not forks.can_fork(command, clean_environ(tmp_path, **{name: "1"}))
    assert not forks.can_fork(("sh", "-c", "true"), clean_environ(tmp_path))


IMPORT = "path import run pipe --source-id 1 --mode SKIP"
SCRIPTS = [
    "$cli version",
    "$cli no-such-command",
    "$cli path import analyze --file - <&-",
    "$cli version <&- >&- 2>&-",
    "$cli version >/dev/full",
    "umask 027; $cli skills --install skills; stat -c %a skills skills/*",
    "ulimit -f 1; $cli skills --install others; echo $?",
    "LC_ALL=C PYTHONUTF8=0 $cli tag create --name $(printf 'a\\377')",
    f"mkfifo pipe; $cli {IMPORT} & exec 3>pipe; kill $!; wait $!",
    f"mkfifo pipe; (trap '' TERM; exec $cli {IMPORT}) & exec 3>pipe; kill $!; exec 3>&-; wait $!",
]


@pytest.mark.parametrize("number", range(len(SCRIPTS)))
def test_a_script_cannot_tell_the_two_either(tmp_path: Path, number: int) -> None:
    ends = []
    for name, command in (("forked", forks.command()), ("started", forks.CLI)):
        folder = tmp_path / name
        folder.mkdir()
        environ = clean_environ(folder, cli=shlex.join(command), TALKVALUE_TOKEN="t")
        done = subprocess.run(
            ["sh", "-c", SCRIPTS[number]],
            env=environ,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        ends.append((done.returncode, done.stdout, done.stderr.replace(str(folder), ".")))
    assert ends[0] == ends[1]
