"""Streams that break, and programs that are stopped, amid lists, exports and deletes."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator

import pytest

from tests.csv_texts import people
from tests.harness import Running, Sandbox, wait_for
from tests.process.recording_proxy import RecordingProxy

PEOPLE = 4000
EVERYBODY = ("path", "person", "list", "--all")


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordingProxy]:
    """A proxy to a sandbox with thousands of people that hangs after deletes."""
    fault = "--fault=hang,method=DELETE,processed=yes"
    sandbox = Sandbox(tmp_path_factory.mktemp("crowd"), fault)
    sandbox.finish_import(people(PEOPLE))
    proxy = RecordingProxy(sandbox)
    yield proxy
    proxy.close()
    sandbox.stop()


def test_a_reader_that_has_seen_enough_ends_the_walk(crowd: RecordingProxy) -> None:
    line = "$cli path person list --all --page-size 50 --format csv"
    done = crowd.shell(f"{{ {line}; echo $? >code; }} | head -1")
    assert done.out.startswith("ID,Name,Primary Email,Company,Job Title,")
    assert (done.out.count("\n"), done.err) == (1, "")
    assert (crowd.folder / "code").read_text() == "141\n"
    assert len(crowd.sent) < PEOPLE / 50 / 2


def test_what_was_done_stays_done_when_its_answer_cannot_be_written(crowd: RecordingProxy) -> None:
    done = crowd.shell("$cli path tag create --name unheard >/dev/full")
    assert (done.code, done.error["code"]) == (1, "STDOUT")
    listed = crowd.run("path", "tag", "list", "--name", "unheard").json["data"]
    assert [tag["name"] for tag in listed] == ["unheard"]


def test_a_walk_that_is_stopped_leaves_json_without_its_end(crowd: RecordingProxy) -> None:
    before = len(crowd.sent)
    # nobody reads: it comes to a stop when the pipe is full
    with Running(crowd.start(*EVERYBODY, "--page-size", "50")) as running:
        wait_for(lambda: len(crowd.sent) > before + 1, "the second page")
        done, slept_s = running.stop(signal.SIGINT)
    assert (done.code, slept_s < 0.5) == (130, True)
    assert "Traceback" not in done.err
    assert done.out.startswith('{\n  "data": [\n') or done.out == ""
    with pytest.raises(json.JSONDecodeError):
        json.loads(done.out)


def test_a_delete_that_is_stopped_says_that_it_may_have_happened(crowd: RecordingProxy) -> None:
    with Running(crowd.start("path", "person", "delete", "9", "--confirm")) as running:
        wait_for(lambda: "DELETE /path/person/9" in crowd.sent, "the request")
        done, slept_s = running.stop(signal.SIGINT)
    assert (done.code, done.out, slept_s < 0.5) == (130, "", True)
    assert done.error["code"] == "UNCERTAIN"
    assert done.error["hint"].startswith("it may have happened all the same; ")
    assert done.error["hint"].endswith(" path person get 9 shows it")
    assert crowd.run("path", "person", "get", "9").code == 4
