"""`path import run` of one file, from the check to the failed rows."""

from __future__ import annotations

import gzip
import re
import stat

import pytest

from tests.csv_texts import rows, without_tag
from tests.replies import REFUSAL, Reply
from tests.world import MakeWorld, World


def test_json_has_the_job_the_wait_and_what_was_done(world: World) -> None:
    name = world.write("happy.csv", rows(5, "json"))
    done = world.import_files(name)
    [job] = world.jobs
    assert done.code == 0
    assert sorted(done.json) == ["data", "run", "wait"]
    assert done.json["data"] == job
    assert (job["status"], job["newCount"]) == ("COMPLETED", 5)
    assert without_tag(job["fileName"]) == "happy.csv"
    run = done.json["run"]
    assert sorted(run) == ["action", "file", "prepared"]
    assert (run["file"], run["action"]) == ("happy.csv", "created")
    wait = done.json["wait"]
    assert (wait["outcome"], wait["exitCode"], wait["resumeCommand"]) == ("completed", 0, None)
    assert world.new_people == 5
    assert world.steps == ["finished"]
    assert done.err.startswith("happy.csv: Email → EMAIL, Name → NAME\n")


def test_a_table_shows_the_record(world: World) -> None:
    done = world.import_files(world.write("a.csv", rows(2, "table")), "--format=table")
    assert done.code == 0
    assert "\nStatus      COMPLETED\n" in done.out
    assert "\nFile        a.csv\n" in done.out


def test_csv_has_the_record_in_one_row(world: World) -> None:
    done = world.import_files(world.write("a.csv", rows(2, "csv")), "--format=csv")
    assert done.code == 0
    assert done.out.startswith("id,status,mode,fileName,totalRows,")
    assert done.out.count("\n") == 2
    assert re.search(r",COMPLETED,UPDATE,a\.tv-[0-9a-f-]+\.csv,2,2,2,", done.out)


def test_quiet_says_nothing_at_all_when_all_is_well(world: World) -> None:
    name = world.write("a.csv", rows(3, "quiet"))
    for _ in range(2):
        assert world.import_files(name, "--quiet").told == (0, "", "")
    assert len(world.jobs) == 1


def test_quiet_speaks_when_rows_have_failed(world: World) -> None:
    done = world.import_files(world.write("a.csv", rows(3, "loud", bad=2)), "--quiet --json")
    assert done.code == 6
    assert done.json["data"]["failedCount"] == 2
    assert done.error["code"] == "IMPORT_PARTIAL"


def test_failed_rows_are_saved_unasked(world: World) -> None:
    done = world.import_files(world.write("a.csv", rows(3, "saved", bad=1)))
    [job] = world.jobs
    saved = world.folder / f"import-{job['id']}-failed.csv"
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
    world: World, flags: list[str], code: int, files: list[str]
) -> None:
    done = world.import_files(world.write("a.csv", rows(3, "flags", bad=2)), *flags)
    assert done.code == code
    assert [path.name for path in world.folder.glob("*.csv") if path.name != "a.csv"] == files


def test_a_failed_import_is_7_and_made_again_the_next_time(make_world: MakeWorld) -> None:
    world = make_world("--fault=fail=0.5,count=1")
    name = world.write("a.csv", rows(4))
    done = world.import_files(name)
    assert (done.code, done.json["data"]["status"]) == (7, "FAILED")
    assert done.error["code"] == "IMPORT_FAILED"
    again = world.import_files(name)
    assert (again.code, again.json["data"]["id"]) == (0, 2)
    assert again.err.startswith(
        "a.csv: import 1 FAILED and nothing of it was imported; it is imported again\n"
    )
    assert world.import_files(name).json["run"]["action"] == "known"
    assert len(world.jobs) == 2


@pytest.mark.parametrize(
    ("bad", "code", "status"), [(0, 0, "COMPLETED"), (1, 6, "PARTIAL_SUCCESS")]
)
def test_the_same_content_is_not_imported_again_within_a_day(
    world: World, bad: int, code: int, status: str
) -> None:
    text = rows(3, f"twice{bad}", bad=bad)
    first = world.import_files(world.write("a.csv", text))
    # the content counts, not the name
    again = world.import_files(world.write("b.csv", text))
    job_id = first.json["data"]["id"]
    assert (first.code, again.code) == (code, code)
    assert again.json["data"] == first.json["data"]
    assert (again.json["run"]["file"], again.json["run"]["action"]) == ("b.csv", "known")
    assert again.json["run"]["prepared"] == first.json["run"]["prepared"]
    assert again.json["wait"]["requests"] == 0
    assert again.err.startswith("b.csv was imported ")
    assert f"by import {job_id} ({status}); --again imports it again\n" in again.err
    assert [job["id"] for job in world.jobs] == [job_id]


