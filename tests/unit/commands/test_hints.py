"""How remedies are written on a command line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import talkvalue_cli
from talkvalue_cli.commands import hints
from talkvalue_cli.errors import TalkValueError, UsageError
from tests.fakes import FakeRuntime


@pytest.mark.parametrize(
    ("remedy", "hint"),
    [
        (("allow_ragged", ""), "correct the row, or send uneven rows with --allow-ragged"),
        (("encoding", "cp1252"), "name its encoding, such as --encoding cp1252"),
        (("mapping", "FIELD"), "name one with --mapping 'Header:FIELD'"),
        (
            ("min_confidence", "EMAIL"),
            "name it with --mapping 'Header:EMAIL', or lower --min-confidence",
        ),
        (("force", ""), "--force replaces it"),
        (("keep_going", ""), "--keep-going imports the others"),
        (
            ("again", "is the token that of another organization?"),
            "is the token that of another organization? --again imports the file again",
        ),
        (
            ("run", "again"),
            "this goes on where the run has stopped:\ntalkvalue path import run 'a b.csv'",
        ),
    ],
)
def test_a_remedy_becomes_a_hint(remedy: tuple[str, str], hint: str) -> None:
    context = FakeRuntime(["path", "import", "run", "a b.csv"])
    error = UsageError("no", remedy=remedy)
    assert hints.complete(context, error).hint == hint
    assert error.hint is None


def test_a_hint_that_is_there_stays() -> None:
    error = TalkValueError("no", hint="do this", remedy=("force", ""))
    assert hints.complete(FakeRuntime(), error) is error


def test_every_remedy_in_the_code_has_its_hint() -> None:
    root = Path(talkvalue_cli.__file__).parent
    source = "".join(path.read_text("utf-8") for path in root.rglob("*.py"))
    named = set(re.findall(r'remedy=\("(\w+)"', source))
    assert len(named) > 5
    for name in named:
        assert hints.complete(FakeRuntime(), UsageError("no", remedy=(name, "x"))).hint
