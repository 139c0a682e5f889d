"""How header, values, the caller and the server are weighed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

import pytest

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.file import columns
from talkvalue_cli.imports.file.choice import Choice, check_choice
from talkvalue_cli.imports.file.mapping import MappedColumn
from tests.unit.imports.file.reading import convert

ADA = ("ada@example.org", "Ada", "2026-03-10")
BJORN = ("bjorn@example.org", "Björn", "2026-03-11")
CHLOE = ("chloe@example.org", "Chloé", "2026-03-12")


def choose(
    table: Mapping[str, Sequence[str]],
    rules: Mapping[int, str] | None = None,
    skipped: Set[int] = frozenset(),
    suggestions: Mapping[str, str] | None = None,
    confidence: float = 0.9,
) -> Choice:
    """Choose among columns, given as header -> cells; a digit behind a # is no part of it."""
    names = list(table)
    headers = [name.partition("#")[0] for name in names]
    rows = [list(row) for row in zip(*table.values(), strict=True)]
    suggested = [
        MappedColumn(names.index(name), name, field, confidence)
        for name, field in (suggestions or {}).items()
    ]
    return columns.choose(headers, rows, rules, skipped, suggested)


def used(choice: Choice) -> dict[int, str]:
    return {column.index: column.field for column in choice.columns}


def reasons(choice: Choice) -> dict[int, str]:
    return {column.index: column.why for column in choice.unused}


EMAILS = [ADA[0], BJORN[0], CHLOE[0]]
OTHER_EMAILS = ["one@example.net", "two@example.net", "three@example.net"]
NAMES = [ADA[1], BJORN[1], CHLOE[1]]
DAYS = [ADA[2], BJORN[2], CHLOE[2]]


def test_what_the_caller_says_overrules_everything() -> None:
    choice = choose(
        {"Email": EMAILS, "Other": OTHER_EMAILS, "Note": NAMES}, {1: "EMAIL", 2: "NAME"}
    )
    assert used(choice) == {1: "EMAIL", 2: "NAME"}
    assert [column.why for column in choice.columns] == ["mapping", "mapping"]
    assert reasons(choice) == {0: "EMAIL comes from column 1, 'Other'"}


def test_a_column_that_the_caller_leaves_out_is_not_used() -> None:
    choice = choose({"Email": EMAILS, "E-Mail 2": OTHER_EMAILS, "Name": NAMES}, skipped={0, 2})
    assert used(choice) == {1: "EMAIL"}
    assert reasons(choice) == {0: "left out, as asked", 2: "left out, as asked"}


def test_each_column_says_why_it_is_used_or_not() -> None:
    choice = choose(
        {
            "Email": EMAILS,
            "": ["https://www.linkedin.com/in/a", "linkedin.com/in/b", "/in/c"],
            "Badge": ["Engineer", "Baker", "Cook"],
            "Foo": ["1", "2", "3"],
            "Birthday": DAYS,
            "Registered": ["yes", "no", "yes"],
            "Fax": ["+46 70 174 06 05"] * 3,
            "Phone": ["", "", ""],
            "Work Email": OTHER_EMAILS,
        },
        suggestions={"Badge": "JOB_TITLE", "Birthday": "JOINED_AT", "Fax": "PHONE"},
    )
    assert [(column.index, column.field, column.why) for column in choice.columns] == [
        (0, "EMAIL", "header"),
        (1, "LINKEDIN_URL", "values"),
        (2, "JOB_TITLE", "suggested"),
    ]
    assert reasons(choice) == {
        3: "not known",
        4: "its header says that it is something else",
        5: "its values are not those of JOINED_AT",
        6: "its header says that it is something else",
        7: "no values seen",
        8: "EMAIL comes from column 0, 'Email', from this one where it has none",
    }


def test_values_show_the_addresses_when_the_header_says_nothing() -> None:
    assert used(choose({"First Name": NAMES, "": EMAILS})) == {0: "FIRST_NAME", 1: "EMAIL"}
    assert used(choose({"Col1": NAMES, "Col2": EMAILS})) == {1: "EMAIL"}