def test_a_known_import_is_reported_when_the_server_is_away(world: World) -> None:
    name = world.write("a.csv", rows(2))
    assert world.import_files(name).code == 0
    world.answer(REFUSAL)
    again = world.import_files(name)
    assert (again.code, again.json["run"]["action"]) == (0, "known")


@pytest.mark.parametrize("flags", [["--again"], ["--again-after=0"], ["--again-after", "0s"]])
def test_it_is_imported_anew_when_that_is_asked_for(world: World, flags: list[str]) -> None:
    name = world.write("a.csv", rows(3, "anew"))
    assert world.import_files(name).code == 0
    world.clock.advance(1)
    done = world.import_files(name, *flags)
    assert (done.code, done.json["run"]["action"]) == (0, "created")
    assert len(world.jobs) == 2


def test_it_is_imported_anew_also_when_the_clock_was_set_back(world: World) -> None:
    name = world.write("a.csv", rows(3, "anew"))
    assert world.import_files(name).code == 0
    world.machine.ahead_s = -3600.0
    done = world.import_files(name, "--again-after=0")
    assert (done.code, done.json["run"]["action"]) == (0, "created")


def test_what_is_known_is_known_under_each_name_and_in_each_way(world: World) -> None:
    first, second = (world.write(name, rows(2)) for name in ("a.csv", "b.csv"))
    # under its own name nothing on the server tells what it is
    assert world.import_files(first, "--plain-name").code == 0
    both = world.import_files(first, second, "--plain-name")
    assert [run["action"] for run in both.json["runs"]] == ["known", "known"]
    dry = world.import_files(first, "--plain-name --dry-run")
    assert dry.json["data"]["action"] == "known"


def test_dry_run_foresees_what_only_the_journal_knows(make_world: MakeWorld) -> None:
    world = make_world("--rows-per-second=1", "--fault=fail=1,count=1")
    names = [world.write(f"{name}.csv", rows(50, name)) for name in ("failed", "running", "lost")]
    failed, running, lost = names
    assert world.import_files(failed, "--plain-name").code == 7
    assert world.import_files(running, "--plain-name --no-wait").code == 0
    world.answer(Reply({}, 503), method="POST", path="/path/import")
    assert world.import_files(lost, "--plain-name --timeout=1s").code == 1
    foreseen = [
        world.import_files(name, "--plain-name --dry-run").json["data"]["action"] for name in names
    ]
    assert foreseen == ["created", "attached", "adopted"]


def test_what_ended_unseen_a_minute_ago_is_attached_to(world: World) -> None:
    name = world.write("a.csv", rows(2))
    assert world.import_files(name, "--plain-name --no-wait").code == 0
    world.clock.advance(60)
    done = world.import_files(name, "--plain-name")
    assert (done.code, done.json["run"]["action"], len(world.jobs)) == (0, "attached", 1)


def test_what_ended_unseen_long_ago_is_finished_in_the_journal_too(world: World) -> None:
    name = world.write("a.csv", rows(2))
    assert world.import_files(name, "--no-wait").code == 0
    world.clock.advance(3 * 24 * 3600)
    assert world.import_files(name).json["run"]["action"] == "created"
    assert world.steps == ["finished", "finished"]


@pytest.mark.parametrize("flags", [["--source-id", "2"], ["--again-after=1d"]])
def test_another_channel_is_another_import_and_a_longer_memory_is_not(
    world: World, flags: list[str]
) -> None:
    name = world.write("a.csv", rows(3, "channel"))
    world.import_files(name)
    world.import_files(name, *flags)
    assert len(world.jobs) == (2 if "--source-id" in flags else 1)


def test_dry_run_shows_what_would_be_sent_and_creates_nothing(world: World) -> None:
    done = world.import_files(world.write("a.csv", "Email,Name\na@example.org,Ann\n"), "--dry-run")
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
        "action": "created",
        "importJobId": None,
    }
    assert world.jobs == []
    assert world.steps == []
    assert not (world.machine.state / "journal.db").exists()


