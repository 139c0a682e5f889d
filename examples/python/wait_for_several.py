"""Wait for several imports, and print a line at each tenth of their rows.

python wait_for_several.py 4218 4219
"""

from __future__ import annotations

import sys

from talkvalue_cli import connect, imports


class Tenths(imports.SilentListener):
    """Prints how far each import is."""

    def __init__(self) -> None:
        self._printed: dict[int, int] = {}

    def polled(self, history: imports.JobHistory) -> None:
        """Print a line when another tenth of the rows is done."""
        tenth = 10 * history.processed_rows // max(1, history.total_rows)
        if tenth > self._printed.get(history.job_id, 0):
            self._printed[history.job_id] = tenth
            print(f"import {history.job_id}: {10 * tenth} %", flush=True)

    def ended(self, result: imports.ImportResult) -> None:
        """Print how the wait for an import ended."""
        print(f"import {result.job_id}: {result.outcome.value}", flush=True)


def main(job_ids: list[int]) -> int:
    """Wait for all of them; return how many are no success."""
    results = imports.wait(connect(), job_ids, timeout_s=3600, listener=Tenths())
    return sum(not result.is_success for result in results)


if __name__ == "__main__":
    sys.exit(main([int(word) for word in sys.argv[1:]]))
