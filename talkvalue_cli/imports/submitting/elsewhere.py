"""Imports of a file that another machine has made, or that the journal has lost."""

from __future__ import annotations

from typing import Any

from talkvalue_cli.imports import status
from talkvalue_cli.imports.file.checked import CheckedFile
from talkvalue_cli.imports.result import Action, Submission
from talkvalue_cli.imports.submitting import recovery
from talkvalue_cli.imports.submitting.journal import Key
from talkvalue_cli.imports.submitting.recovery import NOTHING_FOUND, Found
from talkvalue_cli.imports.submitting.run_context import RunContext
from talkvalue_cli.imports.submitting.tags import Tag, find_tag


def find_elsewhere(run: RunContext, key: Key) -> Found:
    """Return what other machines have made of this import, unless nobody is to be asked."""
    if not run.options.asks_server:
        return NOTHING_FOUND
    # machines with journals of their own may know less
    own = key._replace(api_url=run.client.base_url, organization=run.client.organization)
    others = (own, own._replace(organization="")) if run.journal.is_shared else ()
    digests = {each.digest for each in (key, *others)}
    return recovery.find_elsewhere(run.client, digests, run.options.again_after_s)


def take_over(run: RunContext, file: CheckedFile, key: Key, job: dict[str, Any]) -> Submission:
    """Return an import that another machine made, or one that the journal has lost."""
    tag = find_tag(job.get("fileName"))
    assert tag is not None, "it was found by its tag"
    attempt_id = begin(run, file, key, tag)
    run.journal.was_created(attempt_id, job["id"])
    if not status.is_finished(job):
        return Submission(file.path, Action.ATTACHED, job["id"], job, attempt_id=attempt_id)
    run.journal.was_finished(attempt_id, job)
    run.listener.note(f"{file.path} was imported by import {job['id']} on another machine")
    return Submission(file.path, Action.KNOWN, job["id"], job, attempt_id=attempt_id)


def begin(run: RunContext, file: CheckedFile, key: Key, tag: Tag) -> int:
    """Write down that a file is about to be uploaded, or was; return the id of the attempt."""
    return run.journal.begin(
        key,
        profile=run.client.profile,
        tag=tag,
        # a name that is no UTF-8, which no database takes, is escaped
        file_path=file.path.encode("utf-8", "backslashreplace").decode(),
        file_name=file.name,
        headers=file.sent_header,
        rows=file.checked.rows,
    )
