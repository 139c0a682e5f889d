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


def test_what_an_update_leaves_unnamed_is_read_first(http: responses.RequestsMock) -> None:
    http.get(URL, json=[{**LISTED[1], "icon": "x", "color": None}])
    found = sources.complete_changes(make_client(BASE)[0], CHANNELS, 7, {"color": "red"})
    assert found == {"name": "Fair", "icon": "x", "color": "red"}


def test_an_update_that_names_everything_reads_nothing(http: responses.RequestsMock) -> None:
    changes = {"name": "Fair", "icon": None, "color": "red"}
    assert sources.complete_changes(make_client(BASE)[0], CHANNELS, 7, changes) == changes


@pytest.mark.parametrize("name", [None, "", ["x"]])
def test_a_channel_without_a_name_is_not_sent_back(http: responses.RequestsMock, name: Any) -> None:
    for _ in range(2):
        http.get(URL, json=[{"id": 7, "name": name}])
    with pytest.raises(UnexpectedAnswerError, match="no usable 'name'"):
        sources.complete_changes(make_client(BASE)[0], CHANNELS, 7, {"color": "red"})
    given = sources.complete_changes(make_client(BASE)[0], CHANNELS, 7, {"name": "New"})
    assert given == {"name": "New", "icon": None, "color": None}
