"""Names where ids may stand: what is asked for, what is found, and what is refused."""

from __future__ import annotations

import json

import pytest

from tests.csv_texts import people
from tests.replies import Reply
from tests.world import World

ADA = "ada.abbott@example.com"


def make_channel(world: World, name: str) -> int:
    """Make a channel behind the program's back, and return its id."""
    channel_id: int = world.post("/path/channel", json={"name": name})["id"]
    return channel_id


@pytest.mark.parametrize(
    ("line", "last"),
    [
        ("channel people newsletter", "GET /path/channel/1/person"),
        ("channel export COMMUNITY", "GET /path/channel/2/person/export"),
        ("channel delete ' Customers ' --yes", "DELETE /path/channel/4"),
        ("channel update Customers --name x --icon y --color z", "PUT /path/channel/4"),
        ("channel add-person Customers new@x.org", "POST /path/channel/4/person"),
        ("event person list 'summer meetup'", "GET /path/event/1001/person"),
        ("event delete 'Summer Meetup' -y", "DELETE /path/event/1001"),
        ("company get ACME.example.com", "GET /path/company/1"),
        ("company update hooli.example.net Hooli", "PUT /path/company/5"),
        ("company person list gmail.com", "GET /path/company/4/person"),
        ("tag update online Online", "PUT /path/tag/1"),
        ("tag delete europe --confirm", "DELETE /path/tag/4"),
        ("tag attach newsletter flagship", "POST /path/tag/source/1"),
        ("tag attach 'Summer Meetup' --tag flagship", "POST /path/tag/source/1001"),
        ("tag detach Newsletter online", "DELETE /path/tag/1/source/1"),
        (f"person update {ADA} --job-title x", "PATCH /path/person/1"),
        (f"person update 2 --company acme.example.com --email {ADA}.org", "PATCH /path/person/2"),
        (f"person delete {ADA.upper()} --yes", "DELETE /path/person/1"),
        (f"person activity {ADA}", "GET /path/person/1/activity"),
        (f"person merge {ADA} ada.baker@example.com --yes", "POST /path/person/1/merge/2"),
        ("person list --channel Newsletter --channel 2", "channelId=1&channelId=2"),
        ("person list --event 'Summer Meetup'", "eventId=1001"),
        ("person list --company acme.example.com", "companyId=1"),
        ("person export --channel Newsletter", "GET /path/channel/1/person/export"),
        ("person export --event-id 1001", "GET /path/event/1001/person/export"),
        ("person export --company acme.example.com", "GET /path/company/1/person/export"),
        ("analysis channel attribution newsletter --event 'Summer Meetup'", "eventIds=1001"),
        ("analysis channel audience --channel Newsletter --channel Community", "1&channelIds=2"),
        ("analysis event trend --tag online", "tagId=1"),
        ("overview --tag online", "tagId=1"),
    ],
)
def test_a_name_stands_where_an_id_may(world: World, line: str, last: str) -> None:
    done = world.run(line)
    assert done.code == 0, done.err
    assert last in done.lines[-1]
    assert all(sent.startswith("GET ") for sent in done.lines[:-1])


def test_an_import_goes_to_a_channel_by_name_and_the_next_run_knows_it(world: World) -> None:
    world.write("contacts.csv", "Email\na@example.org\n")
    done = world.run("import run contacts.csv --channel newsletter --mode SKIP")
    assert (done.code, done.lines[0]) == (0, "GET /path/channel")
    assert '"sourceId": 1' in "".join(done.lines)
    again = world.run("path import run contacts.csv --source-id 1 --mode SKIP")
    assert again.json["run"]["action"] == "known"


@pytest.mark.parametrize(
    ("line", "sent"),
    [
        ("channel people 1", ["GET /path/channel/1/person"]),
        ("tag attach 1 4", ['POST /path/tag/source/1 {"tagId": 4}']),
        ("person list --channel 1", ["GET /path/person?channelId=1"]),
        ("person get 1", ["GET /path/person/1"]),
    ],
)
def test_an_id_takes_no_request_more(world: World, line: str, sent: list[str]) -> None:
    assert world.run(line).lines == sent


def test_digits_are_an_id_and_a_mark_makes_a_name_of_them(world: World) -> None:
    named = make_channel(world, "2")
    assert world.run("channel get 2").data["name"] == "Community"
    assert world.run("channel get name:2").data["id"] == named


def test_two_things_of_a_name_are_both_listed(world: World) -> None:
    first, second = make_channel(world, "VIP"), make_channel(world, "vip")
    done = world.run("channel delete Vip --yes")
    assert (done.code, done.lines) == (2, ["GET /path/channel"])
    assert done.error["code"] == "AMBIGUOUS_NAME"
    assert done.error["ids"] == [first, second]
    listed = f"\n  channel {first}  VIP\n  channel {second}  vip"
    assert done.error["message"] == f"2 channels are called 'Vip':{listed}"


