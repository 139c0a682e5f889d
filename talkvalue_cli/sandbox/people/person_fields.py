"""Reading what requests say about a person: NewPerson and UpdatePerson (section 9)."""

from __future__ import annotations

from dataclasses import dataclass

from ..web import timestamps
from ..web.fields import Fields, read_json_object
from . import fields as rules

# wire name -> column and longest value
DETAILS = {
    "firstName": ("first_name", 100),
    "lastName": ("last_name", 100),
    "jobTitle": ("job_title", 200),
    "address": ("address", 500),
    "avatarUrl": ("avatar_url", 2048),
    "linkedInUrl": ("linkedin_url", 2048),
    "xUrl": ("x_url", 2048),
    "companyName": ("company_name", 200),
}
ADDRESSES = ("avatarUrl", "linkedInUrl", "xUrl")
MAX_LIST = 50
MAX_PHONE = 50
MAX_TIME = 100


@dataclass(frozen=True)
class NewPerson:
    """A person to be added to a channel or event; joined_at: ISO 8601 UTC, None for now."""

    email: str
    phones: list[str]
    details: dict[str, str | None]
    joined_at: str | None


@dataclass(frozen=True)
class Changes:
    """What a PATCH says. given: the names of its fields; what is not among them stays.

    details: column -> new value, of those that are given. The others are null or empty where
    they are to be cleared, and where they are not given.
    """

    given: frozenset[str]
    details: dict[str, str | None]
    primary_email: str | None
    emails: list[str]
    primary_phone: str | None
    phones: list[str]
    company_id: int | None


class PersonFields(Fields):
    """Reads the kinds of fields that only people have."""

    def take_details(self) -> dict[str, str | None]:
        """Return column -> value of the plain fields that are there; blank means null."""
        found: dict[str, str | None] = {}
        for name, (column, longest) in DETAILS.items():
            if name not in self:
                continue
            text = (self.take_optional_text(name, longest) or "").strip()
            if text and name in ADDRESSES and not rules.is_web_address(text):
                self.refuse(name, "must be an http or https URL")
            found[column] = text or None
        return found

    def take_email(self, name: str) -> str:
        """Return a required address in its usual form."""
        text = self.take_text(name, rules.MAX_LENGTHS["EMAIL"]).strip()
        return self._check_email(name, text) if text else ""

    def _check_email(self, name: str, text: str) -> str:
        email = rules.normalize_email(text)
        if email is None:
            self.refuse(name, "is not a valid e-mail address")
        return email or ""

    def take_texts(self, name: str, longest: int, *, required: bool) -> list[str] | None:
        """Return a list of strings without what is blank or repeated; None when absent."""
        value = self._take(name, required)
        if value is None:
            return None
        if not isinstance(value, list):
            self.refuse(name, "must be a list")
            return []
        if len(value) > MAX_LIST:
            self.refuse(name, f"has more than {MAX_LIST} items")
            return []
        texts = [
            self._check_text(f"{name}[{index}]", item, longest) for index, item in enumerate(value)
        ]
        return list(dict.fromkeys(text.strip() for text in texts if text and text.strip()))

    def take_emails(self, name: str) -> list[str]:
        """Return a list of addresses; absent and null are empty."""
        texts = self.take_texts(name, rules.MAX_LENGTHS["EMAIL"], required=False) or []
        emails = [self._check_email(f"{name}[{index}]", text) for index, text in enumerate(texts)]
        return list({email.lower(): email for email in emails}.values())

    def take_flag(self, name: str) -> bool:
        """Return a boolean; absent and null are false."""
        value = self._take(name, required=False)
        if value is not None and not isinstance(value, bool):
            self.refuse(name, "must be true or false")
        return value is True


def read_new_person() -> NewPerson:
    """Return the NewPerson in the body of this request; raises the 400."""
    fields = PersonFields(read_json_object())
    email = fields.take_email("email")
    phones = fields.take_texts("phones", MAX_PHONE, required=True)
    joined_text = fields.take_optional_text("joinedAt", MAX_TIME)
    joined_at = None if joined_text is None else timestamps.parse_iso(joined_text)
    if joined_text is not None and joined_at is None:
        fields.refuse("joinedAt", "must be a date or time in ISO 8601")
    details = fields.take_details()
    fields.finish()
    return NewPerson(email, phones or [], details, joined_at)


def read_changes() -> Changes:
    """Return the UpdatePerson in the body of this request; raises the 400.

    A null clears, but there is always a primary address.
    """
    body = read_json_object()
    fields = PersonFields(body)
    primary_email = fields.take_email("primaryEmail") if "primaryEmail" in body else None
    emails = fields.take_emails("emails")
    primary_phone = (fields.take_optional_text("primaryPhone", MAX_PHONE) or "").strip()
    phones = fields.take_texts("phones", MAX_PHONE, required=False)
    company_id = fields.take_optional_id("companyId")
    details = fields.take_details()
    given = set(body)
    if fields.take_flag("removeCompany"):
        if company_id is not None or details.get("company_name") is not None:
            fields.refuse("removeCompany", "cannot be combined with companyId and companyName")
        given.add("companyId")
        details["company_name"] = None
    fields.finish()
    return Changes(
        frozenset(given),
        details,
        primary_email,
        emails or [],
        primary_phone or None,
        phones or [],
        company_id,
    )
