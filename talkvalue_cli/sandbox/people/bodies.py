"""What requests bring about people, and about what they belong to (sections 6 and 9 to 12)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import UNSET, Meta, UnsetType, field
from msgspec.structs import asdict

from ..web import timestamps
from ..web.bodies import Body, Id, text
from . import fields

MOMENT_SCHEMA = {
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?)?$",
    "examples": ["2026-05-14T17:00:00Z", "2026-05-14T19:00"],
}
ZONE_SCHEMA = {"description": "An IANA name", "examples": ["Europe/Berlin", "UTC"]}


def _read_zone(name: str) -> str:
    if timestamps.find_zone(name) is None:
        raise ValueError("must be an IANA time zone such as Europe/Berlin")
    return name


def _read_moment(value: str) -> str:
    moment = timestamps.parse_iso(value)
    if moment is None:
        raise ValueError("must be a date or time in ISO 8601")
    return moment


def _check_moment(value: str) -> str:
    _read_moment(value)
    return value


def _read_detail(value: str) -> str | None:
    return value.strip() or None


def _read_address(value: str) -> str | None:
    if value.strip() and not fields.is_web_address(value.strip()):
        raise ValueError("must be an http or https URL")
    return value.strip() or None


def _read_email(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be blank")
    email = fields.normalize_email(value.strip())
    if email is None:
        raise ValueError("is not a valid e-mail address")
    return email


def _read_more_email(value: str) -> str:
    return _read_email(value) if value.strip() else ""


def _drop_repeated(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(each.strip() for each in texts if each.strip()))


def _drop_repeated_emails(texts: list[str]) -> list[str]:
    return list({each.lower(): each for each in texts if each}.values())


EMAIL_SCHEMA = {"format": "email"}

Name = Annotated[str, text(200, str.strip, is_filled=True)]
TagName = Annotated[str, text(100, str.strip, is_filled=True)]
Label = Annotated[str, text(100)]
Place = Annotated[str, text(200)]
Zone = Annotated[str, text(200, _read_zone, is_filled=True, schema=ZONE_SCHEMA)]
Moment = Annotated[str, text(100, _read_moment, schema=MOMENT_SCHEMA)]
# its time zone is still to be known
LocalMoment = Annotated[str, text(100, _check_moment, schema=MOMENT_SCHEMA)]
LocalStart = Annotated[str, text(100, _check_moment, is_filled=True, schema=MOMENT_SCHEMA)]
Email = Annotated[str, text(254, _read_email, schema=EMAIL_SCHEMA)]
MoreEmail = Annotated[str, text(254, _read_more_email, schema=EMAIL_SCHEMA)]
Emails = Annotated[list[MoreEmail], Meta(max_length=50, extra={"read": _drop_repeated_emails})]
Phone = Annotated[str, text(50)]
Phones = Annotated[list[Phone], Meta(max_length=50, extra={"read": _drop_repeated})]
PrimaryPhone = Annotated[str, text(50, _read_detail)]
Detail100 = Annotated[str, text(100, _read_detail)]
Detail200 = Annotated[str, text(200, _read_detail)]
Detail500 = Annotated[str, text(500, _read_detail)]
Url = Annotated[str, text(2048, _read_address, schema={"format": "uri"})]


class ChannelBody(Body):
    """A channel to be made, or to take the place of another."""

    name: Name
    icon: Label | None = None
    color: Label | None = None

    @property
    def columns(self) -> dict[str, str | None]:
        """Column -> value."""
        return asdict(self)


class EventBody(Body):
    """An event to be made, or to take the place of another.

    A time without an offset is local to the event's time zone.
    """

    name: Name
    time_zone: Zone
    start_at: LocalStart
    end_at: LocalMoment | None = None
    location: Place | None = None

    def _to_utc(self, moment: str | None) -> str | None:
        return None if moment is None else timestamps.parse_iso(moment, ZoneInfo(self.time_zone))

    def find_errors(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the times in their zone."""
        start_at, end_at = self._to_utc(self.start_at), self._to_utc(self.end_at)
        if start_at is None:
            yield "startAt", "must be a date or time in ISO 8601"
        elif self.end_at is not None and end_at is None:
            yield "endAt", "must be a date or time in ISO 8601"
        elif end_at is not None and end_at < start_at:
            yield "endAt", "must not be before startAt"

    @property
    def columns(self) -> dict[str, str | None]:
        """Column -> value; times are ISO 8601 UTC."""
        times = {"start_at": self._to_utc(self.start_at), "end_at": self._to_utc(self.end_at)}
        return {**asdict(self), **times}


class CompanyBody(Body):
    """A new name for a company."""

    display_name: Name


class TagBody(Body):
    """A tag to be made, or its new name."""

    name: TagName


class AttachTag(Body):
    """A tag to be attached, by its id or else by its name."""

    tag_id: Id | None = None
    name: TagName | None = None

    def find_errors(self) -> Iterator[tuple[str, str]]:
        """Yield the error of a body with neither."""
        if self.tag_id is None and self.name is None:
            yield "tagId", "give tagId or name"


class Details(Body):
    """The plain fields of a person, named as their columns."""

    first_name: Detail100 | UnsetType | None = UNSET
    last_name: Detail100 | UnsetType | None = UNSET
    job_title: Detail200 | UnsetType | None = UNSET
    address: Detail500 | UnsetType | None = UNSET
    avatar_url: Url | UnsetType | None = UNSET
    linkedin_url: Url | UnsetType | None = field(default=UNSET, name="linkedInUrl")
    x_url: Url | UnsetType | None = UNSET
    company_name: Detail200 | UnsetType | None = UNSET

    @property
    def details(self) -> dict[str, str | None]:
        """Column -> value of the plain fields that are given."""
        given = {name: getattr(self, name) for name in Details.__struct_fields__}
        return {name: value for name, value in given.items() if value is not UNSET}


class NewPerson(Details, kw_only=True):
    """A person to be added to a channel or event."""

    email: Email
    phones: Phones
    joined_at: Moment | None = None


class UpdatePerson(Details, kw_only=True):
    """What is to change; UNSET stays, and null clears. There is always a primary address."""

    primary_email: Email | UnsetType = UNSET
    emails: Emails | UnsetType | None = UNSET
    primary_phone: PrimaryPhone | UnsetType | None = UNSET
    phones: Phones | UnsetType | None = UNSET
    company_id: Id | UnsetType | None = UNSET
    remove_company: bool | None = None

    def find_errors(self) -> Iterator[tuple[str, str]]:
        """Yield the error of a company that is removed and named."""
        if self.remove_company and (self.company_id or self.details.get("company_name")):
            yield "removeCompany", "cannot be combined with companyId and companyName"
