"""How people look in tables."""

from __future__ import annotations

from typing import Any

from talkvalue_cli.api.pages import Load
from talkvalue_cli.commands.options.paging import Paging, print_list
from talkvalue_cli.context import AppContext
from talkvalue_cli.output.columns import (
    Column,
    Field,
    Layout,
    Record,
    list_items,
    make_field,
    make_section,
)
from talkvalue_cli.output.formats import read_time


def _company_name(company: Any) -> Any:
    """Return the name of a person's company, None without one."""
    return company.get("displayName") if isinstance(company, dict) else None


_ID, _NAME = Column("ID", "id"), Column("Name", "name", can_shrink=True)
_JOB_TITLE = Column("Job Title", "jobTitle", can_shrink=True, can_go=1)
_JOINED = Column("Joined At", "joinedAt", is_time=True, can_go=2)

PEOPLE_COLUMNS = (
    _ID,
    _NAME,
    Column("Primary Email", "primaryEmail", can_shrink=True),
    Column("Company", "companyName", can_shrink=True),
    _JOB_TITLE,
    _JOINED,
    Column("Created At", "createdAt", is_time=True, can_go=3),
)


def print_people(context: AppContext, load: Load, paging: Paging, *, empty: str) -> None:
    """Print a list of people, with `companyName` as scripts of the existing CLI expect it."""

    def adapt(person: Record) -> Record:
        return {**person, "companyName": _company_name(person.get("company"))}

    print_list(context, load, paging, PEOPLE_COLUMNS, adapt=adapt, empty=empty)


CHANNEL_PEOPLE_COLUMNS = (
    _ID,
    _NAME,
    Column("Email", "primaryEmail", can_shrink=True),
    Column("Phone", "primaryPhone"),
    Column("Company", "company", format=lambda it: _company_name(it) or "", can_shrink=True),
    _JOB_TITLE,
    _JOINED,
)


def with_actor_name(entry: Record) -> Record:
    """Return an entry of the activity with `actorName`, as scripts expect it."""
    actor = entry.get("actor")
    return {**entry, "actorName": actor.get("name") if isinstance(actor, dict) else None}


ACTIVITY_COLUMNS = (
    _ID,
    Column("Action", "action"),
    Column("Actor", "actorName", can_shrink=True),
    Column("Created At", "createdAt", is_time=True),
)


def _emails(record: Record) -> str:
    """Return all e-mail addresses, the primary one first."""
    found = [record.get("primaryEmail"), *list_items(record, "emails")]
    texts = [email.get("email") for email in found if isinstance(email, dict)]
    return ", ".join(dict.fromkeys(str(text) for text in texts if text))


def _phones(record: Record) -> str:
    found = [record.get("primaryPhone"), *list_items(record, "phones")]
    return ", ".join(dict.fromkeys(str(phone) for phone in found if phone))


def _time(header: str, key: str) -> Column:
    return Column(header, key, is_time=True, can_go=1)


PERSON_LAYOUT = Layout(
    (
        make_field("ID", "id"),
        make_field("Name", "name"),
        Field("Email", _emails),
        Field("Phone", _phones),
        Field("Company", lambda record: _company_name(record.get("company"))),
        make_field("Job title", "jobTitle"),
        make_field("Address", "address"),
        make_field("Picture", "avatarUrl"),
        make_field("LinkedIn", "linkedInUrl"),
        make_field("X", "xUrl"),
        make_field("Created", "createdAt", read_time),
    ),
    (
        make_section("Channels", "channels", _ID, _NAME, _time("Joined At", "joinedAt")),
        make_section(
            "Events",
            "events",
            *(_ID, _NAME, _time("Start At", "startAt")),
            *(Column("Location", "location", can_shrink=True), _time("Joined At", "joinedAt")),
        ),
        make_section(
            "Merged into this person (`merge-undo ID` undoes it)",
            "mergeOperations",
            _ID,
            Column("Name", "sourcePersonName", can_shrink=True),
            Column("Email", "sourcePrimaryEmail", can_shrink=True),
            _time("Merged At", "mergedAt"),
        ),
    ),
)
