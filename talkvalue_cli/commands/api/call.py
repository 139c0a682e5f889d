"""`talkvalue api`: a call of any endpoint, with the token and nothing else added."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext

import click

from talkvalue_cli import files
from talkvalue_cli.api import raw
from talkvalue_cli.commands.api.fields import Field, FieldType
from talkvalue_cli.commands.api.request import ApiPath, ApiPathType, open_request
from talkvalue_cli.commands.base import new_command
from talkvalue_cli.commands.options import export
from talkvalue_cli.commands.options.confirm import advising
from talkvalue_cli.commands.options.export import Target, export_options
from talkvalue_cli.commands.options.groups import with_option
from talkvalue_cli.commands.options.types import Text, Word
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import UsageError
from talkvalue_cli.output import render_json

#: bytes; JSON for a terminal is laid out up to here, and what is larger is passed on
LARGEST_FOR_PEOPLE = 8 << 20


@new_command("api")
@click.argument("method", metavar="METHOD", type=Word("method", raw.METHODS))
@click.argument("path", metavar="PATH", type=ApiPathType())
@with_option(
    "-f --raw-field texts",
    "Text for the query of a GET, else for the JSON body; KEY[]= and KEY[KEY]= nest.",
    multiple=True,
    type=FieldType(is_typed=False),
)
@with_option(
    "-F --field values",
    "The same, but true, false, null and numbers are these, and @FILE is a file's text.",
    multiple=True,
    type=FieldType(is_typed=True),
)
@with_option(
    "--input source",
    "Send this file as the body; - is standard input. Fields then go to the query.",
    type=click.Path(dir_okay=False, allow_dash=True),
)
@with_option(
    "--content-type",
    "What --input holds; application/json by default.",
    type=Text(),
    metavar="TYPE",
)
@with_option("-i --include", "Print the answer's status and headers too.", is_flag=True)
@export_options
def api_command(
    context: AppContext,
    method: str,
    path: ApiPath,
    texts: Sequence[Field],
    values: Sequence[Field],
    source: str | None,
    content_type: str | None,
    include: bool,
    target: Target,
) -> None:
    """Call an endpoint of the API that has no command.

    METHOD is GET, POST, PUT, PATCH or DELETE. The answer is printed as it
    comes, indented on a terminal. Errors, exit codes and the token are those of
    all commands; a GET is repeated when the server is in trouble, and everything
    else is sent once.

    Imports from an integration, such as a ticket shop:
      talkvalue api GET /path/integration/1/import/candidates
      talkvalue api POST /path/integration/1/import -f externalEventId=tix-102 -f mode=SKIP

    More examples:
      talkvalue api GET /path/person -f keyword=example.com -f pageSize=5
      talkvalue api GET /path/channel -i
      echo '{"name": "Winners"}' | talkvalue api POST /path/tag --input -
    """
    if source is not None and method == "GET":
        raise UsageError("a GET has no body: --input needs another METHOD")
    if content_type is not None and source is None:
        raise UsageError("--content-type is for --input; fields are always JSON")
    if include and target.path is not None:
        raise UsageError("--include and --output exclude each other")
    if context.flags.named_format is not None:
        context.output.warn("the answer is printed as it comes; --format and --json change nothing")
    if target.path is not None:
        files.check_target(target.path, force=target.force)
    with (
        open_request(
            method, path, [*texts, *values], context.stdin, source, content_type
        ) as request,
        _send(context, request) as answer,
    ):
        if target.path is None:
            if include:
                context.output.write_plain(_describe_head(answer))
            _print_body(context, answer)
            return
        export.save(context, target.path, answer.chunks, force=target.force)


@contextmanager
def _send(context: AppContext, request: raw.RawRequest) -> Iterator[raw.RawAnswer]:
    """Give the answer; add to the error of a write that nobody knows whether it was made."""
    client = context.client
    advice = "it may have happened all the same; check before you send it again"
    with ExitStack() as stack:
        with nullcontext() if request.method == "GET" else advising(advice):
            answer = stack.enter_context(raw.open_answer(client, request))
        yield answer


def _describe_head(answer: raw.RawAnswer) -> str:
    lines = [answer.status_line, *(f"{name}: {value}" for name, value in answer.headers.items())]
    return "".join(f"{line}\n" for line in [*lines, ""])


def _print_body(context: AppContext, answer: raw.RawAnswer) -> None:
    """Pass the body on; on a terminal JSON is laid out."""
    if not (context.output.is_on_terminal and answer.is_json):
        context.output.write_bytes(answer.chunks)
        return
    start = _take(answer.chunks, LARGEST_FOR_PEOPLE)
    try:
        text = render_json.render_document(json.loads(start))
    except (ValueError, RecursionError):  # cut off here, or never JSON
        context.output.write_bytes(itertools.chain([start], answer.chunks))
    else:
        context.output.write(text)


def _take(chunks: Iterator[bytes], limit: int) -> bytes:
    """Return the chunks up to the one that passes the limit, as one."""
    parts, size = [], 0
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > limit:
            break
    return b"".join(parts)
