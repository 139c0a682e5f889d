"""Schemathesis asks the server whether it does what its OpenAPI description says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis.configuration import set_hypothesis_home_dir
from schemathesis import Case, GenerationMode
from schemathesis.checks import load_all_checks, positive_data_acceptance

from talkvalue_cli.sandbox.openapi import document

from ..bench import TOKEN, Bench

HEADERS = {"Authorization": f"Bearer {TOKEN}"}
# Removing comes last, and of all things last the things themselves.
ORDER = ("get", "post", "put", "patch", "delete")
ANALYZE = "/path/import/analyze"
# What these accept cannot be said in JSON Schema: names of time zones and files, unused names,
# whole numbers that are not spelled 1.0, two ids that differ, candidates that are there now,
# fields that exclude each other.
CHOOSY = (
    ANALYZE,
    "/path/integration/{integrationId}/import",
    "/path/event",
    "/path/event/{id}",
    "/path/import",
    "/path/overview",
    "/path/overview/stats",
    "/path/person/{id}",
    "/path/person/{sourceId}/merge/{targetId}",
    "/path/tag",
    "/path/tag/source/{sourceId}",
)
ENDPOINTS = sorted(
    (
        (method, path)
        for path, methods in document.make_document()["paths"].items()
        for method in methods
    ),
    key=lambda pair: (ORDER.index(pair[0]), -pair[1].count("{")),
)
#: what exists, by the name of a parameter or field; `id` by the resource in the path
KNOWN: dict[str, tuple[Any, ...]] = {
    "channel": (1, 2, 3, 4),
    "event": (1001, 1002, 1003, 1012),
    "company": (1, 2, 3),
    "person": (3, 4, 5, 301, 302),
    "tag": (1, 2, 3, 4),
    "import": (1, 2),
    "channelId": (1, 2, 3, 4),
    "eventId": (1001, 1002, 1003, 1012),
    "companyId": (1, 2, 3),
    "personId": (2, 3, 4, 301),
    "tagId": (1, 2, 3, 4),
    "targetId": (2, 6, 7, 8),
    "mergeOperationId": (1, 2),
    "integrationId": (1,),
    "jobId": (1,),
    "columnMappings": ([{"csvIndex": 0, "targetField": "EMAIL"}],),
    "externalEventId": ("tix-101", "tix-102", "tix-103"),
    "timeZone": ("Europe/Berlin", "UTC", "Asia/Tokyo"),
    "startAt": ("2026-05-14T17:00:00Z", "2026-05-14", "2026-05-14T19:00:00.5+02:00"),
    "email": ("new.guest@example.com", "ada.baker@example.com"),
}
# endAt may come before startAt
DROPPED = ("endAt", "joinedAt", "avatarUrl", "linkedInUrl", "xUrl", "emails", "primaryEmail")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Bench]:
    # what it finds out about Unicode takes it a second each time where it cannot keep it
    set_hypothesis_home_dir(pytestconfig.rootpath / "build" / "hypothesis")
    bench = Bench(tmp_path_factory.mktemp("described"))
    bench.run("Email\nfirst@import.example.com\nbroken\n")
    bench.run("Email\nsecond@import.example.com\n")
    for path, body in (
        ("/path/person/1/merge/2", None),
        ("/path/person/10/merge/11", None),
        ("/path/integration/1/import", {"externalEventId": "tix-102", "mode": "SKIP"}),
    ):
        assert bench.send("POST", path, json=body).status_code == 200
    for tag in KNOWN["tag"]:
        for source in KNOWN["channel"]:
            bench.send("POST", f"/path/tag/source/{source}", json={"tagId": tag})
    yield bench
    bench.close()


@pytest.fixture(scope="module")
def schema(bench: Bench) -> Any:
    load_all_checks()
    return schemathesis.openapi.from_wsgi("/openapi.json", bench.app)


def choose(path: str, name: str, value: Any) -> Any:
    """Return something that exists in three cases of four, otherwise the value itself."""
    if name == "sourceId":
        name = "channelId" if "/tag/" in path or path == "/path/import" else "personId"
    known = KNOWN.get(path.split("/")[2] if name == "id" else name)
    dice = value if isinstance(value, int) else len(str(value))
    return value if known is None or dice % 4 == 0 else known[dice // 4 % len(known)]


def aim(case: Case[Any], path: str, file_key: str) -> None:
    """Make a valid request hit something that exists, for random ids never do."""
    places: tuple[Any, ...] = (case.path_parameters, case.query, case.body)
    for place in places:
        if not isinstance(place, dict):
            continue
        for name, value in list(place.items()):
            if isinstance(value, list) and name in ("channelIds", "channelId", "eventIds"):
                aimed = {choose(path, name.rstrip("s"), each) for each in value}
                place[name] = sorted(aimed) if len(aimed) == len(value) else value
            elif name in DROPPED and place is case.body:
                del place[name]
            elif name == "fileKey":
                place[name] = file_key
            elif value is not None:
                place[name] = choose(path, name, value)


def ask(
    schema: Any, method: str, path: str, mode: GenerationMode, examples: int, file_key: str = ""
) -> Counter[int]:
    """Send requests to one endpoint, check each answer, and count the statuses."""
    operation = schema[path][method]
    statuses: Counter[int] = Counter()

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Case[Any]) -> None:
        if mode is GenerationMode.POSITIVE:
            aim(case, path, file_key)
        if path == ANALYZE:
            # Schemathesis 4.30 makes up forms that are no objects, and cannot send them.
            assume(case.body is not None and not isinstance(case.body, (str, int, float, list)))
        answer = case.call(headers=HEADERS)
        statuses[answer.status_code] += 1
        excluded = [positive_data_acceptance] if path in CHOOSY else []
        case.validate_response(answer, headers=HEADERS, excluded_checks=excluded)

    send()
    return statuses


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_valid_requests_are_answered_as_described(
    bench: Bench, schema: Any, method: str, path: str
) -> None:
    file_key = bench.analyze("Email\nx@example.com\n")["fileKey"]
    statuses = ask(schema, method, path, GenerationMode.POSITIVE, 10, file_key)
    # Schemathesis cannot give a file a name, which the server asks for.
    assert statuses[200] > 0 or path == ANALYZE, statuses


def test_an_analysis_is_as_described(bench: Bench, schema: Any) -> None:
    answer = bench.upload("Email,Name,Other\nx@example.com,X,\n")
    assert answer.status_code == 200
    schema[ANALYZE]["post"].validate_response(answer)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        (method, path)
        for method, path in ENDPOINTS
        if method in ("post", "put", "patch") or path in ("/path/person", "/path/company")
    ],
)
def test_wrong_requests_are_refused_as_described(schema: Any, method: str, path: str) -> None:
    # That nothing wrong is accepted is among the checks.
    statuses = ask(schema, method, path, GenerationMode.NEGATIVE, 8)
    assert any(400 <= status < 500 for status in statuses), statuses