def test_dry_run_tells_people_the_columns_and_what_a_run_would_do_now(world: World) -> None:
    text = "Email,Shoe size\n" + "".join(f"p{i}@example.org,{i}\n" for i in range(20))
    name, end = world.write("a.csv", text), "nothing was created."

    def show(*flags: str) -> list[str]:
        done = world.import_files(name, "--dry-run", *flags, columns=120)
        assert (done.code, done.out.splitlines()[-1][-len(end) :]) == (0, end)
        return done.out.splitlines()[:-1]

    assert show() == [
        "a.csv: 20 rows for channel 1, mode UPDATE",
        "  Email → EMAIL",
        "  Shoe size → not imported",
        "A run would create a new import.",
    ]
    world.import_files(name)
    world.clock.advance(300)
    assert show()[-1] == (
        "A run would create nothing: the content was imported 5m ago by import 1 (COMPLETED); "
        "--again imports it again."
    )
    assert show("--again")[-1] == "A run would create a new import."
    # so it would on a machine that knows nothing of it
    elsewhere = world.another_machine("elsewhere")
    elsewhere.write(name, text)
    asked = elsewhere.import_files(name, "--dry-run --json").json["data"]
    assert (asked["action"], asked["importJobId"], len(world.jobs)) == ("known", 1, 1)


def test_dry_run_tells_people_each_thing_once(world: World) -> None:
    text = "E-Mail;Vorname;Schuhgröße\na@example.org;Ann;40\n;Bob;41\n"
    world.write("a.csv", text.encode("cp1252"))
    done = world.import_files("a.csv", "--dry-run", columns=100)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[:-1] == [
        "a.csv: 2 rows for channel 1, mode UPDATE",
        "  read as cp1252, separated by semicolons",
        "  E-Mail → EMAIL",
        "  Vorname → FIRST_NAME",
        "  Schuhgröße → not imported",
        "A run would create a new import.",
    ]
    # where the answer is data, they are told beside it
    told = world.import_files("a.csv", "--dry-run").err.splitlines()
    assert "a.csv: E-Mail → EMAIL, Vorname → FIRST_NAME" in told


def test_dry_run_tells_of_an_import_that_is_on_its_way(make_world: MakeWorld) -> None:
    world = make_world("--fault=queue=3600")
    name = world.write("a.csv", rows(30))
    world.import_files(name, "--no-wait")
    done = world.import_files(name, "--dry-run", columns=80)
    assert "A run would create nothing, and wait for import 1" in done.out
    assert world.steps == ["created"]


def test_no_wait_prints_the_id_and_the_next_run_attaches(make_world: MakeWorld) -> None:
    world = make_world("--rows-per-second=20")
    name = world.write("a.csv", rows(30))
    done = world.import_files(name, "--no-wait")
    assert done.code == 0
    created = {"importJobId": 1, "status": "PENDING", "file": "a.csv", "action": "created", "id": 1}
    assert done.json["data"] == created
    assert done.json["run"]["file"] == "a.csv"
    world.clock.advance(1)
    once_more = world.import_files(name, "--no-wait")
    # what the server says, not what was true when it was created
    assert once_more.json["data"] == {**created, "status": "RUNNING", "action": "attached"}
    waited = world.import_files(name, "--interval=1s")
    assert (waited.code, waited.json["data"]["status"]) == (0, "COMPLETED")
    assert waited.json["run"]["action"] == "attached"
    assert world.import_files(name).json["run"]["action"] == "known"
    assert len(world.jobs) == 1


def test_standard_input_can_be_named(world: World) -> None:
    text = rows(2, "stdin")
    done = world.import_files("- --file-name tonight.csv", stdin=text)
    assert (done.code, without_tag(done.json["data"]["fileName"])) == (0, "tonight.csv")
    assert (done.json["run"]["file"], done.json["run"]["action"]) == ("-", "created")
    assert world.import_files("-", stdin=text).json["run"]["action"] == "known"
    assert len(world.jobs) == 1


def test_a_missing_token_leaves_nothing_in_the_journal(world: World) -> None:
    done = world.import_files(world.write("a.csv", rows(2)), TALKVALUE_TOKEN=None)
    assert done.code == 3
    assert not world.machine.state.exists()


