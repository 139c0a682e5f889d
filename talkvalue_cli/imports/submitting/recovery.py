"""What earlier runs mean for a file, and how to find the import that one of them may have made."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from talkvalue_cli import times
from talkvalue_cli.api import imports
from talkvalue_cli.api.pages import LARGEST_PAGE
from talkvalue_cli.counts import read_count
from talkvalue_cli.errors import TalkValueError
from talkvalue_cli.imports import status
from talkvalue_cli.imports.status import Job
from talkvalue_cli.imports.submitting.journal import CREATED, CREATING, Attempt, Journal
from talkvalue_cli.imports.submitting.tags import KEY_DIGITS, find_tag
from talkvalue_cli.statuses import FAILED

if TYPE_CHECKING:
    from talkvalue_cli.transport.client import Client

#: so many pages of the list are asked for at the most
MOST_PAGES = 10
#: and so many in search of an import that one of our requests may have made
MOST_SEARCHED_PAGES = 100
#: the Date header, by which old attempts were dated, is cut to whole seconds
RESOLUTION_S = 2.0


class NextStep(enum.Enum):
    """What to do about a file."""

    CREATE = "create"
    ATTACH = "attach"
    REPORT = "report"
    FIND_ORPHAN = "find the import whose creation was never confirmed"


def next_step(prior: Attempt | None) -> NextStep:
    """Return what to do, given the newest attempt that may have made a job.

    Of a FAILED import nothing has landed, so it is made again.
    """
    if prior is None:
        return NextStep.CREATE
    if prior.step == CREATING:
        return NextStep.FIND_ORPHAN
    if prior.step == CREATED:
        return NextStep.ATTACH
    has_failed = (prior.record or {}).get("status") == FAILED
    return NextStep.CREATE if has_failed else NextStep.REPORT


def is_recent(
    prior: Attempt, now: float, job: Job | None, server_time: datetime | None, again_after_s: float
) -> bool:
    """Tell whether an import that has finished counts as imported still.

    It does by either clock: the journal's, for the times in it, or the
    server's, for the job's own. So a clock that is wrong, or set, repeats nothing.
    now: epoch seconds by the journal's clock. job: as the server has it, None
    when it has not answered.
    """
    if now - prior.updated_at < again_after_s:
        return True
    age_s = None if job is None else age_of(job, server_time)
    return age_s is not None and age_s < again_after_s


def age_of(job: Job, server_time: datetime | None) -> float | None:
    """Return for how many seconds a job has been over, or at work, by the server's clock."""
    moment = times.parse_timestamp(job.get("completedAt") or job.get("processStartedAt"))
    if moment is None or server_time is None:
        return None
    return (server_time - moment).total_seconds()


class Found(NamedTuple):
    """What the server knows of an import that no journal here does.

    job: the one that counts, None when there is none.
    newest_id: of all imports that it has, None when it has none.
    """

    job: dict[str, Any] | None
    newest_id: int | None


NOTHING_FOUND = Found(None, None)


def find_elsewhere(client: Client, digests: Collection[str], again_after_s: float) -> Found:
    """Look for an import of a key that another machine made, or one with a journal that is lost.

    digests: of the key, in each way that some machine may have made it.
    The list is walked back to again_after_s, by the imports' own times.
    """
    keys = {digest[:KEY_DIGITS] for digest in digests}
    newest_id = None
    for jobs, server_time in _walk(client, MOST_PAGES):
        if newest_id is None and jobs:
            newest_id = max(job["id"] for job in jobs)
        ages = [age_of(job, server_time) for job in jobs]
        for job, age_s in zip(jobs, ages, strict=True):
            tag = find_tag(job.get("fileName"))
            if tag is None or tag.key not in keys:
                continue
            is_old = age_s is not None and age_s >= again_after_s
            if not status.is_finished(job) or (job.get("status") != FAILED and not is_old):
                return Found(job, newest_id)
        if ages and all(age_s is not None and age_s >= again_after_s for age_s in ages):
            break
    return Found(None, newest_id)


