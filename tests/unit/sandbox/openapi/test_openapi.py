"""The OpenAPI description: complete, well formed, and open to all."""

from __future__ import annotations

import re
from typing import Any

from talkvalue_cli.sandbox.openapi import document

from ..bench import Bench

#: served, but not described: what is not for clients of the API
ELSEWHERE = ("/openapi.json", "/user_management", "/device", "/sandbox")


def test_the_description_names_the_endpoints_that_are_served(bench: Bench) -> None:
    served = {
        (method, re.sub(r"<[^>]*>", "{}", rule.rule))
        for rule in bench.app.url_map.iter_rules()
        for method in rule.methods or ()
        if method not in ("HEAD", "OPTIONS") and not rule.rule.startswith(ELSEWHERE)
    }
    described = {
        (method.upper(), re.sub(r"\{[^}]*\}", "{}", path))
        for path, methods in document.make_document()["paths"].items()
        for method in methods
    }
    assert described == served
    assert len(described) == 49


def test_the_description_is_served_without_a_token(bench: Bench) -> None:
    answer: Any = bench.client.get("/openapi.json")
    assert answer.status_code == 200
    assert answer.json["openapi"] == "3.1.0"
    assert answer.json == document.make_document()
    assert bench.client.get("/openapi.json?x=1").status_code == 400
    assert bench.client.get("/path/person").status_code == 401


def test_every_name_that_is_referred_to_is_there() -> None:
    described = document.make_document()
    names = re.findall(r"'#/components/(\w+)/(\w+)'", repr(described))
    components = described["components"]
    assert [name for kind, name in names if name not in components[kind]] == []
    used = {name for kind, name in names if kind == "schemas"}
    assert set(components["schemas"]) == used


def test_operations_have_names_of_their_own() -> None:
    names = [
        operation["operationId"]
        for methods in document.make_document()["paths"].values()
        for operation in methods.values()
    ]
    assert len(set(names)) == len(names) == 49


def test_answers_have_all_their_fields_and_no_others() -> None:
    schemas = document.make_document()["components"]["schemas"]
    person = schemas["Person"]
    assert person["required"] == [
        "id", "name", "primaryEmail", "primaryPhone", "company", "jobTitle", "channels",
        "events", "joinedAt", "createdAt",
    ]  # fmt: skip
    assert person["additionalProperties"] is False
    assert person["properties"]["primaryPhone"] == {"type": ["string", "null"]}
    assert schemas["NewPerson"]["required"] == ["email", "phones"]
    assert "required" not in schemas["UpdatePerson"]