@pytest.mark.parametrize(
    ("content", "flags", "message"),
    [
        (b"", [], "a.csv is empty"),
        (b"Email,Name\n", [], "a.csv has a header and no rows"),
        (
            b"Email\n\x81\n",
            ["--encoding=cp1252"],
            "a.csv is not CP1252: byte 6 (line 2) cannot be read",
        ),
        (b"Email\nx\n", ["--encoding=hex"], "the encoding 'hex' is not known"),
        (
            gzip.compress(b"Email\n", mtime=0),
            ["--as-is"],
            "a.csv is compressed with gzip, not CSV",
        ),
        (b"PK\x03\x04", [], "a.csv is a damaged ZIP archive: it cannot be unpacked"),
        (
            b"Email,Name\na@b.org,b\nc\n",
            ["--as-is"],
            "a.csv: row 2 (line 3) has 1 cells, the header has 2",
        ),
        (
            b"Email,Name\na@b.org,b\nc@d.org\n",
            [],
            "a.csv: the row of line 3 has 1 cells, the header has 2",
        ),
        (b'Email,Name\na,"b\n', [], "a.csv: a quote in the row of line 2 is never closed"),
    ],
)
def test_a_file_that_is_unfit_is_2_and_nothing_is_sent(
    world: World, content: bytes, flags: list[str], message: str
) -> None:
    done = world.import_files(world.write("a.csv", content), *flags)
    assert (done.code, done.out, done.error["message"]) == (2, "", message)
    assert done.error["code"] == "USAGE"
    assert done.sent == []


def test_standard_input_that_is_unfit_is_called_that(world: World) -> None:
    done = world.import_files("-", stdin=b"Email\n\xe9\n")
    assert done.error["message"].startswith("standard input is not UTF-8: byte 6 (line 2) ")


def test_another_encoding_arrives_as_utf_8(world: World) -> None:
    (world.folder / "a.csv").write_bytes((rows(3, "cp") + "kaput,Ötzi\n").encode("cp1252"))
    done = world.import_files("a.csv --encoding=cp1252 --failed-rows=bad.csv")
    assert done.code == 6
    assert "kaput,Ötzi," in (world.folder / "bad.csv").read_text(encoding="utf-8")


def test_ragged_rows_may_be_sent(world: World) -> None:
    name = world.write("a.csv", "Email,Name\nragged1@example.org\nragged2@example.org,x\n")
    assert world.import_files(name).code == 2
    done = world.import_files(name, "--allow-ragged")
    assert done.json["run"]["action"] == "created"
    assert done.json["data"]["totalRows"] == 2


def test_a_mapping_can_be_chosen_saved_and_read_back(world: World) -> None:
    name = world.write("a.csv", "Kontakt: dienstlich,Wer\nmap1@example.org,Ann\n")
    wish = "--mapping 'kontakt: dienstlich:email' --mapping 1:NAME"
    saved = world.import_files(name, wish, "--save-mapping map.yaml --dry-run")
    assert saved.code == 0
    assert (world.folder / "map.yaml").read_text() == "'Kontakt: dienstlich': EMAIL\nWer: NAME\n"
    done = world.import_files(
        name, "--mapping-file", "map.yaml", "--mapping", "Wer:COMPANY_NAME", "--dry-run"
    )
    assert done.json["data"]["columnMappings"] == [
        {"csvIndex": 0, "targetField": "EMAIL"},
        {"csvIndex": 1, "targetField": "COMPANY_NAME"},
    ]


def test_a_required_field_without_a_column_is_2_and_lists_what_there_is(world: World) -> None:
    name = world.write("a.csv", "Contact mail,Nr\nnobody,x\n")
    done = world.import_files(name)
    assert (done.code, done.out) == (2, "")
    assert done.error["message"].splitlines() == [
        "no column is mapped to EMAIL",
        "  0  Contact mail: no suggestion",
        "  1  Nr: no suggestion",
    ]
    assert world.jobs == []