def test_an_address_of_the_same_somebody_in_each_row_is_not_that_of_the_person() -> None:
    assert used(choose({"Col1": ["host@example.org"] * 3, "Col2": EMAILS})) == {1: "EMAIL"}
    assert used(choose({"Col1": ["host@example.org"] * 3, "Col2": NAMES})) == {}


def test_a_header_does_not_count_when_the_values_contradict_it() -> None:
    choice = choose(
        {
            "Email": ["yes", "no", "yes"],
            "Contact": EMAILS,
            "Title": ["Mr.", "Ms.", "Dr."],
            "Phone": ["home", "work", "work"],
            "Name": EMAILS,
            "Address": ["10.0.0.1", "::1", "10.0.0.2"],
        }
    )
    assert used(choice) == {1: "EMAIL"}


def test_the_server_counts_for_headers_that_are_not_known() -> None:
    table = {"Email": EMAILS, "Wert": ["Baker", "Cook", "Smith"], "Stamp": DAYS}
    suggested = {"Wert": "JOB_TITLE", "Stamp": "JOINED_AT"}
    assert used(choose(table, suggestions=suggested)) == {
        0: "EMAIL", 1: "JOB_TITLE", 2: "JOINED_AT",
    }  # fmt: skip
    assert used(choose(table, suggestions=suggested, confidence=0.7)) == {0: "EMAIL"}


@pytest.mark.parametrize(
    "cells",
    [
        ["1985-03-10", "1990-03-11", "1970-03-12"],  # birthdays
        ["2026-05-01", "2026-05-01", "2026-05-01"],  # the day of the event
        ["10/03/2026", "11/03/2026", "12/03/2026"],  # nobody has converted these
        ["Baker", "Cook", "Smith"],
    ],
)
def test_dates_that_may_be_any_are_not_the_joining_date_for_the_server_alone(
    cells: list[str],
) -> None:
    choice = choose({"Email": EMAILS, "Stamp": cells}, suggestions={"Stamp": "JOINED_AT"})
    assert used(choice) == {0: "EMAIL"}


def test_the_server_decides_between_two_that_are_as_good() -> None:
    table = {"Alpha email": EMAILS, "Beta email": OTHER_EMAILS}
    assert used(choose(table, suggestions={"Beta email": "EMAIL"})) == {1: "EMAIL"}


def test_two_that_are_as_good_are_undecided() -> None:
    choice = choose({"Alpha email": EMAILS, "Name": NAMES, "Beta email": OTHER_EMAILS})
    assert used(choice) == {1: "NAME"}
    [(field, candidates)] = choice.undecided
    assert (field, [column.index for column in candidates]) == ("EMAIL", [0, 2])
    assert reasons(choice) == {
        0: "it is not clear which column is EMAIL",
        2: "it is not clear which column is EMAIL",
    }
    with pytest.raises(UsageError) as caught:
        check_choice(choice, "contacts.csv")
    assert caught.value.message == (
        "contacts.csv: it is not clear which column is EMAIL: 0 'Alpha email' or 2 'Beta email'"
    )
    assert caught.value.remedy == ("mapping", "EMAIL")


def test_two_of_the_same_header_with_the_same_values_are_one() -> None:
    assert used(choose({"Email#1": EMAILS, "Email#2": EMAILS})) == {0: "EMAIL"}
    assert used(choose({"Email#1": ["", "", ""], "Email#2": EMAILS})) == {1: "EMAIL"}
    assert choose({"Email#1": EMAILS, "Email#2": OTHER_EMAILS}).undecided


def test_a_column_that_most_have_is_better_than_one_that_few_have() -> None:
    many = [f"p{number}@example.org" for number in range(9)]
    few = ["work@example.org", *[""] * 8]
    assert used(choose({"Work Email": few, "Personal Email": many})) == {1: "EMAIL"}


