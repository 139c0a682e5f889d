"""What the commands really send: each is run in process, with each of its options once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import click
import requests
import responses

from talkvalue_cli import cli
from talkvalue_cli.commands.base import GlobalOption
from tests.fakes import FakeRuntime
from tests.reference import Entry, walk_commands
from tests.reference.option_sets import find_sets

API = "https://api.test"

#: values for parameters whose type alone does not say what is accepted
VALUES = {
    "columns": "0:EMAIL",
    "end_at": "2026-05-01T12:00:00Z",
    "joined_at": "2026-05-01T10:00:00Z",
    "mappings": "0:EMAIL",
    "sort": "name:asc",
    "start_at": "2026-05-01T10:00:00Z",
    "target_id": "8",
    "time_zone": "Europe/Berlin",
    "wishes": "0:EMAIL",
}
#: what commands want beyond their required parameters
NEEDS = {
    "talkvalue path analysis channel audience": ["--channel-id", "7", "--channel-id", "8"],
}


class Operation(NamedTuple):
    """An endpoint: its method, and its path with names in braces."""

    method: str
    path: str


class Api:
    """The API as it is described: answers every request with an example of its response."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self.parameters: dict[Operation, set[str]] = {}
        for path, item in document["paths"].items():
            shared = item.get("parameters", [])
            for method in ("get", "post", "put", "patch", "delete"):
                if method in item:
                    listed = [self._resolve(p) for p in shared + item[method].get("parameters", [])]
                    names = {p["name"] for p in listed if p["in"] == "query"}
                    self.parameters[Operation(method.upper(), path)] = names

    def find(self, method: str, path: str) -> Operation | None:
        """Return the operation of a request; a path without braces goes first."""
        for operation in sorted(self.parameters, key=lambda each: each.path.count("{")):
            pattern = re.sub(r"\{[^}]+\}", "[^/]+", operation.path)
            if operation.method == method and re.fullmatch(pattern, path):
                return operation
        return None

    def answer(self, operation: Operation) -> tuple[int, dict[str, str], str]:
        """Return status, headers and body of a success."""
        described = self._document["paths"][operation.path][operation.method.lower()]
        status, answer = next(
            (int(code), self._resolve(each))
            for code, each in described["responses"].items()
            if code.startswith("2")
        )
        for kind, media in answer.get("content", {}).items():
            if "json" in kind:
                return status, {"Content-Type": kind}, json.dumps(self._example(media["schema"]))
            return status, {"Content-Type": kind}, "id\r\n7\r\n"
        return status, {}, ""

    def _resolve(self, item: Any) -> Any:
        while "$ref" in item:
            found: Any = self._document
            for key in item["$ref"].removeprefix("#/").split("/"):
                found = found[key]
            item = found
        return item

    def _example(self, schema: Any) -> Any:
        schema = self._resolve(schema)
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return self._example(next(s for s in schema[word] if s.get("type") != "null"))
        if "allOf" in schema:
            return {k: v for part in schema["allOf"] for k, v in self._example(part).items()}
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return "COMPLETED" if "COMPLETED" in schema["enum"] else schema["enum"][0]
        kinds = schema.get("type", "object")
        kind = kinds if isinstance(kinds, str) else next(k for k in kinds if k != "null")
        if kind == "object":
            members = schema.get("properties", {})
            return {name: self._example(each) for name, each in members.items()}
        if kind == "array":
            return [self._example(schema["items"])]
        text = "2026-05-01T10:00:00Z" if schema.get("format") == "date-time" else "x"
        return {"integer": 7, "number": 0.5, "boolean": False, "string": text}[kind]


def record(api: Api, folder: Path) -> dict[Operation, set[str]]:
    """Run the commands below `path`; return the operations they reach, and the query names.

    Raises AssertionError for a request that the API does not describe.
    """
    sent: dict[Operation, set[str]] = {}
    strays: set[str] = set()

    def answer(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        url = urlsplit(str(request.url))
        operation = api.find(str(request.method), url.path)
        if operation is None:
            strays.add(f"{request.method} {url.path}")
            return 404, {}, ""
        names = {name for name, _ in parse_qsl(url.query, keep_blank_values=True)}
        sent.setdefault(operation, set()).update(names)
        return api.answer(operation)

    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            mock.add_callback(method, re.compile(re.escape(API)), answer)
        for line in _list_lines(folder):
            environ = {"TALKVALUE_TOKEN": "t" * 9, "TALKVALUE_API_URL": API, "HOME": str(folder)}
            cli.main(line, FakeRuntime(line, environ))
    assert not strays, f"not in the description: {sorted(strays)}"
    return sent


def _list_lines(folder: Path) -> Iterator[list[str]]:
    """Yield a command line for each option of each command; a wait ends at once anyway."""
    file = folder / "contacts.csv"
    file.write_text("Email\na@example.org\n")
    entries = [entry for entry in walk_commands() if entry.path.startswith("talkvalue path ")]
    [wait_flags] = [each for each in find_sets(entries) if each.name == "Wait flags"]
    for entry in entries:
        if is_group_only(entry):
            continue
        start = spell_command(entry, file)
        yield start
        for param in _own_params(entry):
            is_choice = isinstance(param, click.Option) and not param.required
            if is_choice and param.expose_value and param not in wait_flags.options:
                yield [*start, *_spell(param, entry, file)]


def is_group_only(entry: Entry) -> bool:
    """Tell whether this does nothing without the name of a member."""
    return isinstance(entry.command, click.Group) and not entry.command.invoke_without_command


def spell_command(entry: Entry, file: Path) -> list[str]:
    """Return a command as it is typed, with no more than it requires.

    file: what it reads, if it reads one.
    """
    required = [param for param in _own_params(entry) if param.required]
    words = [word for param in required for word in _spell(param, entry, file)]
    return [*entry.path.split()[1:], *NEEDS.get(entry.path, []), *words]


def _own_params(entry: Entry) -> list[click.Parameter]:
    return [param for param in entry.command.params if not isinstance(param, GlobalOption)]


def _spell(param: click.Parameter, entry: Entry, file: Path) -> Sequence[str]:
    """Return a parameter as it is typed, with a value that it accepts."""
    if isinstance(param, click.Option) and (param.is_flag or param.count):
        return [param.opts[0]]
    value = VALUES.get(param.name or "") or _find_value(param, entry, file)
    return [max(param.opts, key=len), value] if isinstance(param, click.Option) else [value]


def _find_value(param: click.Parameter, entry: Entry, file: Path) -> str:
    is_id = param.type.name in ("id", "name-or-id", "email-or-id")
    offered = [] if is_id else param.type.shell_complete(entry.context, param, "")
    if offered and offered[0].type == "plain":
        return str(offered[0].value)
    if isinstance(param.type, click.Path) or param.name in ("path", "paths"):
        # a file that is read, or one that is written for the first time
        return str(file if param.required else file.with_name(f"{len(entry.path)}-{param.name}"))
    if is_id:
        return "7"
    return {"n": "7", "number": "7", "duration": "1s", "share": "0.5"}.get(param.type.name, "x")
