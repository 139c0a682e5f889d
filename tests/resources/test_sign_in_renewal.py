"""Sessions are renewed in time, and what is said when they cannot be."""

from __future__ import annotations

from tests.csv_texts import rows
from tests.world import Machine, MakeWorld, World

LIST = "path channel list"


def _count_renewals(world: World, status: int = 200) -> int:
    return world.count_requests(grant_type="refresh_token", status=status)


def _arrive(world: World, organization: str = "org_sandbox") -> Machine:
    world.machine.forget_token()
    world.machine.arrive(organization)
    return world.machine


def test_an_import_goes_on_through_many_tokens(make_world: MakeWorld) -> None:
    world = make_world("--auto-approve", "--token-life=300", "--rows-per-second=1")
    ada = _arrive(world)
    before = _count_renewals(world)
    ada.write("people.csv", rows(1800))
    done = ada.import_files("people.csv", "--mapping=0:EMAIL")
    assert (done.code, done.json["data"]["status"]) == (0, "COMPLETED"), done.err
    assert done.json["data"]["processedRows"] == 1800
    # half an hour, and each token is good for five minutes
    assert 6 <= _count_renewals(world) - before <= 8
    assert _count_renewals(world, 400) == 0
    # a token whose end is known is not even sent when it is over
    assert world.count_requests(status=401) == 0


def test_a_token_that_the_server_refuses_is_renewed_once(ada: Machine) -> None:
    ada.arrive()
    ada.change_token("opaque-token-that-the-server-refuses")
    before = _count_renewals(ada.world)
    assert ada.run(LIST).code == 0
    assert _count_renewals(ada.world) - before == 1
    assert ada.world.count_requests(status=401) == 1
    assert ada.run("auth status").data["loggedIn"] is True


def test_a_refused_renewal_in_a_wait_says_how_to_resume_and_how_to_sign_in(
    make_world: MakeWorld,
) -> None:
    world = make_world("--auto-approve", "--rows-per-second=1", "--fault=invalid_grant")
    number = world.create_import(rows(1000))
    ada = _arrive(world)
    done = ada.run(f"path import wait {number}")
    assert done.code == 3
    assert done.json["data"]["id"] == number
    assert "the session of profile 'ada-baker' is over" in done.err
    assert "auth login --profile ada-baker" in done.err
    assert f"path import wait {number}" in done.err
    assert world.job(number)["status"] == "RUNNING"


def test_a_member_who_was_removed_is_told_so_and_no_renewal_is_tried(
    make_world: MakeWorld,
) -> None:
    world = make_world("--auto-approve", "--fault=removed-member,path=/path/*")
    ada = _arrive(world)
    before = _count_renewals(world)
    done = ada.run(LIST)
    assert (done.code, done.out) == (3, "")
    assert done.error["message"] == "You are no longer a member of this organization."
    assert done.error["hint"].endswith("\ntalkvalue auth login --profile ada-baker")
    assert len(done.sent) == 1
    assert _count_renewals(world) == before


def test_a_second_failed_renewal_names_the_login(ada: Machine) -> None:
    ada.arrive()
    ada.expire()
    ada.change_token("used-up-already", "refresh_token")
    done = ada.run(LIST)
    assert (done.code, done.out) == (3, "")
    assert done.error["message"] == (
        "the session of profile 'ada-baker' is over: the sign-in server refuses: The refresh "
        "token is unknown to this client. (HTTP 400, POST /user_management/authenticate)"
    )
    assert done.error["hint"].endswith("\ntalkvalue auth login --profile ada-baker")
    status = ada.run("auth status --exit-status")
    assert (status.code, status.json["data"]["loggedIn"]) == (3, False)
    assert ada.run("auth status").code == 0


def test_a_wait_goes_on_in_its_organization_when_the_profile_is_switched(
    make_world: MakeWorld,
) -> None:
    world = make_world("--auto-approve", "--token-life=60", "--rows-per-second=1")
    ada = _arrive(world)
    number = world.create_import(rows(600))
    listed: list[list[str]] = []

    def look() -> None:
        listed.append([each["name"] for each in ada.run(LIST).data])

    world.clock.at(30, lambda: ada.run("auth switch org_academy"))
    for moment in (31, 100, 500):
        world.clock.at(moment, look)
    done = ada.run(f"path import wait {number}")
    assert (done.code, done.json["data"]["status"]) == (0, "COMPLETED"), done.err
    assert listed == [["Students", "Alumni"]] * 3
    assert _count_renewals(world, 400) == 0


def test_a_wait_ends_when_its_profile_is_logged_out(make_world: MakeWorld) -> None:
    world = make_world("--auto-approve", "--token-life=60", "--rows-per-second=1")
    ada = _arrive(world)
    number = world.create_import(rows(600))
    world.clock.at(30, lambda: ada.run("auth logout"))
    done = ada.run(f"path import wait {number}")
    assert done.code == 3
    assert "the session of profile 'ada-baker' is over: its tokens were removed" in done.err
    assert not ada.tokens_path.exists()