def test_a_channel_and_an_event_of_a_name_are_told_apart(world: World) -> None:
    channel_id = make_channel(world, "Summer meetup")
    done = world.run("tag attach 'Summer Meetup' online")
    assert done.code == 2
    assert done.error["ids"] == [channel_id, 1001]


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        (
            "channel get Newslettr",
            "there is no channel 'Newslettr'",
            "did you mean 'Newsletter' (1)? talkvalue path channel list shows the channels",
        ),
        ("event get x", "there is no event 'x'", "talkvalue path event list shows the events"),
        (
            "company get acme",
            "there is no company 'acme'",
            "talkvalue path company list shows the companies",
        ),
        ("tag delete x --yes", "there is no tag 'x'", "talkvalue path tag list shows the tags"),
        (
            "person get nobody@example.com",
            "nobody has the e-mail address 'nobody@example.com'",
            "talkvalue path person list shows the people",
        ),
        (
            "tag attach x 1",
            "there is no channel or event 'x'",
            "talkvalue path channel list shows the channels; "
            "talkvalue path event list shows the events",
        ),
    ],
)
def test_a_name_that_nothing_has_is_exit_4_with_what_there_is(
    world: World, line: str, message: str, hint: str
) -> None:
    done = world.run(line)
    assert (done.code, done.out) == (4, "")
    assert (done.error["message"], done.error["hint"]) == (message, hint)
    assert all(sent.startswith("GET ") for sent in done.lines)


def test_a_run_for_an_unknown_channel_sends_no_file(world: World) -> None:
    world.write("contacts.csv", "Email\na@example.org\n")
    done = world.run("import run contacts.csv --channel Newsleter --mode SKIP")
    assert (done.code, done.lines) == (4, ["GET /path/channel"])
    assert "did you mean 'Newsletter' (1)?" in done.error["hint"]


def test_the_hint_names_the_server_and_the_profile_of_the_line(world: World) -> None:
    done = world.run("channel get x --api-url", words=[world.url])
    assert done.error["hint"] == (
        f"talkvalue path channel list --api-url {world.url} shows the channels"
    )


def test_a_person_is_found_by_a_further_address(world: World) -> None:
    world.run("person update 3 --email second@example.org")
    done = world.run("person get SECOND@example.org")
    assert (done.code, done.json["data"]["id"]) == (0, 3)


def test_people_of_one_address_that_is_part_of_others_are_told_apart(world: World) -> None:
    world.run("channel add-person 1 da.abbott@example.com")
    assert world.run("person get da.abbott@example.com").data["name"] != "Ada Abbott"
    assert world.run(f"person get {ADA}").data["id"] == 1


def test_only_one_thing_narrows_an_export(world: World) -> None:
    done = world.run("person export --channel 1 --event 1001")
    assert (done.code, done.lines) == (2, [])
    assert done.error["message"] == "--channel, --event and --company exclude each other"


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("channel create VIP", '{"name": "VIP"}'),
        ("tag create VIP", '{"name": "VIP"}'),
        (
            "event create Fair --start-at 2027-03-01T18:30:00 --time-zone UTC",
            '{"name": "Fair", "startAt": "2027-03-01T18:30:00", "timeZone": "UTC"}',
        ),
    ],
)
def test_a_new_thing_takes_its_name_as_an_argument(world: World, line: str, body: str) -> None:
    done = world.run(line)
    assert done.code == 0
    assert json.loads(done.sent[-1].body) == json.loads(body)


def test_a_name_given_twice_is_refused(world: World) -> None:
    done = world.run("channel create VIP --name VIP")
    assert (done.code, done.lines) == (2, [])
    assert done.error["message"] == "NAME and --name exclude each other"


def test_a_name_in_a_broken_list_is_the_error_of_the_list(world: World) -> None:
    world.answer(Reply({"not": "a list"}), path="/path/channel")
    done = world.run("channel people VIP")
    assert (done.code, done.error["code"]) == (1, "UNEXPECTED_ANSWER")


@pytest.mark.parametrize("name", [None, 7, "", ["VIP"]])
def test_a_thing_without_a_usable_name_is_passed_over(world: World, name: object) -> None:
    listed = [{"id": 8, "name": name}, {"id": 9, "name": "VIP"}, {"id": 10}]
    world.answer_next(Reply(listed), path="/path/channel")
    assert world.run("channel people VIP").lines[-1] == "GET /path/channel/9/person"


@pytest.mark.parametrize("line", ["channel get", "import run a.csv --mode SKIP --channel"])
@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_is_refused_as_one(world: World, line: str, name: str) -> None:
    world.write("a.csv", "Email\na@x.org\n")
    done = world.run(line, words=[name])
    assert (done.code, done.sent) == (2, [])
    assert done.error["message"].endswith(": it is empty")


@pytest.mark.parametrize(
    "line",
    ["channel get 77", "channel people 77", "import run x.csv --channel 77 --mode SKIP"],
)
def test_a_name_of_digits_is_no_id_and_the_error_says_how_it_is_written(
    world: World, line: str
) -> None:
    world.write("x.csv", people(3))
    channel = world.run("channel create 77").data["id"]
    done = world.run(line)
    assert done.code == 4
    assert done.error["hint"].startswith("77 is an id; a channel called 77 is name:77")
    assert world.run("channel get name:77").data["id"] == channel
    assert world.run(line.replace("77", "name:77")).code == 0


def test_a_missing_event_is_spoken_of_in_english(world: World) -> None:
    hint = "77 is an id; an event called 77 is name:77"
    assert world.run("event get 77").error["hint"].startswith(hint)


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("import get 4218", "talkvalue path import list shows the imports"),
        ("import failed-export 4218", "talkvalue path import list shows the imports"),
        ("person get 4218", "talkvalue path person list shows the people"),
    ],
)
def test_an_id_that_nothing_has_is_answered_with_the_list(
    world: World, line: str, hint: str
) -> None:
    done = world.run(line)
    assert (done.code, done.error["hint"]) == (4, hint)
