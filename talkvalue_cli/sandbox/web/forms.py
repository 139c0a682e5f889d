"""Strict reading of forms (application/x-www-form-urlencoded)."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import parse_qsl

from flask import request

CONTENT_TYPE = "application/x-www-form-urlencoded"
MAX_BYTES = 16 * 1024
MAX_FIELDS = 20


class FormError(ValueError):
    """A body that is not the form it should be; the message says why."""


def read_form() -> dict[str, str]:
    """Return the fields of the body, each of which stands there once; raises FormError."""
    if request.mimetype != CONTENT_TYPE:
        raise FormError(f"The content type must be {CONTENT_TYPE}.")
    body = request.stream.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise FormError(f"The body is larger than {MAX_BYTES} bytes.")
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=MAX_FIELDS,
        )
    except ValueError:
        raise FormError("The body is not a form.") from None
    form = dict(pairs)
    if len(form) < len(pairs):
        raise FormError("A field is given more than once.")
    return form


def check_fields(form: Collection[str], required: Collection[str]) -> None:
    """Raise FormError unless a form has exactly the required fields."""
    for name in required:
        if name not in form:
            raise FormError(f"{name} is required.")
    for name in form:
        if name not in required:
            raise FormError(f"{name}: unknown field.")
