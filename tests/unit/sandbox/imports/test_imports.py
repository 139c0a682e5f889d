"""What import jobs do with rows: counters, states, people, failed rows, export."""

from __future__ import annotations

import csv
import io

import pytest

from ..bench import Bench, count, describe_job

MIXED = """Email,First name,Joined at
new.one@example.com,New,2026-02-03
NEW.ONE@EXAMPLE.COM,Again,
ada.baker@example.com,Augusta,
broken@,Bad,
,Empty,
late@example.com,Late,someday
Ada.Baker@Example.com,Third,
short@example.com,Short
new.two@example.com,,2026-02-04T10:00:00+02:00
"""
TARGETS = ("EMAIL", "FIRST_NAME", "JOINED_AT")


def test_update_counts_each_row_in_exactly_one_way(bench: Bench) -> None:
    job = bench.run(MIXED, TARGETS, "UPDATE")
    assert count(job) == (9, 2, 1, 2, 0, 4)
    assert job["status"] == "PARTIAL_SUCCESS"
    person = bench.find_person("ada.baker@example.com")
    assert person is not None
    assert (person["email"], person["first_name"]) == ("ada.baker@example.com", "Augusta")


def test_skip_leaves_existing_people_alone_but_adds_them_to_the_channel(bench: Bench) -> None:
    job = bench.run(MIXED, TARGETS, "SKIP")
    assert count(job) == (9, 2, 0, 2, 1, 4)
    person = bench.find_person("ada.baker@example.com")
    assert person is not None
    assert person["first_name"] == "Ada"
    assert bench.get("/path/channel")[3]["peopleCount"] == 3


def test_failed_rows_say_where_and_why(bench: Bench) -> None:
    job = bench.run(MIXED, TARGETS)
    assert list(job["failedRows"][0]) == ["rowNum", "errorCode", "errorMessage", "rawValue"]
    assert [tuple(row.values()) for row in job["failedRows"]] == [
        (4, "INVALID_EMAIL", "EMAIL is not a valid e-mail address", "broken@"),
        (5, "MISSING_EMAIL", "the row has no e-mail address", None),
        (6, "INVALID_DATE", "JOINED_AT is not a date", "someday"),
        (8, "ROW_LENGTH", "the row has 2 cells, the header 3", None),
    ]


def test_a_job_record_has_every_field_of_the_contract(bench: Bench) -> None:
    job = bench.run("Email\na1@example.com\n")
    assert set(job) == {
        "id", "status", "mode", "fileName", "totalRows", "processedRows", "newCount",
        "updatedCount", "duplicatedCount", "skipCount", "failedCount", "failedRows",
        "processStartedAt", "completedAt",
    }  # fmt: skip
    assert (job["status"], job["mode"], job["fileName"]) == ("COMPLETED", "UPDATE", "people.csv")
    # all the sandbox's times are those of the clock that it was given
    assert job["processStartedAt"] == job["completedAt"] == "2026-09-21T14:13:20Z"


def test_an_empty_cell_does_not_erase_and_a_joining_date_is_kept(bench: Bench) -> None:
    bench.run(
        "Email,Name,On\nk@example.com,Kay,2026-02-04T10:00:00+02:00\n",
        ("EMAIL", "NAME", "JOINED_AT"),
    )
    bench.run("Email,Name\nK@example.com,\n", ("EMAIL", "NAME"))
    person = bench.find_person("k@example.com")
    assert person is not None
    assert person["name"] == "Kay"
    joined = bench.store.connect().execute(
        "SELECT joined_at FROM channel_people WHERE person_id = ?", (person["id"],)
    )
    assert joined.fetchone()["joined_at"] == "2026-02-04T08:00:00Z"


def test_a_rejected_row_does_not_make_its_address_a_duplicate(bench: Bench) -> None:
    job = bench.run(
        "Email,On\nq@example.com,never\nq@example.com,2026-01-01\n", ("EMAIL", "JOINED_AT")
    )
    assert count(job) == (2, 1, 0, 0, 0, 1)


@pytest.mark.parametrize(
    ("content", "targets", "status", "counts"),
    [
        ("Email\n", ("EMAIL",), "COMPLETED", (0, 0, 0, 0, 0, 0)),
        ("Email\nbad\nworse\n", ("EMAIL",), "FAILED", (2, 0, 0, 0, 0, 2)),
        ("Name\nAnn\n", ("NAME",), "FAILED", (1, 0, 0, 0, 0, 1)),
        ("Email\nada.baker@example.com\n", ("EMAIL",), "COMPLETED", (1, 0, 1, 0, 0, 0)),
    ],
)
def test_the_terminal_state_follows_from_the_counters(
    bench: Bench, content: str, targets: tuple[str, ...], status: str, counts: tuple[int, ...]
) -> None:
    job = bench.run(content, targets)
    assert (job["status"], count(job)) == (status, counts)


