"""`path import run` of one file, from the check to the rejected rows."""

from __future__ import annotations

import gzip
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.harness import Sandbox, wait_for
from tests.process.desk import Desk, rows


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox as fast as it can be; import 9000 and later ones do not exist."""
    sandbox = Sandbox(tmp_path_factory.mktemp("run"))
    yield sandbox
    sandbox.stop()


@pytest.fixture
def desk(server: Sandbox, tmp_path: Path) -> Desk:
    """An empty folder and the sandbox of this module."""
    return Desk(server, tmp_path)


def test_json_has_the_job_the_wait_and_what_was_done(desk: Desk) -> None:
    name = desk.write("happy.csv", rows(5, "json"))
    done = desk.run(name)
    [job] = desk.jobs
    assert done.code == 0
    assert sorted(done.json) == ["data", "run", "wait"]
    assert done.json["data"] == job
    assert (job["status"], job["fileName"], job["newCount"]) == ("COMPLETED", "happy.csv", 5)
    assert done.json["run"] == {"file": "happy.csv", "action": "created"}
    wait = done.json["wait"]
    assert (wait["outcome"], wait["exitCode"], wait["resumeCommand"]) == ("completed", 0, None)
    assert desk.new_people == 5
    assert desk.steps == ["finished"]
    assert done.err.startswith("happy.csv: Email → EMAIL, Name → NAME\n")


def test_a_table_shows_the_record(desk: Desk) -> None:
    done = desk.run(desk.write("a.csv", rows(2, "table")), "--format=table")
    assert done.code == 0
    assert "\nStatus      COMPLETED\n" in done.out
    assert "\nFile        a.csv\n" in done.out


def test_csv_has_the_record_in_one_row(desk: Desk) -> None:
    done = desk.run(desk.write("a.csv", rows(2, "csv")), "--format=csv")
    assert done.code == 0
    assert done.out.startswith("id,status,mode,fileName,totalRows,")
    assert done.out.count("\n") == 2
    assert ",COMPLETED,UPDATE,a.csv,2,2,2," in done.out


def test_quiet_says_nothing_at_all_when_all_is_well(desk: Desk) -> None:
    name = desk.write("a.csv", rows(3, "quiet"))
    for _ in range(2):
        done = desk.run(name, "--quiet")
        assert (done.code, done.out, done.err) == (0, "", "")
    assert len(desk.jobs) == 1


def test_quiet_speaks_when_rows_were_rejected(desk: Desk) -> None:
    done = desk.run(desk.write("a.csv", rows(3, "loud", bad=2)), "--quiet")
    assert done.code == 6
    assert done.json["data"]["failedCount"] == 2
    assert done.error["code"] == "IMPORT_PARTIAL"


def test_rejected_rows_are_saved_unasked(desk: Desk) -> None:
    done = desk.run(desk.write("a.csv", rows(3, "saved", bad=1)))
    [job] = desk.jobs
    saved = desk.folder / f"import-{job['id']}-failed.csv"
    assert done.code == 6
    assert saved.read_text() == (
        "Email,Name,rowNum,errorCode,errorMessage\n"
        "nobody saved0,Nobody,4,INVALID_EMAIL,EMAIL is not a valid e-mail address\n"
    )
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert done.json["wait"]["failedRowsFile"] == saved.name


@pytest.mark.parametrize(
    ("flags", "code", "files"),
    [
        (["--no-failed-rows"], 6, []),
        (["--failed-rows=bad.csv"], 6, ["bad.csv"]),
        (["--failed-rows=bad.csv", "--allow-partial"], 0, ["bad.csv"]),
        (["--max-failed=2", "--no-failed-rows"], 0, []),
        (["--max-failed=1", "--no-failed-rows"], 6, []),
    ],
)
def test_flags_of_waiting_hold_for_a_run(
    desk: Desk, flags: list[str], code: int, files: list[str]
) -> None:
    done = desk.run(desk.write("a.csv", rows(3, "flags", bad=2)), *flags)
    assert done.code == code
    assert [path.name for path in desk.folder.glob("*.csv") if path.name != "a.csv"] == files


def test_a_failed_import_is_7_now_and_later(
    start_sandbox: Callable[..., Sandbox], tmp_path: Path
) -> None:
    desk = Desk(start_sandbox("--fault=fail=0.5"), tmp_path)
    name = desk.write("a.csv", rows(4))
    done = desk.run(name)
    assert (done.code, done.json["data"]["status"]) == (7, "FAILED")
    assert done.error["code"] == "IMPORT_FAILED"
    again = desk.run(name)
    assert (again.code, again.json["data"]["id"]) == (7, 1)
    assert again.err.startswith("a.csv was imported ")
    assert "s ago by import 1 (FAILED); --again imports it again\n" in again.err
    assert len(desk.jobs) == 1


@pytest.mark.parametrize(
    ("bad", "code", "status"), [(0, 0, "COMPLETED"), (1, 6, "PARTIAL_SUCCESS")]
)
def test_the_same_content_is_not_imported_again_within_a_day(
    desk: Desk, bad: int, code: int, status: str
) -> None:
    text = rows(3, f"twice{bad}", bad=bad)
    first = desk.run(desk.write("a.csv", text))
    # the content counts, not the name
    again = desk.run(desk.write("b.csv", text))
    job_id = first.json["data"]["id"]
    assert (first.code, again.code) == (code, code)
    # the journal keeps what was wrong, not with whom
    quoted = first.json["data"]["failedRows"]
    kept = [{**row, "rawValue": None} for row in quoted]
    assert again.json["data"] == {**first.json["data"], "failedRows": kept}
    assert again.json["run"] == {"file": "b.csv", "action": "known"}
    assert again.json["wait"]["requests"] == 0
    assert again.err.startswith("b.csv was imported ")
    assert f"s ago by import {job_id} ({status}); --again imports it again\n" in again.err
    assert [job["id"] for job in desk.jobs] == [job_id]


def test_a_known_import_is_reported_when_the_server_is_away(
    start_sandbox: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = start_sandbox()
    desk = Desk(sandbox, tmp_path)
    name = desk.write("a.csv", rows(2))
    assert desk.run(name).code == 0
    sandbox.kill()
    again = desk.run(name)
    assert (again.code, again.json["run"]["action"]) == (0, "known")
    sandbox.restart()


@pytest.mark.parametrize("flags", [["--again"], ["--again-after=0"], ["--again-after", "0s"]])
def test_it_is_imported_anew_when_that_is_asked_for(desk: Desk, flags: list[str]) -> None:
    name = desk.write("a.csv", rows(3, "anew"))
    assert desk.run(name).code == 0
    done = desk.run(name, *flags)
    assert (done.code, done.json["run"]["action"]) == (0, "created")
    assert len(desk.jobs) == 2


@pytest.mark.parametrize("flags", [["--source-id", "2"], ["--again-after=1d"]])
def test_another_channel_is_another_import_and_a_longer_memory_is_not(
    desk: Desk, flags: list[str]
) -> None:
    name = desk.write("a.csv", rows(3, "channel"))
    desk.run(name)
    desk.run(name, *flags)
    assert len(desk.jobs) == (2 if "--source-id" in flags else 1)


def test_dry_run_shows_what_would_be_sent_and_creates_nothing(desk: Desk) -> None:
    done = desk.run(desk.write("a.csv", "Email,Name\na@example.org,Ann\n"), "--dry-run")
    assert done.code == 0
    data = done.json["data"]
    assert data.pop("fileKey").endswith("-a.csv")
    assert data == {
        "fileName": "a.csv",
        "rows": 1,
        "sha256": "7e6f1fa625b0b166f859417fedeb68b0780084443b70507b1717e79816ad87e3",
        "sourceId": 1,
        "mode": "UPDATE",
        "columnMappings": [
            {"csvIndex": 0, "targetField": "EMAIL"},
            {"csvIndex": 1, "targetField": "NAME"},
        ],
    }
    assert desk.jobs == []
    assert desk.steps == []


def test_no_wait_prints_the_id_and_the_next_run_attaches(
    start_sandbox: Callable[..., Sandbox], tmp_path: Path
) -> None:
    desk = Desk(start_sandbox("--rows-per-second=20"), tmp_path)
    name = desk.write("a.csv", rows(30))
    done = desk.run(name, "--no-wait")
    assert done.code == 0
    assert done.json == {
        "data": {"importJobId": 1, "status": "PENDING", "file": "a.csv", "action": "created"}
    }
    wait_for(lambda: desk.jobs[0]["status"] == "RUNNING", "the job at work")
    once_more = desk.run(name, "--no-wait")
    # what the server says, not what was true when it was created
    assert once_more.json == {
        "data": {"importJobId": 1, "status": "RUNNING", "file": "a.csv", "action": "attached"}
    }
    waited = desk.run(name, "--interval=1s")
    assert (waited.code, waited.json["data"]["status"]) == (0, "COMPLETED")
    assert waited.json["run"]["action"] == "attached"
    assert desk.run(name).json["run"]["action"] == "known"
    assert len(desk.jobs) == 1


def test_standard_input_can_be_named(desk: Desk) -> None:
    text = rows(2, "stdin")
    done = desk.run("-", "--file-name", "tonight.csv", stdin=text)
    assert (done.code, done.json["data"]["fileName"]) == (0, "tonight.csv")
    assert done.json["run"] == {"file": "-", "action": "created"}
    assert desk.run("-", stdin=text).json["run"]["action"] == "known"
    assert len(desk.jobs) == 1


def test_a_missing_token_is_told_before_standard_input_is_read(desk: Desk) -> None:
    environ = desk.environ()
    del environ["TALKVALUE_TOKEN"]
    # nobody ever writes into this pipe, and nobody closes it
    process = desk.start("-", environ=environ, stdin=-1)
    assert process.wait(20) == 3
    with process:
        assert process.stderr is not None
        assert "not logged in" in process.stderr.read()


def test_a_missing_token_leaves_nothing_in_the_journal(desk: Desk) -> None:
    environ = desk.environ()
    del environ["TALKVALUE_TOKEN"]
    done = desk.run(desk.write("a.csv", rows(2)), environ=environ)
    assert done.code == 3
    assert not desk.state.exists()


@pytest.mark.parametrize(
    ("content", "flags", "message"),
    [
        (b"", [], "a.csv is empty"),
        (b"Email,Name\n", [], "a.csv has a header and no rows"),
        (b"Email\n\xe9@example.org\n", [], "a.csv is not UTF-8: byte 6 cannot be read"),
        (b"Email\n\x81\n", ["--encoding=cp1252"], "a.csv is not CP1252: byte 6 cannot be read"),
        (b"Email\nx\n", ["--encoding=hex"], "the encoding 'hex' is not known"),
        (gzip.compress(b"Email\n", mtime=0), [], "a.csv is compressed with gzip, not CSV"),
        (b"PK\x03\x04", [], "a.csv is a ZIP archive or an Excel workbook (.xlsx), not CSV"),
        (b"Email,Name\na,b\nc\n", [], "a.csv: row 2 (line 3) has 1 cells, the header has 2"),
        (b'Email,Name\na,"b\n', [], "a.csv: a quote in row 1 is never closed"),
    ],
)
def test_a_file_that_is_unfit_is_2_and_nothing_is_sent(
    desk: Desk, content: bytes, flags: list[str], message: str
) -> None:
    (desk.folder / "a.csv").write_bytes(content)
    # there is nobody to be asked
    environ = desk.environ(TALKVALUE_API_URL="http://127.0.0.1:1")
    done = desk.run("a.csv", *flags, environ=environ)
    assert (done.code, done.out, done.error["message"]) == (2, "", message)
    assert done.error["code"] == "USAGE"


def test_standard_input_that_is_unfit_is_called_that(desk: Desk) -> None:
    done = desk.run("-", stdin=b"Email\n\xe9\n")
    assert done.error["message"] == "standard input is not UTF-8: byte 6 cannot be read"


def test_another_encoding_arrives_as_utf_8(desk: Desk) -> None:
    (desk.folder / "a.csv").write_bytes((rows(3, "cp") + "kaput,Ötzi\n").encode("cp1252"))
    done = desk.run("a.csv", "--encoding=cp1252", "--failed-rows=bad.csv")
    assert done.code == 6
    assert "kaput,Ötzi," in (desk.folder / "bad.csv").read_text(encoding="utf-8")


def test_ragged_rows_may_be_sent(desk: Desk) -> None:
    name = desk.write("a.csv", "Email,Name\nragged1@example.org\nragged2@example.org,x\n")
    assert desk.run(name).code == 2
    done = desk.run(name, "--allow-ragged")
    assert done.json["run"]["action"] == "created"
    assert done.json["data"]["totalRows"] == 2


def test_a_mapping_can_be_chosen_saved_and_read_back(desk: Desk) -> None:
    name = desk.write("a.csv", "Kontakt: dienstlich,Wer\nmap1@example.org,Ann\n")
    wish = ("--mapping", "kontakt: dienstlich:email", "--mapping", "1:NAME")
    saved = desk.run(name, *wish, "--save-mapping", "map.yaml", "--dry-run")
    assert saved.code == 0
    assert (desk.folder / "map.yaml").read_text() == "'Kontakt: dienstlich': EMAIL\nWer: NAME\n"
    done = desk.run(
        name, "--mapping-file", "map.yaml", "--mapping", "Wer:COMPANY_NAME", "--dry-run"
    )
    assert done.json["data"]["columnMappings"] == [
        {"csvIndex": 0, "targetField": "EMAIL"},
        {"csvIndex": 1, "targetField": "COMPANY_NAME"},
    ]


def test_a_saved_mapping_is_not_overwritten_unasked(desk: Desk) -> None:
    desk.write("map.yaml", "mine")
    name = desk.write("a.csv", rows(2, "overwrite"))
    done = desk.run(name, "--save-mapping", "map.yaml")
    assert (done.code, done.error["code"]) == (2, "USAGE")
    assert (desk.folder / "map.yaml").read_text() == "mine"
    assert desk.jobs == []


def test_a_required_field_without_a_column_is_2_and_lists_what_there_is(desk: Desk) -> None:
    name = desk.write("a.csv", "Contact mail,Nr\nnobody,x\n")
    done = desk.run(name)
    assert (done.code, done.out) == (2, "")
    assert done.error["message"].splitlines() == [
        "no column is mapped to EMAIL",
        "  0  Contact mail: no suggestion",
        "  1  Nr: no suggestion",
    ]
    assert desk.jobs == []


def test_a_suggestion_that_is_not_sure_enough_is_named(desk: Desk) -> None:
    name = desk.write("a.csv", "Contact mail,Nr\nunsure@example.org,x\n")
    done = desk.run(name, "--min-confidence=1")
    assert done.code == 2
    assert "  0  Contact mail: EMAIL (0.99)" in done.error["message"]
    assert desk.run(name, "--min-confidence=0.99").code == 0


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["a.csv", "--no-wait", "--dry-run"], "--no-wait and --dry-run exclude each other"),
        (["-", "-"], "standard input can be read only once"),
        (
            ["a.csv", "b.csv", "--attach", "3"],
            "--attach, --file-name and --save-mapping are for a single file",
        ),
        (
            ["a.csv", "--mapping-file", "none.yaml"],
            "cannot read none.yaml: No such file or directory",
        ),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(desk: Desk, args: list[str], message: str) -> None:
    done = desk.run(*args)
    assert (done.code, done.out, done.error["message"]) == (2, "", message)


def test_a_source_that_does_not_exist_is_told_and_may_be_corrected(desk: Desk) -> None:
    name = desk.write("a.csv", rows(2, "source"))
    assert desk.run(name, "--source-id", "99").code == 4
    assert desk.steps == ["refused"]
    assert desk.run(name).code == 0


def test_history_lists_what_was_run_newest_first(desk: Desk) -> None:
    desk.run(desk.write("a.csv", rows(2, "hista")))
    desk.run(desk.write("b.csv", rows(2, "histb", bad=1)), "--no-failed-rows")
    first, second = desk.jobs
    done = desk.call("path", "import", "history")
    shown = [
        (each["file"], each["sourceId"], each["mode"], each["step"], each["importJobId"])
        for each in done.json["data"]
    ]
    assert shown == [
        ("b.csv", 1, "UPDATE", "finished", second["id"]),
        ("a.csv", 1, "UPDATE", "finished", first["id"]),
    ]
    assert [each["status"] for each in done.json["data"]] == ["PARTIAL_SUCCESS", "COMPLETED"]
    assert {each["apiUrl"] for each in done.json["data"]} == {desk.server.url}
    limited = desk.call("path", "import", "history", "--limit", "1")
    assert [each["file"] for each in limited.json["data"]] == ["b.csv"]
    table = desk.call("path", "import", "history", "--format=table")
    head, _, newest, oldest = table.out.splitlines()
    assert head.split() == ["Began", "File", "Source", "Mode", "Step", "Import", "Status"]
    assert newest.split()[1:] == [
        "b.csv",
        "1",
        "UPDATE",
        "finished",
        str(second["id"]),
        "PARTIAL_SUCCESS",
    ]
    assert oldest.split()[1:] == ["a.csv", "1", "UPDATE", "finished", str(first["id"]), "COMPLETED"]


def test_history_and_resume_say_when_there_is_nothing(desk: Desk) -> None:
    done = desk.call("path", "import", "history")
    assert (done.code, done.json) == (0, {"data": []})
    table = desk.call("path", "import", "history", "--format=table")
    assert (table.code, table.err) == (0, "Nothing was run here yet.\n")
    resumed = desk.call("path", "import", "resume")
    assert (resumed.code, resumed.error["message"]) == (
        2,
        "no import of a run is known to be unfinished here",
    )
    resumed = desk.call("path", "import", "resume", "9000")
    assert resumed.code == 2
    assert resumed.error["message"] == "import 9000 was not made by a run on this machine"


def test_resume_waits_for_the_newest_unfinished_one_and_writes_its_end_down(
    start_sandbox: Callable[..., Sandbox], tmp_path: Path
) -> None:
    desk = Desk(start_sandbox("--rows-per-second=40"), tmp_path)
    for name in ("a.csv", "b.csv"):
        desk.run(desk.write(name, rows(40, name[0])), "--no-wait")
    done = desk.call("path", "import", "resume", "--interval=1s")
    assert (done.code, done.json["data"]["id"]) == (0, 2)
    assert desk.steps == ["created", "finished"]
    done = desk.call("path", "import", "resume", "1")
    assert (done.code, done.json["data"]["id"]) == (0, 1)
    assert desk.steps == ["finished", "finished"]
    assert desk.call("path", "import", "resume").code == 2


def test_neither_the_token_nor_the_people_are_in_the_journal(desk: Desk) -> None:
    desk.run(desk.write("a.csv", rows(3, "secretperson", bad=1)))
    content = b"".join(path.read_bytes() for path in desk.state.rglob("*") if path.is_file())
    assert desk.server.url.encode() in content
    assert b"sandbox-token-of-the-tests" not in content
    assert b"secretperson" not in content


def test_a_file_that_changes_while_it_is_sent_makes_no_import(
    start_sandbox: Callable[..., Sandbox], tmp_path: Path
) -> None:
    # the wait for the journal's lock lies between the check and the upload
    desk = Desk(start_sandbox("--fault=latency=2,path=/path/import/analyze,count=1"), tmp_path)
    name = desk.write("a.csv", rows(3))
    with desk.watch(name) as first:
        desk.wait_for_step("uploading")
        with desk.watch(name, "--again") as second:
            wait_for(lambda: len(list(desk.state.glob("locks/*"))) == 1, "a lock")
            wait_for(
                lambda: _has_open(second.process.pid, "journal.db"), "the second run at the lock"
            )
            desk.write("a.csv", rows(4))
            assert first.finish().code == 0
            done = second.finish()
    assert (done.code, done.error["code"]) == (1, "FILE_CHANGED")
    assert done.error["message"] == "a.csv has changed since it was checked; nothing was imported"
    assert len(desk.jobs) == 1


def _has_open(pid: int, name: str) -> bool:
    links = Path(f"/proc/{pid}/fd").glob("*")
    return any(link.is_symlink() and str(link.readlink()).endswith(name) for link in links)
