"""Answers that may pass for a record, and answers that may not."""

from __future__ import annotations

from typing import Any

import pytest

from talkvalue_cli.api import models
from talkvalue_cli.errors import UnexpectedAnswerError
from talkvalue_cli.exit_codes import code_of
from talkvalue_cli.transport.responses import JsonResponse

REQUEST = "GET /path/import/7"
PAGE = {"content": [], "pageNumber": 1, "pageSize": 20, "totalElements": 0, "totalPages": 0}


def answer(value: Any) -> JsonResponse:
    return JsonResponse(value, None, REQUEST)


def test_an_object_with_its_keys_passes_with_everything_else_that_it_holds() -> None:
    value = {"id": 7, "status": "NEW", "later": {"x": None}}
    assert models.read_object(answer(value), id=int, status=str) is value


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ([], "a list"),
        ("<html>", "text"),
        (None, "null"),
        (7, "a number"),
        (0.5, "a number"),
        (True, "a truth value"),
    ],
)
def test_anything_but_an_object_is_refused_by_name(value: Any, kind: str) -> None:
    with pytest.raises(UnexpectedAnswerError) as caught:
        models.read_object(answer(value), id=int)
    error = caught.value
    assert error.message == f"{REQUEST} was answered with {kind} instead of an object"
    assert error.hint == "is the API URL the one of a TalkValue server?"
    assert (code_of(error), error.code, error.is_transient) == (1, "UNEXPECTED_ANSWER", True)


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ({}, "id"),
        ({"id": "7", "status": "X"}, "id"),
        ({"id": True, "status": "X"}, "id"),
        ({"id": 7.0, "status": "X"}, "id"),
        ({"id": None, "status": "X"}, "id"),
        ({"id": [7], "status": "X"}, "id"),
        ({"id": -1, "status": "X"}, "id"),
        ({"id": 2**63, "status": "X"}, "id"),
        ({"id": 7}, "status"),
        ({"id": 7, "status": None}, "status"),
        ({"id": 7, "status": ["X"]}, "status"),
        ({"id": 7, "status": ""}, "status"),
        ({"id": 7, "status": "half a character: \ud800"}, "status"),
    ],
)
def test_a_record_without_a_usable_key_is_refused(value: Any, key: str) -> None:
    with pytest.raises(UnexpectedAnswerError) as caught:
        models.read_object(answer(value), id=int, status=str)
    assert caught.value.message == f"{REQUEST} was answered with no usable {key!r}"


@pytest.mark.parametrize("value", [{}, "text", None, 7, {"content": []}])
def test_a_list_must_be_a_list(value: Any) -> None:
    with pytest.raises(UnexpectedAnswerError, match="instead of a list"):
        models.read_list(answer(value), id=int)


@pytest.mark.parametrize("item", [None, "x", [], {}, {"id": "1"}])
def test_each_item_of_a_list_is_checked(item: Any) -> None:
    with pytest.raises(UnexpectedAnswerError):
        models.read_list(answer([{"id": 1}, item]), id=int)


def test_a_page_is_read_with_its_numbers() -> None:
    value = {
        "content": [{"id": 7}],
        "pageNumber": 2,
        "pageSize": 5,
        "totalElements": 6,
        "totalPages": 3,
    }
    assert models.read_page(answer(value), id=int) == ([{"id": 7}], 2, 5, 6, 3)


@pytest.mark.parametrize("content", ["missing", None, "1", {}, 7])
def test_a_page_without_a_list_is_refused(content: Any) -> None:
    value = {**PAGE, "content": content}
    if content == "missing":
        del value["content"]
    with pytest.raises(UnexpectedAnswerError, match="no usable 'content'"):
        models.read_page(answer(value))


@pytest.mark.parametrize("odd", [None, "1", True, 1.5, -1, 10**400, []])
def test_the_numbers_of_a_page_may_be_anything(odd: Any) -> None:
    value = {"content": [{"id": 7}], "pageNumber": odd, "pageSize": odd, "totalPages": odd}
    assert models.read_page(answer(value), id=int) == ([{"id": 7}], odd, odd, None, odd)
