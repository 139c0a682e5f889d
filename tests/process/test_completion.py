"""Completion in a real bash: the script is sourced, and asked as readline asks it."""

from __future__ import annotations

import shlex
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from talkvalue_cli.commands.completion.command import read_script
from tests.harness import PATIENCE_S, Sandbox, clean_environ, run_cli

#: what readline does on Tab: the words split at COMP_WORDBREAKS, and the line up to the cursor
ASK = r"""
source script.bash
COMP_LINE=$1 COMP_POINT=${#1} COMP_TYPE=9
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
completer=$(complete -p talkvalue) completer=${completer#* -F }
"${completer%% *}" ./talkvalue
printf '%s\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the script, a program by the name of talkvalue, and two files."""
    script = run_cli("completion", "bash", environ=clean_environ(tmp_path))
    (tmp_path / "script.bash").write_text(script.out)
    program = tmp_path / "talkvalue"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m talkvalue_cli "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "contacts a.csv").touch()
    (tmp_path / "contacts b.csv").touch()
    return tmp_path


def press_tab(folder: Path, environ: Mapping[str, str], line: str, *words: str) -> list[str]:
    """Return what bash would offer; nothing else may be printed."""
    done = subprocess.run(
        ["bash", "--norc", "-c", ASK, "bash", line, *(words or line.split(" "))],
        capture_output=True,
        text=True,
        env=dict(environ),
        cwd=folder,
        timeout=PATIENCE_S,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_tab_completes_words_ids_with_names_and_files(sandbox: Sandbox, folder: Path) -> None:
    environ = sandbox.environ(HOME=str(folder))
    assert press_tab(folder, environ, "./talkvalue path imp") == ["import"]
    # nobody waits long for a menu: on a busy machine it takes one more press of the key
    menus = (press_tab(folder, environ, "./talkvalue path channel get ") for _ in range(20))
    assert next(menu for menu in menus if menu != [""]) == [
        "1  (Newsletter)",
        "2  (Community)",
        "3  (Conference)",
        "4  (Customers)",
    ]
    words = ("./talkvalue", "path", "import", "list", "--status", "=", "fa")
    line = "./talkvalue path import list --status=fa"
    assert press_tab(folder, environ, line, *words) == ["FAILED"]
    files = press_tab(folder, environ, "./talkvalue path import run con")
    assert sorted(files) == ["contacts a.csv", "contacts b.csv"]


def test_tab_without_a_server_offers_nothing_and_says_nothing(folder: Path) -> None:
    environ = clean_environ(folder, TALKVALUE_TOKEN="t" * 9, TALKVALUE_API_URL="http://127.0.0.1:1")
    assert press_tab(folder, environ, "./talkvalue path channel get ") == [""]


def test_bash_script_is_clean(tmp_path: Path) -> None:
    path = tmp_path / "script.bash"
    path.write_text(read_script("bash"))
    checker = Path(sys.executable).with_name("shellcheck")
    done = subprocess.run(
        [checker, "--shell=bash", path], capture_output=True, text=True, check=False
    )
    assert done.stdout == ""