def test_without_addresses_it_is_refused_with_what_there_is() -> None:
    choice = choose({"User ID": ["1", "2", "3"], "Nickname": NAMES})
    with pytest.raises(UsageError) as caught:
        check_choice(choice, "contacts.csv")
    assert caught.value.message == (
        "contacts.csv: no column is mapped to EMAIL, no column holds e-mail addresses\n"
        "  0  User ID: its values are not those of EMAIL\n"
        "  1  Nickname: its header says that it is something else"
    )
    assert caught.value.remedy == ("mapping", "EMAIL")


@pytest.mark.parametrize(
    ("headers", "cells", "fields"),
    [
        (("Name",), ("Ada Lindqvist",), ("NAME",)),
        (("Vorname", "Name"), ("Ada", "Lindqvist"), ("FIRST_NAME", "LAST_NAME")),
        (("Name", "Surname"), ("Ada", "Lindqvist"), ("FIRST_NAME", "LAST_NAME")),
        (("First Name", "Name"), ("Ada", "Ada Lindqvist"), ("FIRST_NAME", "NAME")),
        (("Name", "Last Name"), ("Ada Lindqvist", "Lindqvist"), ("NAME", "LAST_NAME")),
        (("Name", "First Name", "Last Name"), ("Ada L", "Ada", "L"),
         ("NAME", "FIRST_NAME", "LAST_NAME")),
        (("Nom", "Prénom"), ("Dubois", "Chloé"), ("LAST_NAME", "FIRST_NAME")),
        (("Nombre", "Apellidos"), ("Ada", "Lindqvist"), ("FIRST_NAME", "LAST_NAME")),
        (("이름", "성"), ("Ada", "Lindqvist"), ("FIRST_NAME", "LAST_NAME")),
        (("이름",), ("Ada",), ("NAME",)),
        (("Имя", "Фамилия"), ("Ада", "Л"), ("FIRST_NAME", "LAST_NAME")),
    ],
)  # fmt: skip
def test_a_name_beside_one_part_of_it_is_the_other_part(
    headers: tuple[str, ...], cells: tuple[str, ...], fields: tuple[str, ...]
) -> None:
    table = {"Email": EMAILS} | {
        header: [cell] * 3 for header, cell in zip(headers, cells, strict=True)
    }
    found = used(choose(table))
    assert found == {0: "EMAIL"} | dict(enumerate(fields, start=1))


def test_a_title_is_a_job_or_a_salutation_by_its_values() -> None:
    jobs = choose({"Email": EMAILS, "Title": ["Engineer", "Baker", "Dr."]})
    assert used(jobs) == {0: "EMAIL", 1: "JOB_TITLE"}
    both = choose(
        {"Email": EMAILS, "Title": ["Ms.", "Mr.", "Ms."], "Role": ["Baker", "Cook", "Cook"]}
    )
    assert used(both) == {0: "EMAIL", 2: "JOB_TITLE"}


def test_buyers_are_used_only_for_one_another() -> None:
    table = {"Attendee Email": EMAILS, "Buyer Name": NAMES, "Buyer Phone": ["+46 70 174 06 05"] * 3}
    assert used(choose(table)) == {0: "EMAIL"}
    table = {"Buyer Email": EMAILS, "Buyer Name": NAMES, "Attendee Name": ["X Y", "Z W", "V U"]}
    assert used(choose(table)) == {0: "EMAIL", 1: "NAME"}


def test_a_header_that_is_only_somebody_is_a_name_when_the_values_are_names() -> None:
    people = ["Ada Lindqvist", "Björn Ängström", "Chloé Dubois"]
    assert used(choose({"Email": EMAILS, "Guest": people})) == {0: "EMAIL", 1: "NAME"}
    companies = ["Nordlicht AB", "Blue Ocean Ltd.", "Beta GmbH"]
    assert used(choose({"Email": EMAILS, "Customer": companies})) == {0: "EMAIL"}
    assert used(choose({"Email": EMAILS, "Guest": ["Yes", "No", "Yes"]})) == {0: "EMAIL"}
    with_parts = choose({"Email": EMAILS, "First Name": NAMES, "Customer": people})
    assert used(with_parts) == {0: "EMAIL", 1: "FIRST_NAME"}


