"""What a plain command does when the server or the way to it is bad.

Faults that stay, met by every command: tests/test_failure_matrix.py.
"""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from tests.csv_texts import rows
from tests.replies import SILENCE, Reply
from tests.world import MakeWorld, World

CHANNELS = Reply([{"id": 3, "name": "Fair"}])


@pytest.mark.parametrize("fault", ["503", "429,retry-after=1", "cut-before", "cut-middle", "html"])
def test_a_read_is_sent_again_until_it_is_answered(make_world: MakeWorld, fault: str) -> None:
    world = make_world(f"--fault={fault},path=/path/import/1,count=1")
    world.create_import(rows(1))
    done = world.run("path import get 1")
    assert done.data["fileName"] == "contacts.csv"
    assert done.lines == ["GET /path/import/1"] * 2


def test_a_revoked_token_exits_3(make_world: MakeWorld) -> None:
    done = make_world("--fault=revoke").run("path import list")
    assert (done.code, done.out, done.error["code"]) == (3, "", "AUTHENTICATION")
    assert done.error["hint"] == "check TALKVALUE_TOKEN; it may be wrong, expired or revoked"


def test_a_member_who_was_removed_exits_3(make_world: MakeWorld) -> None:
    done = make_world("--fault=removed-member").run("path import list")
    assert (done.code, done.out, done.error["code"]) == (3, "", "AUTHENTICATION")
    assert done.error["message"] == "You are no longer a member of this organization."
    assert (done.error["status"], done.error["errorCode"]) == (403, 1103)


def test_a_member_who_is_removed_meanwhile_ends_a_wait_and_creates_nothing_more(
    make_world: MakeWorld,
) -> None:
    world = make_world("--fault=removed-member,path=/path/import*,after=4", "--fault=queue=60")
    for name in ("a.csv", "b.csv"):
        world.write(name, rows(2, name[0]))
    done = world.run("path import run a.csv b.csv --source-id 1 --mode UPDATE --parallel 1")
    assert done.code == 3
    assert "You are no longer a member of this organization. (HTTP 403, " in done.err
    assert len(world.jobs) == 1


def test_latency_is_waited_for(make_world: MakeWorld) -> None:
    done = make_world("--fault=latency=1").run("path channel list")
    assert done.code == 0
    assert done.took_s == 1


def test_retry_after_in_seconds_is_obeyed(world: World) -> None:
    world.answer(Reply({}, 503, {"Retry-After": "2"}), CHANNELS)
    done = world.run("path channel list")
    assert (done.code, done.took_s) == (0, 2)


def test_retry_after_as_a_date_is_obeyed(world: World) -> None:
    later = formatdate(time.time() + 50, usegmt=True)
    world.answer(Reply({}, 429, {"Retry-After": later}), CHANNELS)
    done = world.run("path channel list")
    assert done.code == 0
    # a date has whole seconds, and this machine may be busy
    assert 20 < done.took_s <= 50


def test_a_server_that_asks_for_more_than_a_minute_is_not_waited_for(
    world: World,
) -> None:
    world.answer(Reply({}, 429, {"Retry-After": "3600"}))
    done = world.run("path channel list")
    assert (done.code, len(done.sent), done.slept) == (1, 1, [])


@pytest.mark.parametrize(
    ("line", "times", "took_s"),
    [
        ("path channel list", 3, 90),
        ("path import list", 3, 90),
        ("path import get 7", 3, 90),
        ("path import failed-export 7", 3, 90),
        ("path channel create --name x", 1, 30),
        ("path import create --file-key k --source-id 1 --mode SKIP --mapping 0:EMAIL", 1, 30),
        ("path import analyze --file contacts.csv", 1, 300),
    ],
)
def test_nothing_hangs_when_the_server_never_answers(
    world: World, line: str, times: int, took_s: float
) -> None:
    world.write("contacts.csv", rows(2))
    world.answer(SILENCE)
    done = world.run(line)
    assert (done.code, done.out) == (1, "")
    assert "no answer in time" in done.err
    assert len(done.sent) == times
    # beside the pauses between the tries
    assert done.took_s - sum(done.slept) == pytest.approx(took_s)


def test_an_export_that_stops_in_the_middle_ends_too(world: World) -> None:
    world.answer(Reply(b"Email\n" * 20000, length=1 << 30, holds=True))
    done = world.run("path import failed-export 7")
    assert (done.code, done.took_s) == (1, 30)
    assert done.out.startswith("Email\n")
    assert "no answer in time" in done.error["message"]


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_redirect_of_a_read_is_followed_and_of_a_write_refused(world: World, status: int) -> None:
    there = "https://elsewhere.test/path/channel"
    world.answer_next(Reply({}, status, {"Location": there}), CHANNELS)
    done = world.run("path channel list")
    assert done.code == 0
    # another host gets no token
    assert [request.host for request in done.sent] == ["sandbox.test", "elsewhere.test"]
    assert ["Authorization" in request.headers for request in done.sent] == [True, False]
    world.answer(Reply({}, status, {"Location": there}))
    done = world.run("path channel create --name=Fair")
    assert (done.code, done.out) == (1, "")
    assert f"redirected to {there}; only reads follow" in done.error["message"]
    assert len(done.sent) == 1


def test_a_redirect_in_circles_ends(world: World) -> None:
    world.answer(Reply({}, 302, {"Location": "/path/channel"}))
    done = world.run("path channel list")
    assert (done.code, done.error["code"]) == (1, "NETWORK")
    assert done.error["message"].endswith("redirects in circles")
    assert len(world.requests) == 6
