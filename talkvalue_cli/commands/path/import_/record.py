"""Printing the record of an import that nothing was waited for."""

from __future__ import annotations

from talkvalue_cli.context import AppContext
from talkvalue_cli.imports.status import Job


def show(context: AppContext, job: Job) -> None:
    """Print the record of an import."""
    if context.output.is_document:
        context.output.record(job)
        return
    # JSON needs nothing of how a table looks, and scripts poll with it
    from talkvalue_cli.commands.path.import_ import channels, tables

    with channels.of_journal(context) as find_channel:
        context.output.record(job, tables.job_layout(find_channel, job))