def test_the_languages_of_the_headers_are_told() -> None:
    german = choose({"E-Mail": EMAILS, "Vorname": NAMES, "Nachname": NAMES})
    assert german.languages[0] == "de"
    assert choose({"Email": EMAILS, "First Name": NAMES}).languages[0] == "en"


@pytest.mark.parametrize(
    ("titles", "field"),
    [
        (["Geschäftsführerin", "Leiter Einkauf", "Prokurist"], "JOB_TITLE"),
        (["Dr.", "", "Prof. Dr."], None),
        (["Dr. med.", "Dipl.-Ing. (FH)", "M.Sc."], None),
        (["Frau", "Herr", "Herr"], None),
    ],
)
def test_titel_is_what_its_values_are(titles: list[str], field: str | None) -> None:
    choice = choose({"Vorname": NAMES, "Titel": titles, "E-Mail": EMAILS})
    assert used(choice).get(1) == field


def test_what_somebody_is_in_a_meeting_is_no_job() -> None:
    roles = ["Organisator", "Referent", "Teilnehmer"]
    assert used(choose({"Name": NAMES, "E-Mail": EMAILS, "Rolle": roles})) == {
        0: "NAME",
        1: "EMAIL",
    }


def test_several_addresses_in_a_cell_are_those_of_others() -> None:
    guests = ["x@example.org; y@example.org", "", "z@example.org"]
    choice = choose({"Invitee Email": EMAILS, "Guest Email(s)": guests})
    assert (used(choice), choice.undecided, choice.spare) == ({0: "EMAIL"}, [], ())


@pytest.mark.parametrize(
    ("first", "second", "is_spare"),
    [
        ("E-mail 1 - Value", "E-mail 2 - Value", True),
        ("Email", "Private Email", True),
        ("Person - Email - Work", "Person - Email - Home", True),
        ("Attendee Email", "Attendee Email 2", True),
        ("Invitee Email", "Guest Email 2", False),
        ("Email (Attendee)", "Email (Buyer)", False),
        ("Email", "Owner Email", False),
    ],
)
def test_another_column_may_have_the_address_of_the_same_people(
    first: str, second: str, is_spare: bool
) -> None:
    choice = choose({first: EMAILS, second: OTHER_EMAILS})
    assert used(choice) == {0: "EMAIL"}
    assert choice.spare == ((1,) if is_spare else ())


def test_columns_that_are_called_the_same_are_named_by_their_number() -> None:
    choice = choose({"Name": NAMES, "Email#1": EMAILS, "Email#2": OTHER_EMAILS})
    with pytest.raises(UsageError) as caught:
        check_choice(choice, "contacts.csv")
    assert caught.value.remedy == ("column", "1:EMAIL")


def test_the_server_does_not_say_whose_address_it_is() -> None:
    table = {"申込者メール": OTHER_EMAILS, "参加者名": NAMES, "参加者メール": EMAILS}
    choice = choose(table, suggestions={"申込者メール": "EMAIL"})
    [(field, candidates)] = choice.undecided
    assert (field, [column.index for column in candidates]) == ("EMAIL", [0, 2])


@pytest.mark.parametrize(
    ("header", "is_company"),
    [
        ("Please tell us about you: Company", True),
        ("Please tell us about your spouse: Company", False),
        ("Bill to: Company", False),
    ],
)
def test_the_answer_of_a_question_is_what_it_is_called(header: str, is_company: bool) -> None:
    choice = choose({"Email": EMAILS, header: ["Acme", "Äkeson", "Café"]})
    assert (used(choice).get(1) == "COMPANY_NAME") is is_company


