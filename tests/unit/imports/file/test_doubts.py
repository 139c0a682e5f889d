"""People who may not take part: imported where a column says so, left out where a section does."""

from __future__ import annotations

import pytest

from tests.unit.imports.file.reading import convert


def make(header: str, *values: str) -> str:
    rows = "".join(f"p{n}@example.org,Ada Bo,{value}\n" for n, value in enumerate(values))
    return f"Email,Name,{header}\n{rows}"


@pytest.mark.parametrize(
    ("header", "values", "in_doubt"),
    [
        (
            "Status",
            ["Attending", "Waitlist", "Cancelled", "No-show", "Waitlist"],
            {"Status: Waitlist": 2, "Status: Cancelled": 1, "Status: No-show": 1},
        ),
        ("Approval Status", ["approved", "declined"], {"Approval Status: declined": 1}),
        ("Canceled", ["false", "true", ""], {"Canceled: true": 1}),
        ("Storniert", ["Nein", "Ja"], {"Storniert: Ja": 1}),
        ("Teilnahme", ["angemeldet", "abgesagt"], {"Teilnahme: abgesagt": 1}),
        ("Statut", ["inscrit", "Liste d\u2019attente"], {"Statut: Liste d\u2019attente": 1}),
        ("\u72b6\u614b", ["\u53c2\u52a0", "\u30ad\u30e3\u30f3\u30bb\u30eb"],
         {"\u72b6\u614b: \u30ad\u30e3\u30f3\u30bb\u30eb": 1}),
        ("Status", ["Attending", "Checked in"], {}),
        ("Comment", ["I cancelled last time", ""], {}),
    ],
)  # fmt: skip
def test_who_may_not_take_part_is_imported_and_counted(
    header: str, values: list[str], in_doubt: dict[str, int]
) -> None:
    sent = convert(make(header, *values))
    assert (len(sent.rows), sent.in_doubt) == (len(values), in_doubt)
    quoted = make(header, *values).replace("Ada Bo", '"Ada; Bo"')
    assert convert(quoted.replace(",", ";")).in_doubt == in_doubt


def test_all_rows_are_counted_not_only_the_first_ones() -> None:
    values = ["Attending"] * 1500 + ["Cancelled"] * 3
    assert convert(make("Status", *values)).in_doubt == {"Status: Cancelled": 3}


@pytest.mark.parametrize("title", ["Waitlist", "Waiting list", "Cancelled", "Warteliste"])
def test_a_section_of_people_who_do_not_take_part_is_left_out(title: str) -> None:
    table = "Email,Name\n"
    sent = convert(f"Attendees\n{table}a@example.org,Ada\n\n{title}\n{table}b@example.org,Bo\n")
    assert sent.rows == [["a@example.org", "Ada"]]
    assert sent.left_out["other section"] == 3
