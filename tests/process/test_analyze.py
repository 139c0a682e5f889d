"""`analyze` of what only a process shows: no terminal, and how much memory it takes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.harness import Running, Sandbox

ANALYZE = ("path", "import", "analyze")
MEGABYTE = 1 << 20


def test_what_cannot_be_read_says_why(sandbox: Sandbox) -> None:
    # without a controlling terminal nobody can open it, not even root
    process = sandbox.start(*ANALYZE, "--file=/dev/tty", start_new_session=True)
    with Running(process) as analyzing:
        done = analyzing.finish()
    assert (done.code, done.out) == (2, "")
    assert done.error["message"] == "cannot read /dev/tty: No such device or address"


def test_a_large_file_is_streamed_with_flat_memory(sandbox: Sandbox, tmp_path: Path) -> None:
    line = b"someone@example.org," + b"x" * 2000 + b"\n"
    with (tmp_path / "large.csv").open("wb") as file:
        file.write(b"Email,Notes\n")
        file.writelines([line] * (50 * MEGABYTE // len(line)))
    code, peak = _measure(sandbox, tmp_path / "large.csv")
    assert code == 0
    # the interpreter and what it imports take about 40
    assert peak < 100 * MEGABYTE


#: says how much memory it took; what wait4() tells counts the process that forked it, too
MEASURED = r"""
import re, sys
from talkvalue_cli import cli
code = cli.main(sys.argv[1:])
print(re.search(r"VmHWM:\s+(\d+) kB", open("/proc/self/status").read())[1], file=sys.stderr)
sys.exit(code)
"""


def _measure(sandbox: Sandbox, path: Path) -> tuple[int, int]:
    """Analyze a file; return the exit code and the peak of resident memory in bytes."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *ANALYZE, "--file", path],
        env={**sandbox.environ(), "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        check=False,
    )
    return done.returncode, int(done.stderr.splitlines()[-1]) * 1024
