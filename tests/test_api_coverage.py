"""Every endpoint of the API has a command, and every query parameter an option."""

from __future__ import annotations

from pathlib import Path

import pytest

from talkvalue_cli.sandbox.openapi import document
from tests import api_calls
from tests.api_calls import Operation

#: reached by `talkvalue api`, whose help has them as its examples
BY_API_COMMAND = {
    Operation("POST", "/path/integration/{integrationId}/import"),
    Operation("GET", "/path/integration/{integrationId}/import/{jobId}"),
    Operation("GET", "/path/integration/{integrationId}/import/candidates"),
}


def find_gaps(
    described: dict[Operation, set[str]], sent: dict[Operation, set[str]]
) -> dict[Operation, set[str]]:
    """Return the operations that nothing reaches, and those with parameters that nothing sends."""
    return {
        operation: names - sent.get(operation, set())
        for operation, names in described.items()
        if operation not in sent or names - sent[operation]
    }


def test_commands_cover_the_api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    api = api_calls.Api(document.make_document())
    # signing in has its own flow, and its own tests
    described = {op: names for op, names in api.parameters.items() if op.path.startswith("/path/")}
    assert len(described) >= 47, "so many endpoints are documented"
    sent = api_calls.record(api, tmp_path)
    assert set(find_gaps(described, sent)) == BY_API_COMMAND
    for operation, names in sent.items():
        assert names <= api.parameters[operation], f"{operation} knows no such parameter"


def test_gap_would_be_found() -> None:
    people, tag = Operation("GET", "/path/person"), Operation("POST", "/path/tag")
    described = {people: {"sort", "keyword"}, tag: set()}
    assert find_gaps(described, {people: {"sort"}}) == {people: {"keyword"}, tag: set()}
    assert find_gaps(described, {people: {"sort", "keyword"}, tag: set()}) == {}