def test_a_mapping_beyond_the_columns_fails_with_one_reason_for_the_whole_file(
    bench: Bench,
) -> None:
    job = bench.run("Email\na@example.com\n", ("EMAIL", "NAME"))
    assert (job["status"], count(job)) == ("FAILED", (0, 0, 0, 0, 0, 0))
    message = "Column 1 is mapped, but the file has 1 columns."
    assert [tuple(row.values()) for row in job["failedRows"]] == [
        (0, "INVALID_MAPPING", message, None)
    ]
    assert bench.find_person("a@example.com") is None


def test_a_staged_file_that_is_gone_fails_the_job(bench: Bench) -> None:
    job_id = bench.queue("Email\na@example.com\n")
    for staged in bench.store.files.iterdir():
        staged.unlink()
    bench.work()
    job = bench.get(f"/path/import/{job_id}")
    assert (job["status"], job["failedRows"][0]["errorCode"]) == ("FAILED", "UNREADABLE_FILE")


def test_the_same_body_twice_makes_two_jobs(bench: Bench) -> None:
    body = describe_job(bench.analyze("Email\ntwice@example.com\n")["fileKey"], 1, mode="SKIP")
    first = bench.send("POST", "/path/import", json=body)
    second = bench.send("POST", "/path/import", json=body)
    assert first.json == {"importJobId": 1, "status": "PENDING"}
    assert second.json == {"importJobId": 2, "status": "PENDING"}
    bench.work()
    assert count(bench.get("/path/import/1")) == (1, 1, 0, 0, 0, 0)
    assert count(bench.get("/path/import/2")) == (1, 0, 0, 0, 1, 0)


def test_the_list_is_paged_newest_first(bench: Bench) -> None:
    for _ in range(5):
        bench.queue("Email\n")
    page = bench.get("/path/import?pageNumber=2&pageSize=2")
    assert [job["id"] for job in page.pop("content")] == [3, 2]
    assert page == {"totalElements": 5, "totalPages": 3, "pageNumber": 2, "pageSize": 2}
    assert bench.get("/path/import?pageNumber=9223372036854775807")["content"] == []
    assert bench.get("/path/import")["pageSize"] == 20


def test_the_sample_has_twenty_failed_rows_and_the_export_all(bench: Bench) -> None:
    job = bench.run("Email\n" + "".join(f"bad{number}\n" for number in range(1203)))
    assert [row["rowNum"] for row in job["failedRows"]] == list(range(1, 21))
    answer = bench.send("GET", "/path/import/1/failed/export")
    assert answer.content_type == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["Email", "rowNum", "errorCode", "errorMessage"]
    assert rows[1][:3] == ["bad0", "1", "INVALID_EMAIL"]
    assert [row[1] for row in rows[1:]] == [str(number) for number in range(1, 1204)]


def test_the_export_of_a_clean_job_is_a_header_alone(bench: Bench) -> None:
    bench.run("Email\na@example.com\n")
    answer = bench.send("GET", "/path/import/1/failed/export")
    assert answer.data == b"Email,rowNum,errorCode,errorMessage\r\n"


def test_the_export_of_an_unfinished_job_is_refused(bench: Bench) -> None:
    bench.queue("Email\na@example.com\n")
    answer = bench.send("GET", "/path/import/1/failed/export")
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert bench.send("GET", "/path/import/2/failed/export").status_code == 404


def test_a_corrected_export_goes_around_with_the_same_mapping(bench: Bench) -> None:
    cells = ' spaced ,"with ""quotes"", and\nline",=1+1'
    bench.run(f"Mail;A;B;C\nx@;{cells.replace(',', ';')}\n".replace(";", ","), ("EMAIL", "NAME"))
    export = bench.send("GET", "/path/import/1/failed/export").text
    assert list(csv.reader(io.StringIO(export)))[1][:4] == [
        "x@", " spaced ", 'with "quotes", and\nline', "=1+1",
    ]  # fmt: skip
    again = bench.run(export, ("EMAIL", "NAME"))
    assert again["status"] == "FAILED"
    second = bench.send("GET", "/path/import/2/failed/export").text
    assert second == export
    fixed = bench.run(second.replace("x@,", "x@example.com,"), ("EMAIL", "NAME"))
    assert fixed["status"] == "COMPLETED"
    person = bench.find_person("x@example.com")
    assert person is not None
    assert person["name"] == "spaced"


def test_short_rows_are_filled_up_in_the_export_and_long_ones_keep_their_cells(
    bench: Bench,
) -> None:
    bench.run("Email,Name\na@example.com\nb@example.com,B,C\n", ("EMAIL", "NAME"))
    rows = list(csv.reader(io.StringIO(bench.send("GET", "/path/import/1/failed/export").text)))
    assert rows[1][:4] == ["a@example.com", "", "1", "ROW_LENGTH"]
    assert rows[2][:5] == ["b@example.com", "B", "C", "2", "ROW_LENGTH"]
