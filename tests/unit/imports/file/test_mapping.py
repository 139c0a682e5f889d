"""Which column goes to which field."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from talkvalue_cli.api.models import TARGET_FIELDS, Analysis
from talkvalue_cli.errors import UnexpectedAnswerError, UsageError
from talkvalue_cli.exit_codes import code_of
from talkvalue_cli.imports.file import mapping
from talkvalue_cli.imports.file.mapping import MappedColumn, MappingRule

#: header, suggested field, confidence
Guess = tuple[str, "str | None", "float | None"]


def analysis(*columns: Guess, missing: Sequence[str] = ()) -> Analysis:
    """Return what a server says of a file with these columns."""
    return {
        "fileKey": "u/k",
        "headers": [header for header, _, _ in columns],
        "columnMappings": [
            {"csvIndex": index, "csvHeader": header, "confidence": confidence}
            | ({"suggestedField": field} if field else {})
            for index, (header, field, confidence) in enumerate(columns)
        ],
        "missingRequired": list(missing),
    }


def decide(found: Analysis, *rules: MappingRule, min_confidence: float = 0.8) -> list[MappedColumn]:
    return mapping.decide_mapping(found, rules, min_confidence)


def refuse(found: Analysis, *rules: MappingRule, min_confidence: float = 0.8) -> UsageError:
    with pytest.raises(UsageError) as caught:
        decide(found, *rules, min_confidence=min_confidence)
    return caught.value


EMAIL: Guess = ("Mail", "EMAIL", 0.98)


def test_sure_suggestions_are_taken_in_the_order_of_the_columns() -> None:
    found = analysis(("Who", "NAME", 0.8), ("Nr", None, None), EMAIL)
    assert decide(found) == [
        MappedColumn(0, "Who", "NAME", 0.8),
        MappedColumn(2, "Mail", "EMAIL", 0.98),
    ]


@pytest.mark.parametrize(("confidence", "is_taken"), [(0.8, True), (0.79, False), (None, False)])
def test_the_threshold_itself_is_sure_enough(confidence: float | None, is_taken: bool) -> None:
    found = analysis(EMAIL, ("Who", "NAME", confidence))
    assert ("NAME" in [choice.field for choice in decide(found)]) is is_taken


def test_a_threshold_of_0_takes_all_there_is() -> None:
    found = analysis(EMAIL, ("Who", "NAME", None), ("Nr", None, 0.0))
    assert [choice.field for choice in decide(found, min_confidence=0.0)] == ["EMAIL", "NAME"]


def test_a_threshold_of_1_takes_certainty_only() -> None:
    found = analysis(("Mail", "EMAIL", 1.0), ("Who", "NAME", 0.99))
    assert [choice.field for choice in decide(found, min_confidence=1.0)] == ["EMAIL"]


def test_of_two_columns_for_one_field_the_surer_one_gets_it() -> None:
    found = analysis(("Mail 1", "EMAIL", 0.85), ("Mail 2", "EMAIL", 0.95))
    assert decide(found) == [MappedColumn(1, "Mail 2", "EMAIL", 0.95)]


def test_of_two_equally_sure_columns_the_first_one_gets_it() -> None:
    found = analysis(("Mail 1", "EMAIL", 0.9), ("Mail 2", "EMAIL", 0.9))
    assert decide(found) == [MappedColumn(0, "Mail 1", "EMAIL", 0.9)]


def test_a_wish_goes_before_suggestions_for_its_column_and_its_field() -> None:
    found = analysis(("A", "EMAIL", 0.99), ("B", "EMAIL", 0.9), ("C", "NAME", 0.95))
    assert decide(found, MappingRule(1, "EMAIL"), MappingRule(2, "PHONE")) == [
        MappedColumn(1, "B", "EMAIL", None),
        MappedColumn(2, "C", "PHONE", None),
    ]


def test_a_surer_suggestion_lost_to_a_wish_leaves_its_field_to_the_next_column() -> None:
    found = analysis(("A", "EMAIL", 0.99), ("B", "EMAIL", 0.9))
    assert decide(found, MappingRule(0, "NAME")) == [
        MappedColumn(0, "A", "NAME", None),
        MappedColumn(1, "B", "EMAIL", 0.9),
    ]


@pytest.mark.parametrize("column", ["E-Mail: work", "e-mail: WORK", "  E-Mail: work "])
def test_a_header_is_found_whatever_its_case_and_the_blanks_around_it(column: str) -> None:
    found = analysis(("Nr", None, None), (" E-Mail: Work", None, None))
    assert decide(found, MappingRule(column, "EMAIL")) == [
        MappedColumn(1, " E-Mail: Work", "EMAIL", None)
    ]


def test_two_columns_with_one_header_need_a_number() -> None:
    found = analysis(("Mail", None, None), ("Nr", None, None), ("MAIL ", None, None))
    assert refuse(found, MappingRule("mail", "EMAIL")).message == (
        "mapping mail:EMAIL: columns [0, 2] all have this header; use the number"
    )
    assert decide(found, MappingRule(2, "EMAIL")) == [MappedColumn(2, "MAIL ", "EMAIL", None)]


def test_a_header_that_is_not_there_is_told_with_those_that_are() -> None:
    found = analysis(EMAIL, ("Who", None, None))
    assert refuse(found, MappingRule("Name", "NAME")).message == (
        "mapping Name:NAME: there is no such column; there are Mail, Who"
    )


def test_a_number_beyond_the_last_column_is_refused() -> None:
    found = analysis(EMAIL, ("Who", None, None))
    assert refuse(found, MappingRule(2, "NAME")).message == (
        "mapping 2:NAME: the file has 2 columns; the last one is 1"
    )


def test_a_required_field_without_a_column_lists_columns_and_unsure_suggestions() -> None:
    found = analysis(
        ("Contact", "EMAIL", 0.55), ("Who", "NAME", 0.98), ("Nr", None, None), missing=["EMAIL"]
    )
    error = refuse(found)
    assert error.message == (
        "no column is mapped to EMAIL\n"
        "  0  Contact: EMAIL (0.55)\n"
        "  1  Who: NAME (0.98)\n"
        "  2  Nr: no suggestion"
    )
    assert error.remedy == ("min_confidence", "EMAIL")
    assert code_of(error) == 2


def test_a_wish_covers_a_required_field() -> None:
    found = analysis(("Contact", None, None), missing=["EMAIL"])
    assert decide(found, MappingRule(0, "EMAIL")) == [MappedColumn(0, "Contact", "EMAIL", None)]


def test_every_required_field_is_asked_for() -> None:
    found = analysis(EMAIL, ("Who", None, None), missing=["PHONE", "COMPANY_NAME"])
    assert refuse(found).message.startswith("no column is mapped to COMPANY_NAME, PHONE\n")


def test_an_email_that_the_server_found_but_is_too_unsure_is_not_left_out_silently() -> None:
    found = analysis(("Contact", "EMAIL", 0.6), ("Who", "NAME", 0.98))
    assert refuse(found).message.startswith("no column is mapped to EMAIL\n  0  Contact: EMAIL")


def test_a_file_with_no_mapping_at_all_is_refused() -> None:
    error = refuse(analysis(("X", None, None)))
    assert error.message == "no column could be mapped\n  0  X: no suggestion"
    assert error.remedy == ("mapping", "FIELD")


def test_suggestions_that_make_no_sense_are_passed_over() -> None:
    found = analysis(EMAIL)
    found["columnMappings"] += [
        {"csvIndex": 9, "suggestedField": "NAME", "confidence": 1},
        {"csvIndex": -1, "suggestedField": "NAME", "confidence": 1},
        {"suggestedField": "NAME", "confidence": 1},
        {"csvIndex": 0, "suggestedField": None, "confidence": 1},
    ]
    assert decide(found) == [MappedColumn(0, "Mail", "EMAIL", 0.98)]


def test_a_choice_travels_as_the_server_spells_it() -> None:
    assert MappedColumn(3, "Mail", "EMAIL", 0.9).to_wire() == {
        "csvIndex": 3,
        "targetField": "EMAIL",
    }


def saved(path: Path, text: str) -> list[MappingRule]:
    path.write_text(text, encoding="utf-8")
    return mapping.read_mapping_file(path)


def test_a_mapping_file_names_columns_by_header_or_number(tmp_path: Path) -> None:
    text = "# reviewed\nE-Mail: EMAIL\n2: name\n'3': phone\n\"A: B\": COMPANY_NAME\n"
    assert saved(tmp_path / "map.yaml", text) == [
        MappingRule("E-Mail", "EMAIL", is_from_file=True),
        MappingRule(2, "NAME", is_from_file=True),
        MappingRule("3", "PHONE", is_from_file=True),
        MappingRule("A: B", "COMPANY_NAME", is_from_file=True),
    ]


@pytest.mark.parametrize(
    "rule",
    [
        MappingRule("MAIL", "PHONE"),
        MappingRule(0, "PHONE"),
        MappingRule(1, "EMAIL"),
        MappingRule("who", "EMAIL"),
    ],
)
def test_the_command_line_goes_before_the_file_for_its_column_and_its_field(
    tmp_path: Path, rule: MappingRule
) -> None:
    found = analysis(("Mail", None, None), ("Who", None, None))
    rules = saved(tmp_path / "map.yaml", "Mail: EMAIL\n")
    chosen = mapping.decide_mapping(found, [rule, *rules], 0.8)
    assert [(choice.column, choice.field) for choice in chosen] == (
        [(0, "PHONE")] if rule.field == "PHONE" else [(1, "EMAIL")]
    )


def test_the_file_goes_before_suggestions(tmp_path: Path) -> None:
    found = analysis(EMAIL, ("Who", "NAME", 1.0))
    rules = saved(tmp_path / "map.yaml", "Who: COMPANY_NAME\n")
    assert decide(found, *rules) == [
        MappedColumn(0, "Mail", "EMAIL", 0.98),
        MappedColumn(1, "Who", "COMPANY_NAME", None),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Mail: [", "{} is not YAML (line 1, column 8)"),
        ("a: b: c\n", "{} is not YAML (line 1, column 5)"),
        ("", "{} must map columns to fields, such as `Email: EMAIL`"),
        ("- EMAIL\n", "{} must map columns to fields, such as `Email: EMAIL`"),
        (
            "Mail: E_MAIL\n",
            "{}: 'E_MAIL' is not a field; there are {fields}",
        ),
        ("Mail:\n", "{}: None is not a field; there are {fields}"),
        ("true: EMAIL\n", "{}: True is not a header or a column number"),
        ("1.5: EMAIL\n", "{}: 1.5 is not a header or a column number"),
        ("-1: EMAIL\n", "{}: -1 is not a column number; the first column is 0"),
    ],
)
def test_a_mapping_file_that_makes_no_sense_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "map.yaml"
    with pytest.raises(UsageError) as caught:
        saved(path, text)
    assert caught.value.message == message.format(path, fields=", ".join(TARGET_FIELDS))


def test_a_mapping_file_that_is_no_text_or_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_bytes(b"Mail: \xff\n")
    with pytest.raises(UsageError) as caught:
        mapping.read_mapping_file(path)
    assert caught.value.message == f"{path} is not YAML"
    with pytest.raises(UsageError) as caught:
        mapping.read_mapping_file(tmp_path / "none.yaml")
    assert (
        caught.value.message == f"cannot read {tmp_path / 'none.yaml'}: No such file or directory"
    )


def test_a_saved_mapping_is_readable_by_people() -> None:
    choices = [MappedColumn(0, "E-Mail", "EMAIL", 0.98), MappedColumn(2, "Größe", "NAME", None)]
    assert mapping.render_mapping_file(choices, ["E-Mail", "Nr", "Größe"]) == (
        "E-Mail: EMAIL\nGröße: NAME\n"
    )


@pytest.mark.parametrize(
    "headers",
    [
        ["Mail", "Name"],
        ["Mail", "Mail"],
        ["Mail", " mail "],
        ["0", "1"],
        ["true", "null"],
        ["2026-01-01", "1.5"],
        ["a: b", "# c"],
        ["", "- x"],
        ["é\nü", '"q"'],
    ],
)
def test_a_saved_mapping_reads_back_as_it_was(tmp_path: Path, headers: list[str]) -> None:
    found = analysis(*[(header, None, None) for header in headers])
    choices = decide(found, MappingRule(0, "EMAIL"), MappingRule(1, "NAME"))
    rules = saved(tmp_path / "map.yaml", mapping.render_mapping_file(choices, headers))
    assert decide(found, *rules) == choices


@pytest.mark.parametrize("confidence", [-1, 2, 10**400, True, "0.99", [0.99], {}])
def test_a_suggestion_with_an_odd_confidence_is_not_taken(confidence: Any) -> None:
    found = analysis(EMAIL, ("Who", "NAME", confidence))
    assert [choice.field for choice in decide(found)] == ["EMAIL"]


@pytest.mark.parametrize("odd", [None, "x", 7, [], {}, {"csvIndex": -1}, {"csvIndex": 2**63}])
def test_a_suggestion_of_another_kind_is_left_out(odd: Any) -> None:
    found = analysis(EMAIL)
    found["columnMappings"].insert(0, odd)
    assert [choice.field for choice in decide(found)] == ["EMAIL"]


ODD_MEMBERS: dict[str, list[Any]] = {
    "headers": [None, 7, "Mail", {}],
    "columnMappings": [None, 7, "x", {}],
    "missingRequired": [7, "EMAIL", {"EMAIL": 1}, [None], [["EMAIL"]]],
}


@pytest.mark.parametrize(
    ("key", "odd"), [(key, odd) for key in ODD_MEMBERS for odd in ODD_MEMBERS[key]]
)
def test_an_analysis_from_which_nothing_can_be_decided_names_the_field(key: str, odd: Any) -> None:
    found = cast(Analysis, {**analysis(EMAIL), key: odd})
    with pytest.raises(UnexpectedAnswerError) as caught:
        decide(found)
    assert caught.value.message == (
        f"POST /path/import/analyze was answered with no usable {key!r}"
    )
