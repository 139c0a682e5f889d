"""The endpoints of channels and events."""

from __future__ import annotations

from typing import Any

import pytest
import responses

from talkvalue_cli.api import sources
from talkvalue_cli.api.sources import CHANNELS, EVENTS, Kind
from talkvalue_cli.errors import NotFoundError, UnexpectedAnswerError
from talkvalue_cli.exit_codes import code_of
from tests.unit.wire import make_client

BASE = "http://api.test"
URL = f"{BASE}/path/channel"
LISTED = [{"id": 1, "name": "News"}, {"id": 7, "name": "Fair", "tags": None, "later": 1}]


def test_channels_are_listed_with_everything_that_they_hold(http: responses.RequestsMock) -> None:
    http.get(URL, json=LISTED)
    assert sources.list_sources(make_client(BASE)[0], CHANNELS) == LISTED


@pytest.mark.parametrize(
    "value",
    [{}, "<html>", {"data": LISTED}, [{"name": "x"}], [{"id": True, "name": "x"}], [None]],
)
def test_a_doubtful_list_is_refused(http: responses.RequestsMock, value: Any) -> None:
    http.get(URL, json=value)
    with pytest.raises(UnexpectedAnswerError):
        sources.list_sources(make_client(BASE, tries=1)[0], CHANNELS)


@pytest.mark.parametrize("kind", [CHANNELS, EVENTS])
def test_one_is_found_in_the_list(http: responses.RequestsMock, kind: Kind) -> None:
    http.get(BASE + kind.path, json=LISTED)
    assert sources.get_source(make_client(BASE)[0], kind, 7) == LISTED[1]


@pytest.mark.parametrize("kind", [CHANNELS, EVENTS])
def test_an_unknown_one_is_not_found_like_anything_else(
    http: responses.RequestsMock, kind: Kind
) -> None:
    http.get(BASE + kind.path, json=LISTED)
    with pytest.raises(NotFoundError) as caught:
        sources.get_source(make_client(BASE)[0], kind, 99)
    assert caught.value.message == f"{kind.name.capitalize()} 99 not found"
    assert caught.value.hint == f"talkvalue path {kind.name} list shows the ids"
    assert code_of(caught.value) == 4


def test_a_channel_is_listed_whatever_its_name_is(http: responses.RequestsMock) -> None:
    http.get(URL, json=[{"id": 1}, {"id": 2, "name": ["x"]}])
    assert sources.list_sources(make_client(BASE)[0], CHANNELS) == [
        {"id": 1},
        {"id": 2, "name": ["x"]},
    ]


def test_what_an_update_leaves_unnamed_is_read_first(http: responses.RequestsMock) -> None:
    http.get(URL, json=[{**LISTED[1], "icon": "x", "color": None}])
    found = sources.complete_changes(make_client(BASE)[0], CHANNELS, 7, {"color": "red"})
    assert found == {"name": "Fair", "icon": "x", "color": "red"}


def test_an_update_that_names_everything_reads_nothing(http: responses.RequestsMock) -> None:
    changes = {"name": "Fair", "icon": None, "color": "red"}
    assert sources.complete_changes(make_client(BASE)[0], CHANNELS, 7, changes) == changes


@pytest.mark.parametrize("name", [None, "", ["x"]])
def test_a_channel_without_a_name_is_not_sent_back(http: responses.RequestsMock, name: Any) -> None:
    http.get(URL, json=[{"id": 7, "name": name}])
    with pytest.raises(UnexpectedAnswerError, match="no usable 'name'"):
        sources.complete_changes(make_client(BASE)[0], CHANNELS, 7, {"color": "red"})
    given = sources.complete_changes(make_client(BASE)[0], CHANNELS, 7, {"name": "New"})
    assert given == {"name": "New", "icon": None, "color": None}


def test_what_is_given_is_sent(http: responses.RequestsMock) -> None:
    http.post(URL, json={"id": 8, "name": "Fair"})
    fields = {"name": "Fair", "icon": ""}
    assert sources.create_source(make_client(BASE)[0], CHANNELS, fields) == {
        "id": 8,
        "name": "Fair",
    }
    assert http.calls[0].request.body == b'{"name": "Fair", "icon": ""}'


@pytest.mark.parametrize("value", [[{"id": 8, "name": "Fair"}], {"name": "Fair"}, {}, "ok"])
def test_a_channel_counts_as_made_only_when_the_server_shows_it(
    http: responses.RequestsMock, value: Any
) -> None:
    http.post(URL, json=value)
    with pytest.raises(UnexpectedAnswerError):
        sources.create_source(make_client(BASE)[0], CHANNELS, {"name": "Fair"})
    assert len(http.calls) == 1
