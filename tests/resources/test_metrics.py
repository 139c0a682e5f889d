"""`--metrics`: how imports ended, as Prometheus reads it."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.csv_texts import rows
from tests.replies import REFUSAL
from tests.world import MakeWorld, World

RULES = Path(__file__).parents[2] / "examples" / "prometheus" / "talkvalue.rules.yml"
PREFIX = "talkvalue_import_"
KIND = {"file": "a", "channel": "1"}


def _read(path: Path) -> dict[str, list[tuple[dict[str, str], float]]]:
    """Return labels and values by the name of the metric, as Prometheus reads the file."""
    families = list(text_string_to_metric_families(path.read_text()))
    assert all(family.type == "gauge" and family.documentation for family in families)
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in families:
        for sample in family.samples:
            assert sample.timestamp is None, "node_exporter refuses times"
            name = sample.name.removeprefix(PREFIX)
            found.setdefault(name, []).append((dict(sample.labels), sample.value))
    return found


def _import(world: World, *flags: str) -> tuple[int, dict[str, Any]]:
    done = world.import_files("a.csv", "--metrics m.prom", *flags)
    return done.code, _read(world.folder / "m.prom")


def test_a_run_tells_how_it_ended_by_file_and_channel(world: World) -> None:
    world.write("a.csv", rows(20, bad=1))
    code, found = _import(world)
    assert code == 6
    assert found["exit_code"] == [(KIND, 6)]
    assert found["outcome"] == [({**KIND, "outcome": "partial"}, 1)]
    assert found["total_rows"] == [(KIND, 21)]
    buckets = {labels["bucket"]: value for labels, value in found["rows"]}
    assert buckets == {"new": 20, "updated": 0, "duplicated": 0, "skipped": 0, "failed": 1}
    assert found["requests"] == [(KIND, 1)]
    assert found["last_run_timestamp_seconds"] == [(KIND, pytest.approx(world.now(), abs=1))]
    # there was no success yet
    assert "last_success_timestamp_seconds" not in found
    # node_exporter is another user
    assert stat.S_IMODE((world.folder / "m.prom").stat().st_mode) == 0o644
    assert [path.name for path in world.folder.iterdir() if path.name.startswith(".")] == []


def test_the_time_of_the_last_success_outlives_failures(world: World) -> None:
    world.write("a.csv", rows(20))
    code, found = _import(world)
    assert code == 0
    [(labels, succeeded_at)] = found["last_success_timestamp_seconds"]
    assert (labels, succeeded_at) == (KIND, pytest.approx(world.now(), abs=1))
    world.clock.advance(7200)
    world.write("a.csv", rows(20, bad=1))
    code, found = _import(world)
    assert (code, found["exit_code"]) == (6, [(KIND, 6)])
    assert found["last_success_timestamp_seconds"] == [(KIND, succeeded_at)]
    code, found = _import(world, "--allow-partial")
    assert code == 0
    assert found["last_success_timestamp_seconds"][0][1] > succeeded_at


def test_what_ends_a_run_before_there_is_an_import_is_told_too(world: World) -> None:
    world.write("a.csv", rows(20))
    world.answer(REFUSAL)
    code, found = _import(world, "--retry-for 0")
    assert (code, found["exit_code"]) == (1, [(KIND, 1)])
    assert found["outcome"] == [({**KIND, "outcome": "error"}, 1)]
    assert "rows" not in found
    done = world.import_files("a.csv", "--metrics m.prom", TALKVALUE_TOKEN=None)
    assert (done.code, _read(world.folder / "m.prom")["exit_code"]) == (3, [(KIND, 3)])


def test_several_files_have_their_own_lines_and_the_environment_may_name_the_place(
    world: World,
) -> None:
    names = [world.write("a.csv", rows(3)), world.write('b "x".csv', rows(0, bad=2))]
    (world.folder / "more").mkdir()
    names.append(world.write("more/a.csv", rows(4, bad=1)))
    place = str(world.folder / "m.prom")
    done = world.import_files("--keep-going --quiet", words=names, TALKVALUE_METRICS=place)
    found = _read(world.folder / "m.prom")
    # of two with the same name the worse one counts: a metric is there once
    assert (done.code, found["exit_code"]) == (
        *(2, [(KIND, 6), ({"file": 'b "x"', "channel": "1"}, 2)]),
    )


def test_a_wait_knows_the_file_by_its_name_and_the_channel_by_the_journal(
    make_world: MakeWorld,
) -> None:
    world = make_world("--fault=stall=0.5")
    world.import_files(world.write("a.csv", rows(20)), "--no-wait --source-id 3")
    done = world.run("path import wait 1 --timeout 5s --metrics m.prom")
    found = _read(world.folder / "m.prom")
    assert (done.code, found["exit_code"]) == (124, [({"file": "a", "channel": "3"}, 124)])
    assert found["outcome"][0][0]["outcome"] == "timeout"
    assert found["seconds"][0][1] == pytest.approx(5, abs=0.1)


def test_a_place_that_cannot_be_is_a_usage_error_before_anything_is_sent(world: World) -> None:
    world.write("a.csv", rows(3))
    for place, message in [
        ("gone/m.prom", "the folder gone does not exist"),
        (".", "is a folder"),
        ("-", "a file is needed"),
    ]:
        done = world.import_files("a.csv", "--metrics", place)
        assert (done.code, done.sent) == (2, [])
        assert message in done.err
    done = world.run("path import get 1 --metrics m.prom")
    assert (done.code, done.sent) == (2, [])
    assert "--metrics only makes sense when the command waits" in done.err


def test_a_file_that_cannot_be_written_is_a_warning(world: World) -> None:
    world.write("a.csv", rows(3))
    world.on_request = lambda request: (world.folder / "m.prom").mkdir(exist_ok=True)
    done = world.import_files("a.csv", "--metrics m.prom")
    assert done.code == 0
    assert "Warning: metrics were not written: cannot write m.prom: " in done.err


def test_the_rules_of_the_example_ask_for_what_is_written(world: World) -> None:
    world.write("a.csv", rows(20))
    _, found = _import(world)
    [group] = yaml.safe_load(RULES.read_text())["groups"]
    assert [rule["alert"] for rule in group["rules"]] == [
        *("TalkValueImportFailed", "TalkValueImportOverdue", "TalkValueImportManyFailedRows")
    ]
    for rule in group["rules"]:
        names = re.findall(rf"{PREFIX}(\w+)", rule["expr"])
        assert names and set(names) <= set(found)
        for label, value in re.findall(r'(\w+)="(\w+)"', rule["expr"]):
            assert any(labels.get(label) == value for labels, _ in found[names[0]])
        used = set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"])))
        assert used <= {label for labels, _ in found[names[0]] for label in labels}
