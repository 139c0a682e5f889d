"""Clocks that are wrong, or are put right in the middle: a session is renewed no more often."""

from __future__ import annotations

import pytest

from tests.world import Machine, World

LIST = "path channel list"
HOUR_S, DAY_S = 3600.0, 86400.0
#: how far the clocks of the program and of the server are ahead
SKEWS = [
    *((-DAY_S, 0.0), (HOUR_S, 0.0), (DAY_S, 0.0)),
    *((0.0, DAY_S), (DAY_S, -DAY_S)),
]


def _count_renewals(world: World) -> int:
    return sum(request.path == "/user_management/authenticate" for request in world.requests)


def _work(who: Machine, seconds: float) -> int:
    """Run commands for a while, one every 40 s; return how often the session was renewed."""
    before = _count_renewals(who.world)
    for _ in range(int(seconds / 40)):
        done = who.run(LIST)
        assert (done.code, done.err) == (0, "")
        who.world.clock.advance(40)
    return _count_renewals(who.world) - before


@pytest.mark.parametrize(("program_s", "server_s"), SKEWS)
def test_a_clock_that_is_wrong_renews_a_session_of_ours_when_its_life_is_over(
    ada: Machine, program_s: float, server_s: float
) -> None:
    ada.ahead_s, ada.world.ahead_s = program_s, server_s
    ada.log_in()
    assert _work(ada, 220) == 0
    # a life is 300 s, of which the last minute is not used
    assert _work(ada, 900) == 4


@pytest.mark.parametrize(("program_s", "server_s"), SKEWS)
def test_a_session_of_the_existing_cli_is_renewed_once_more_at_the_most(
    ada: Machine, program_s: float, server_s: float
) -> None:
    ada.ahead_s, ada.world.ahead_s = program_s, server_s
    ada.arrive()
    expected = 1 if program_s > server_s else 0
    assert _work(ada, 220) == expected


@pytest.mark.parametrize("program_s", [-DAY_S, HOUR_S])
def test_a_clock_that_is_put_right_between_commands_costs_one_renewal_at_the_most(
    ada: Machine, program_s: float
) -> None:
    ada.ahead_s = program_s
    ada.log_in()
    ada.ahead_s = 0
    assert _work(ada, 220) <= 1
    ada.ahead_s = program_s
    assert _work(ada, 220) <= 2


@pytest.mark.parametrize("step_s", [-DAY_S, DAY_S])
@pytest.mark.parametrize("whose", ["program", "server"])
def test_a_step_in_the_middle_of_a_wait_costs_one_renewal_at_the_most(
    ada: Machine, step_s: float, whose: str
) -> None:
    world = ada.world
    ada.log_in()
    before = _count_renewals(world)
    job_id = world.create_import("email\n" + "".join(f"p{i}@example.org\n" for i in range(100)))
    one = ada if whose == "program" else world
    world.clock.at(2, lambda: setattr(one, "ahead_s", step_s))
    done = ada.run(f"path import wait {job_id}")
    assert done.code == 0, done.err
    assert _count_renewals(world) - before <= (whose == "server")