@pytest.mark.parametrize(
    "headers",
    [
        ("Contact Email", "Contact Name", "Guest Email", "Guest Name"),
        ("申込者メール", "申込者氏名", "参加者メール", "参加者氏名"),
    ],
)
@pytest.mark.parametrize("address", [0, 2])
def test_a_name_is_that_of_whose_address_it_is(headers: Sequence[str], address: int) -> None:
    names = ["Kim One", "Kim Two", "Kim Three"]
    table = dict(zip(headers, (EMAILS, NAMES, OTHER_EMAILS, names), strict=True))
    for suggested in (headers[1], headers[3]):
        choice = choose(table, {address: "EMAIL"}, suggestions={suggested: "NAME"})
        assert used(choice) == {address: "EMAIL", address + 1: "NAME"}


def convert_people(header: str, *rows: str) -> tuple[dict[int, str], dict[str, str]]:
    sent = convert("\n".join((header, *rows, "")))
    return sent.fields, sent.unused


ADA_ROW, BO_ROW = (
    "ada.lindqvist@example.org,Ada Lindqvist,Acme",
    "bo.ek@example.org,Bo Angstrom,Beta",
)


def test_a_column_without_a_header_is_the_name_that_the_addresses_are_made_of() -> None:
    cid = "cruiz@example.org,Cid Ruiz,Beta"
    fields, unused = convert_people("Email,,Company", ADA_ROW, BO_ROW, cid)
    assert (fields, unused) == ({0: "EMAIL", 1: "NAME", 2: "COMPANY_NAME"}, {})


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        # of a salesman
        ("Email,,Company", ["ada@example.org,Bo Ek,Acme", "cid@example.org,Dee Flod,Beta"]),
        # companies
        ("Email,,Name", ["ada@example.org,Blue Sky,Ada Ek", "cid@example.org,Red Sea,Cid Ruiz"]),
        # there is a name
        ("Email,,First Name", ["ada.ek@example.org,Ada Ek,Ada", "cid@example.org,Cid Ruiz,Cid"]),
        # numbers of rows
        ("Email,,Name", ["ada@example.org,0,Ada Ek", "cid@example.org,1,Cid Ruiz"]),
    ],
)
def test_any_other_column_without_a_header_is_not_used_and_told(
    header: str, rows: list[str]
) -> None:
    fields, unused = convert_people(header, *rows)
    assert 1 not in fields
    assert unused[""] == "it has no name"


def test_numbers_of_rows_before_the_only_named_column_are_left_out() -> None:
    fields, unused = convert_people(",Email", "0,ada@example.org", "1,bo@example.org")
    assert (fields, unused) == ({1: "EMAIL"}, {"": "it has no name"})


ORDERS = "Order code,Email,Phone,Attendee name,Attendee email"


@pytest.mark.parametrize(
    ("header", "rows", "fields"),
    [
        # nobody has said who the attendees are
        (ORDERS, ["A,pay@example.org,+49 30 123456,Ada Ek,", "B,q@example.org,+49 30 1234567,Cy,"],
         {1: "EMAIL", 2: "PHONE"}),
        # some have
        (ORDERS, ["A,pay@example.org,+49 30 123456,Ada Ek,ada@example.org", "B,q@example.org,,Cy,"],
         {1: "EMAIL", 2: "PHONE"}),
        # one has booked for two
        ("Email,Attendee name", ["pay@example.org,Ada Ek", "pay@example.org,Cy Do"], {0: "EMAIL"}),
        ("Email,Attendee name", ["a@example.org,Ada Ek", "b@example.org,Cy Do"],
         {0: "EMAIL", 1: "NAME"}),
        # those of one company share an address
        ("Name,Email,Company Email",
         ["Ada,ada@example.org,info@example.net", "Bo,,info@example.net", "Cy,,info@example.net"],
         {0: "NAME", 1: "EMAIL"}),
        # the same addresses twice
        ("Email,Name,Attendee email", ["a@example.org,Ada Ek,a@example.org"],
         {1: "NAME", 2: "EMAIL"}),
    ],
)  # fmt: skip
def test_nobody_gets_the_name_of_whom_the_address_is_not(
    header: str, rows: list[str], fields: dict[int, str]
) -> None:
    assert convert_people(header, *rows)[0] == fields


