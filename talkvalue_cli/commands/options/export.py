"""One way to export: the server's bytes as they are, to standard output or into a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple

import click

from talkvalue_cli import files
from talkvalue_cli.commands.options.groups import flag, hand_over, option
from talkvalue_cli.commands.options.places import check_place
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import UsageError


class Target(NamedTuple):
    """Where an export goes: a file, or standard output (None).

    force: an existing file may be replaced.
    """

    path: Path | None
    force: bool


def _collect(given: dict[str, Any]) -> Target:
    path = given["output"]
    return Target(None if str(path) == files.STDIO else path, given["force"])


_OPTIONS = (
    option(
        "-o --output",
        "Write to a file, complete or not at all; - is standard output.",
        type=click.Path(path_type=Path),
    ),
    flag("--force", "Let --output replace an existing file."),
)
#: hands a Target to the function as `target`
export_options = hand_over("target", _OPTIONS, _collect)


def export(
    context: AppContext,
    target: Target,
    download: Callable[..., AbstractContextManager[Iterator[bytes]]],
    *arguments: Any,
) -> None:
    """Pass on what is downloaded, byte for byte.

    download: gets the client, and the arguments behind it.
    Raises UsageError for a file that cannot be written, before anything is asked for.
    """
    if context.flags.query is not None:
        raise UsageError("an export is always CSV; --query is for what is JSON")
    if context.flags.named_format is not None:
        context.output.warn("an export is always CSV; --format and --json change nothing")
    if target.path is None:
        with download(context.client, *arguments) as chunks:
            context.output.write_bytes(chunks)
        return
    check_place("--output", target.path, force=target.force)
    with download(context.client, *arguments) as chunks:
        save(context, target.path, chunks, force=target.force)


def save(context: AppContext, path: Path, chunks: Iterator[bytes], *, force: bool) -> None:
    """Write what arrives to a file, and tell somebody who watches how much it was."""
    size = files.save_stream(chunks, path, force=force)
    if context.output.has_reader:
        context.output.note(f"{size:,} bytes written to {path}")
