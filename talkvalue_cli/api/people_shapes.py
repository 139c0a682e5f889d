"""What travels on the wire about people, keys spelled as the server spells them.

As in `shapes`, every shape may hold more keys than are named here.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypedDict


class PersonCompany(TypedDict, total=False):
    """The company of a person."""

    id: int | None
    domain: str | None
    displayName: str
    nameUpdatable: bool


class Person(TypedDict, total=False):
    """An item of the lists of people."""

    id: int
    name: str
    primaryEmail: str
    primaryPhone: str | None
    company: PersonCompany | None
    jobTitle: str | None
    channels: list[dict[str, Any]]
    events: list[dict[str, Any]]
    joinedAt: str | None
    createdAt: str


class Email(TypedDict, total=False):
    """An address of a person; the type is WORK, PERSONAL or OTHER."""

    email: str
    type: str
    domain: str | None


class MergeOperation(TypedDict, total=False):
    """A merge that the person was the target of."""

    id: int
    sourcePersonName: str
    sourcePrimaryEmail: str
    mergedAt: str


class PersonDetail(TypedDict, total=False):
    """`GET /path/person/{id}`; `primaryEmail` is an object here, and text in lists."""

    id: int
    name: str
    firstName: str | None
    lastName: str | None
    primaryEmail: Email
    emails: list[Email]
    primaryPhone: str | None
    phones: list[str]
    company: PersonCompany | None
    jobTitle: str | None
    address: str | None
    avatarUrl: str | None
    linkedInUrl: str | None
    xUrl: str | None
    channels: list[dict[str, Any]]
    events: list[dict[str, Any]]
    mergeOperations: list[MergeOperation]
    createdAt: str


class NewPerson(TypedDict, total=False):
    """Body of adding a person; `email` and `phones` are required."""

    email: str
    phones: list[str]
    firstName: str
    lastName: str
    jobTitle: str
    address: str
    avatarUrl: str
    linkedInUrl: str
    xUrl: str
    companyName: str
    joinedAt: str


class PersonChanges(TypedDict, total=False):
    """Body of changing a person; what is absent stays, null clears."""

    firstName: str | None
    lastName: str | None
    primaryEmail: str | None
    emails: list[str]
    primaryPhone: str | None
    phones: list[str]
    jobTitle: str | None
    address: str | None
    avatarUrl: str | None
    linkedInUrl: str | None
    xUrl: str | None
    companyName: str | None
    companyId: int | None
    removeCompany: bool


class Activity(NamedTuple):
    """A part of what happened to a person; the next one begins at `next_cursor`."""

    entries: list[Any]
    next_cursor: int | None
    has_next: bool