def test_addresses_alone_come_before_addresses_in_names() -> None:
    header = "Mail,Mail long"
    fields, _ = convert_people(header, "a@example.org,Ada <a@example.org>")
    assert fields == {0: "EMAIL"}


@pytest.mark.parametrize(
    ("header", "row", "address"),
    [
        ("Contact 1 Name,Contact 1 Email,Contact 2 Name,Contact 2 Email", "Ada,,Bo,bo@b.org", ""),
        ("Name 1,Email 1,Name 2,Email 2", "Ada,,Bo,bo@b.org", ""),
        ("Name,Email,Replacement Name,Replacement Email", "Ada,,Bo,bo@b.org", ""),
        ("Name,Email,Team,Company Email", "Ada,,A,info@b.org", ""),
        ("Name,Email,Phone,Email 2", "Ada,,,bo@b.org", "bo@b.org"),
        ("FullName,Mail,Phone,UserPrincipalName", "Ada,,,ada@b.org", "ada@b.org"),
    ],
)
def test_nobody_gets_the_address_of_another_name(header: str, row: str, address: str) -> None:
    other = row.rpartition(",")[2].replace("@", "2@" if row.count("info") == 0 else "@")
    known = row.replace(",,", ",ada@a.org,", 1).rpartition(",")[0]
    sent = convert(f"{header}\n{known},{other}\n{row}\n")
    assert sent.column("EMAIL") == ["ada@a.org", address]


def test_of_attendees_and_others_it_is_asked_where_most_have_both() -> None:
    rows = [f"p{n}@a.org,q{n}@a.org" for n in range(7)] + [f"p{n}@a.org," for n in range(7, 10)]
    with pytest.raises(UsageError, match="which column is EMAIL"):
        convert_people("Email,Attendee Email", *rows)
    assert convert_people("Email,Attendee Email", *rows[:7])[0] == {1: "EMAIL"}
    assert convert_people("Email,Attendee Email", *rows[:2], *rows[7:])[0] == {0: "EMAIL"}


@pytest.mark.parametrize(
    ("header", "name", "is_used"),
    [
        ("Name", "Ada Lindqvist", True),
        ("Display name", "Ada!", True),
        ("Full name", "\uc544\ub2e4", True),
        ("Billing Name", "Ada M. Lindqvist", True),
        ("Shipping Name", "Bo Ek", False),
        ("Name", "Summer Party", False),
    ],
)
def test_a_whole_name_is_not_another_one_than_its_parts(
    header: str, name: str, is_used: bool
) -> None:
    fields, unused = convert_people(
        f"Billing First Name,Billing Last Name,Billing Email,{header}",
        f"Ada,Lindqvist,ada@example.org,{name}",
    )
    assert ("NAME" in fields.values()) is is_used
    assert is_used or unused[header] == "its values are other names than the first and last"


@pytest.mark.parametrize(
    ("whole", "other"),
    [("성함", "영문이름"), ("姓名", "英文名"), ("display_name", "user_nicename")],
)
def test_a_second_name_is_neither_the_name_nor_a_part_of_it(whole: str, other: str) -> None:
    names = ["Ada Lovelace", "Björn Ek", "Chloé Roy"]
    others = ["Zoe Young", "Yan Xu", "Xara Wu"]
    assert used(choose({whole: names, other: others, "E-mail": EMAILS})) == {0: "NAME", 2: "EMAIL"}


def test_the_name_of_a_firm_is_not_that_of_a_person() -> None:
    firms, people = ["Zwei AG", "Eins GmbH", "Drei & Co. KG"], ["Jo Li", "Al Oz", "Cy Ek"]
    choice = choose({"Name 1": firms, "Name 2": people, "Email": EMAILS})
    assert used(choice) == {1: "NAME", 2: "EMAIL"}
    assert reasons(choice) == {0: "its values are not those of NAME"}