def test_a_suggestion_that_is_not_sure_enough_is_not_used(world: World) -> None:
    name = world.write(
        "a.csv", "Email,Q17\nun@example.org,2026-03-04\nsure@example.org,2026-03-05\n"
    )
    for least, fields in (("0.9", ["EMAIL"]), ("0.8", ["EMAIL", "JOINED_AT"])):
        plan = world.import_files(name, f"--min-confidence={least} --dry-run").json["data"]
        assert [column["targetField"] for column in plan["columnMappings"]] == fields


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["a.csv", "--no-wait", "--dry-run"], "--no-wait and --dry-run exclude each other"),
        (["-", "-"], "standard input can be read only once"),
        (
            ["a.csv", "b.csv", "--file-name", "c.csv"],
            "--file-name and --save-mapping are for a single file",
        ),
        (
            ["a.csv", "--mapping-file", "none.yaml"],
            "cannot read none.yaml: No such file or directory",
        ),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(world: World, args: list[str], message: str) -> None:
    done = world.import_files(*args)
    assert (done.code, done.out, done.error["message"]) == (2, "", message)


def test_a_source_that_does_not_exist_is_told_and_may_be_corrected(world: World) -> None:
    name = world.write("a.csv", rows(2, "source"))
    assert world.import_files(name, "--source-id", "99").code == 4
    assert world.steps == ["refused"]
    assert world.import_files(name).code == 0


def test_history_lists_what_was_run_newest_first(world: World) -> None:
    world.import_files(world.write("a.csv", rows(2, "hista")))
    world.import_files(world.write("b.csv", rows(2, "histb", bad=1)), "--no-failed-rows")
    first, second = world.jobs
    done = world.run("path import history")
    shown = [
        (each["file"], each["sourceId"], each["mode"], each["step"], each["importJobId"])
        for each in done.json["data"]
    ]
    assert shown == [
        ("b.csv", 1, "UPDATE", "finished", second["id"]),
        ("a.csv", 1, "UPDATE", "finished", first["id"]),
    ]
    assert [each["status"] for each in done.json["data"]] == ["PARTIAL_SUCCESS", "COMPLETED"]
    assert {each["apiUrl"] for each in done.json["data"]} == {world.url}
    limited = world.run("path import history --limit 1")
    assert [each["file"] for each in limited.json["data"]] == ["b.csv"]
    table = world.run("path import history --format=table")
    head, _, newest, oldest = table.out.splitlines()
    csv = world.run("path import history --format=csv").out.splitlines()[0]
    assert csv.startswith("Began,File,Source,Mode,Step,Import,Status")
    assert head.split() == ["Began", "File", "Channel", "Mode", "Step", "Import", "Status"]
    assert newest.split()[1:] == [
        "b.csv",
        "1",
        "UPDATE",
        "finished",
        str(second["id"]),
        "PARTIAL_SUCCESS",
    ]
    assert oldest.split()[1:] == f"a.csv 1 UPDATE finished {first['id']} COMPLETED".split()


def test_history_and_resume_say_when_there_is_nothing(world: World) -> None:
    done = world.run("path import history")
    assert (done.code, done.json) == (0, {"data": []})
    table = world.run("path import history --format=table")
    assert (table.code, table.err) == (0, "Nothing was run here yet.\n")
    resumed = world.run("path import resume")
    assert (resumed.code, resumed.json) == (0, {"data": None})
    assert resumed.err.startswith("No import of a run is known to be unfinished here; one that")
    assert world.run("path import resume --quiet").told == (0, "", "")
    resumed = world.run("path import resume 9000")
    assert resumed.code == 2
    assert resumed.error["message"] == "import 9000 was not made by a run on this machine"


def test_resume_waits_for_the_newest_unfinished_one_and_writes_its_end_down(
    make_world: MakeWorld,
) -> None:
    world = make_world("--rows-per-second=40")
    for name in ("a.csv", "b.csv"):
        world.import_files(world.write(name, rows(40, name[0])), "--no-wait")
    done = world.run("path import resume --interval=1s")
    assert (done.code, done.json["data"]["id"]) == (0, 2)
    assert world.steps == ["created", "finished"]
    done = world.run("path import resume 1")
    assert (done.code, done.json["data"]["id"]) == (0, 1)
    assert world.steps == ["finished", "finished"]
    assert world.run("path import resume").json == {"data": None}


def test_neither_the_token_nor_the_people_are_in_the_journal(world: World) -> None:
    world.import_files(world.write("a.csv", rows(3, "secretperson", bad=1)))
    content = b"".join(
        path.read_bytes() for path in world.machine.state.rglob("*") if path.is_file()
    )
    assert world.url.encode() in content
    assert b"sandbox-token-of-the-tests" not in content
    assert b"secretperson" not in content
