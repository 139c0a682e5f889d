"""Import a CSV file, and say what became of it.

    python import_file.py contacts.csv 1

Token and server are found as the command line finds them. It can run again at
any moment: the file is imported once.
"""

from __future__ import annotations

import sys
from pathlib import Path

from talkvalue_cli import connect, imports
from talkvalue_cli.errors import TalkValueError


def main(path: str, channel: str) -> int:
    """Import a file into a channel; return 0 when at least a part of it is in."""
    try:
        result = imports.run(
            connect(),
            path,
            source_id=int(channel),
            mode="SKIP",
            timeout_s=1800,
            failed_rows=Path(),  # import-ID-failed.csv in this folder, if rows fail
        )
        result.raise_for_outcome(allow_partial=True)
    except TalkValueError as error:
        print(error, file=sys.stderr)
        return 1
    job = result.job or {}
    print(f"import {result.job_id} ({result.action}): {job['status']}, {job['newCount']} new")
    if result.failed_rows is not None:
        print(f"{job['failedCount']} rows failed: {result.failed_rows}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
