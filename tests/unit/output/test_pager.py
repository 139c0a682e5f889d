"""The pager: which program it is, and what it leaves to that program."""

from __future__ import annotations

import os
import shlex
import signal
from pathlib import Path

import pytest

from talkvalue_cli.output import pager

TEXT = "# Zoë\n" + "a line\n" * 20000


def shell(script: str) -> dict[str, str]:
    """Return an environment in which the pager is a script for sh(1)."""
    return {"PAGER": shlex.join(["sh", "-c", script]), "PATH": os.environ["PATH"]}


def test_text_goes_to_the_program_that_pager_names(tmp_path: Path) -> None:
    path = tmp_path / "shown"
    assert pager.show(TEXT, shell(f"cat > {shlex.quote(str(path))}"))
    assert path.read_text("utf-8") == TEXT


@pytest.mark.parametrize("words", ["", " ", "no-such-pager -R"])
def test_without_a_pager_nothing_is_shown(words: str) -> None:
    assert not pager.show(TEXT, {"PAGER": words, "PATH": os.environ["PATH"]})


def test_less_is_the_pager_unless_another_is_named(tmp_path: Path) -> None:
    less = tmp_path / "less"
    less.write_text(f'#!/bin/sh\necho "$@" > "{tmp_path}/arguments"\nexec /bin/cat > /dev/null\n')
    less.chmod(0o755)
    assert pager.show(TEXT, {"PATH": str(tmp_path)})
    assert (tmp_path / "arguments").read_text() == "-FR\n"
    assert not pager.show(TEXT, {"PATH": str(tmp_path / "elsewhere")})


def test_pager_that_is_left_early_is_no_error() -> None:
    assert pager.show(TEXT, shell("exit 1"))


def test_ctrl_c_is_for_the_pager_alone(tmp_path: Path) -> None:
    path = tmp_path / "shown"
    before = signal.getsignal(signal.SIGINT)
    script = f"kill -INT $PPID; trap 'echo caught > {path}' INT; kill -INT $$; cat > /dev/null"
    assert pager.show(TEXT, shell(script))
    assert path.read_text() == "caught\n"
    assert signal.getsignal(signal.SIGINT) is before
