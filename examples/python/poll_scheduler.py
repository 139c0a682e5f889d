"""Submit files, and poll their imports from a scheduler that has other work as well.

    python poll_scheduler.py 1 contacts.csv more.csv

Nothing blocks: `poll` asks once for all imports, and tells when to come back.
"""

from __future__ import annotations

import sched
import sys
import time

from talkvalue_cli import connect, imports


def main(channel: str, paths: list[str]) -> int:
    """Import files into a channel; return how many are no success."""
    client = connect()
    submitted = imports.submit(client, paths, source_id=int(channel), mode="SKIP")
    waiter = imports.Waiter(client)
    for submission in submitted:
        if submission.job_id is not None:
            waiter.add(submission.job_id, submission.job, is_new=submission.is_new)

    scheduler = sched.scheduler(time.monotonic, time.sleep)

    def check() -> None:
        delay_s = waiter.poll()
        if delay_s is not None:
            scheduler.enter(delay_s, 1, check)

    scheduler.enter(0, 1, check)
    scheduler.enter(0, 2, print, ("other work goes on meanwhile",))
    scheduler.run()

    for result in waiter.results.values():
        print(f"import {result.job_id}: {result.outcome.value}")
    return sum(not result.is_success for result in waiter.results.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