class Candidates(NamedTuple):
    """The jobs that an attempt may have made.

    tagged: those that carry its tag, oldest first. untagged: those that carry
    none, and could be its own on a server that does not keep names.
    """

    tagged: list[dict[str, Any]]
    untagged: list[dict[str, Any]]


def find_candidates(
    client: Client, journal: Journal, attempt: Attempt, *, is_tagged: bool
) -> Candidates:
    """Look for the jobs that an attempt may have made.

    is_tagged: the server keeps the names of files, and the attempt has sent a tag.
    The list is walked down to what was there before the request. Raises
    TalkValueError when it seems to have no end: nobody can tell then.
    """
    tagged: list[dict[str, Any]] = []
    untagged: list[dict[str, Any]] = []
    for seen, (jobs, _) in enumerate(_walk(client, MOST_SEARCHED_PAGES + 1)):
        if seen == MOST_SEARCHED_PAGES:
            raise _endless(attempt)
        for job in jobs:
            tag = find_tag(job.get("fileName"))
            if attempt.tag is not None and tag == attempt.tag:
                tagged.append(job)
            elif tag is None and not is_tagged and _may_be_of(job, attempt):
                untagged.append(job)
        if any(job["id"] == attempt.newest_id for job in jobs):
            break
        if jobs and all(_started_before(job, attempt) for job in jobs):
            break
    # asked for last: whoever has made a job of the list has written it down by now
    known = journal.list_job_ids(attempt.api_url) if untagged else set()
    unknown = {job["id"]: job for job in untagged if job["id"] not in known}
    unique = {job["id"]: job for job in tagged}
    return Candidates([unique[i] for i in sorted(unique)], [unknown[i] for i in sorted(unknown)])


def _may_be_of(job: Job, attempt: Attempt) -> bool:
    """Tell whether a job without a tag can be an attempt's own."""
    if job.get("mode", attempt.mode) != attempt.mode:
        return False
    if attempt.tag is None:  # of a version that sent files under their own names
        return job.get("fileName") == attempt.file_name and not _started_before(job, attempt)
    is_newer = attempt.newest_id is None or job["id"] > attempt.newest_id
    return is_newer and job.get("totalRows") in (attempt.rows, 0, None)


def _started_before(job: Job, attempt: Attempt) -> bool:
    """Tell whether a job was at work before the attempt's create request was sent."""
    started = status.read_begin(job)
    if started is None or attempt.creating_at is None:
        return False
    return started.timestamp() < attempt.creating_at - RESOLUTION_S


def _walk(
    client: Client, most_pages: int
) -> Iterator[tuple[list[dict[str, Any]], datetime | None]]:
    """Yield pages of the list, newest first, with the server's time; never more than most_pages."""
    for number in range(1, most_pages + 1):
        page, server_time = imports.fetch_page(client, page=number, page_size=LARGEST_PAGE)
        yield page.items, server_time
        pages = read_count(page.total_pages)
        if not page.items or (pages is not None and number >= pages):
            return


def keeps_tags(journal: Journal, attempt: Attempt) -> bool:
    """Tell whether the server shows the names of files as they were sent, as far as we know.

    The key of an upload has the name in it; and what earlier imports were
    called in the end is in the journal.
    """
    return find_tag(attempt.file_key) is not None and not journal.has_lost_tags(attempt.api_url)


def _endless(attempt: Attempt) -> TalkValueError:
    """Return the error for a list in which an import may be further down than anybody looks."""
    return TalkValueError(
        f"{attempt.file_path}: an earlier request may have created its import, and it is not among "
        f"the newest {MOST_SEARCHED_PAGES * LARGEST_PAGE:,} imports",
        code="CREATE_UNCERTAIN",
        remedy=("again", "look for it first;"),
    )


def describe_candidates(path: str, found: Candidates) -> TalkValueError:
    """Return the error that says why none of several jobs is taken."""
    lines = "".join(f"\n  {job['id']}  {job.get('status')}" for job in found.untagged)
    return TalkValueError(
        f"{path}: an earlier request may have created its import, and nobody can tell whether it "
        f"is one of these:{lines}",
        code="CREATE_UNCERTAIN",
        remedy=("again", "look at them first;"),
    )
