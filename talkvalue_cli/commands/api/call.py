"""`talkvalue api`: a call of any endpoint, with the token and nothing else added."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from typing import Any

import click

from talkvalue_cli.api import raw
from talkvalue_cli.commands.api.request import (
    METHOD,
    Endpoint,
    EndpointWord,
    Field,
    FieldType,
    open_request,
    read_endpoint,
)
from talkvalue_cli.commands.base import new_command
from talkvalue_cli.commands.options import export
from talkvalue_cli.commands.options.confirm import advising
from talkvalue_cli.commands.options.export import Target, export_options
from talkvalue_cli.commands.options.groups import with_option
from talkvalue_cli.commands.options.places import check_place
from talkvalue_cli.commands.options.types import Text
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import QueryError, UsageError
from talkvalue_cli.output import render_json

#: bytes; JSON for a terminal is laid out up to here, and what is larger is passed on
LARGEST_FOR_PEOPLE = 8 << 20


@new_command("api")
@click.argument(
    "endpoint",
    metavar="[METHOD] PATH",
    nargs=-1,
    required=True,
    type=EndpointWord(),
    callback=read_endpoint,
)
@with_option("-X --method method", "The METHOD, which is GET by default.", type=METHOD)
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
@with_option(
    "--paginate is_paging", "GET all pages of a list, and print their items as one.", is_flag=True
)
@export_options
def api_command(
    context: AppContext,
    endpoint: Endpoint,
    method: str | None,
    texts: Sequence[Field],
    values: Sequence[Field],
    source: str | None,
    content_type: str | None,
    include: bool,
    is_paging: bool,
    target: Target,
) -> None:
    """Call an endpoint of the API that has no command.

    METHOD is GET, POST, PUT, PATCH or DELETE; without one it is GET. The answer
    is printed as it comes, indented on a terminal; --query takes a part of it.
    Errors, exit codes and the token are those of all commands; a GET is repeated
    when the server is in trouble, and everything else is sent once.

    Imports from an integration, such as a ticket shop:
      talkvalue api /path/integration/1/import/candidates
      talkvalue api -X POST /path/integration/1/import -f externalEventId=tix-102 -f mode=SKIP

    More examples:
      talkvalue api /path/person -f keyword=example.com -f pageSize=5
      talkvalue api /path/person --paginate --query '[].primaryEmail'
      talkvalue api GET /path/channel -i
      echo '{"name": "Winners"}' | talkvalue api POST /path/tag --input -
    """
    if None not in (method, endpoint.method) and method != endpoint.method:
        raise UsageError(f"the method is {endpoint.method} before the path, and {method} behind -X")
    method = method or endpoint.method or "GET"
    if source is not None and method == "GET":
        raise UsageError("a GET has no body: --input needs another METHOD")
    if content_type is not None and source is None:
        raise UsageError("--content-type is for --input; fields are always JSON")
    _refuse_mixtures(
        [
            ("--include", include),
            ("--output", target.path is not None),
            ("--query", context.output.query is not None),
        ],
        [("--include", include), ("--paginate", is_paging)],
    )
    if is_paging and method != "GET":
        raise UsageError("--paginate is for a GET")
    if context.flags.named_format is not None and context.output.query is None:
        context.output.warn("the answer is printed as it comes; --format and --json change nothing")
    if target.path is not None:
        check_place("--output", target.path, force=target.force)
    with open_request(
        method, endpoint.path, [*texts, *values], context.stdin, source, content_type
    ) as request:
        if is_paging:
            _print_pages(context, request, target)
            return
        with _send(context, request) as answer:
            if target.path is not None:
                export.save(context, target.path, answer.chunks, force=target.force)
                return
            if include:
                context.output.write_plain(_describe_head(answer))
            _print_body(context, answer)


def _refuse_mixtures(*groups: Sequence[tuple[str, bool]]) -> None:
    """Raise UsageError where two of a group are given: options by name, each with whether it is."""
    for group in groups:
        given = [name for name, is_given in group if is_given]
        if len(given) > 1:
            raise UsageError(f"{given[0]} and {given[1]} exclude each other")


def _print_pages(context: AppContext, request: raw.RawRequest, target: Target) -> None:
    """Print or save the items of all pages as one JSON array, or what a query selects of it."""
    if any(name in ("pageNumber", "cursor") for name, _ in request.params):
        raise UsageError("--paginate begins at the first page; leave pageNumber and cursor out")
    found = raw.walk_items(context.client, request.path, request.params)
    if context.output.query is not None:
        context.output.pages(found, ())
        return
    texts = render_json.render_array(found)
    if target.path is not None:
        chunks = (text.encode() for text in texts)
        export.save(context, target.path, chunks, force=target.force)
        return
    for text in texts:
        context.output.write(text)


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
    """Pass the body on; on a terminal JSON is laid out. A query has its part printed."""
    if context.output.query is not None:
        context.output.record(_read_json(answer))
        return
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


def _read_json(answer: raw.RawAnswer) -> Any:
    """Return the value of a JSON body. Raises QueryError for another, and for a huge one."""
    content = _take(answer.chunks, LARGEST_FOR_PEOPLE)
    if len(content) > LARGEST_FOR_PEOPLE:
        limit = f"{LARGEST_FOR_PEOPLE >> 20} MiB"
        raise QueryError(f"the answer is larger than {limit}, which is too much for --query")
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise QueryError("the answer is not JSON, so --query selects nothing of it") from error


def _take(chunks: Iterator[bytes], limit: int) -> bytes:
    """Return the chunks up to the one that passes the limit, as one."""
    parts, size = [], 0
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > limit:
            break
    return b"".join(parts)
