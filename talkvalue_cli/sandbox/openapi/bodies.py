"""Schemas of what requests bring."""

from __future__ import annotations

from .types import BOOLEAN, ID, Schema, body, limit_name, limit_text, listed, nullable, ref

EMAIL: Schema = {"type": "string", "format": "email", "maxLength": 254}
URL: Schema = {"type": "string", "format": "uri", "maxLength": 2048}
PHONES = listed(limit_text(50), maxItems=50)
# ISO 8601, with or without an offset
MOMENT: Schema = {
    "type": "string",
    "maxLength": 100,
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?)?$",
    "examples": ["2026-05-14T17:00:00Z", "2026-05-14T19:00"],
}
DETAILS: dict[str, Schema] = {
    "firstName": nullable(limit_text(100)),
    "lastName": nullable(limit_text(100)),
    "jobTitle": nullable(limit_text(200)),
    "address": nullable(limit_text(500)),
    "avatarUrl": nullable(URL),
    "linkedInUrl": nullable(URL),
    "xUrl": nullable(URL),
    "companyName": nullable(limit_text(200)),
}

BODIES: dict[str, Schema] = {
    "ColumnMapping": body(
        {
            "csvIndex": {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
            "targetField": ref("TargetField"),
        },
        {},
    ),
    "CreateImport": body(
        {
            "fileKey": limit_name(400),
            "sourceId": ID,
            "columnMappings": listed(ref("ColumnMapping"), minItems=1),
            "mode": ref("ImportMode"),
        },
        {},
    ),
    "ChannelBody": body(
        {"name": limit_name(200)},
        {"icon": nullable(limit_text(100)), "color": nullable(limit_text(100))},
    ),
    "EventBody": body(
        {
            "name": limit_name(200),
            "timeZone": {
                **limit_name(200),
                "description": "An IANA name",
                "examples": ["Europe/Berlin", "UTC"],
            },
            "startAt": MOMENT,
        },
        {"endAt": nullable(MOMENT), "location": nullable(limit_text(200))},
    ),
    "NewPerson": body(
        {"email": EMAIL, "phones": PHONES}, {**DETAILS, "joinedAt": nullable(MOMENT)}
    ),
    "UpdatePerson": body(
        {},
        {
            **DETAILS,
            "primaryEmail": EMAIL,
            "emails": nullable(listed(EMAIL, maxItems=50)),
            "primaryPhone": nullable(limit_text(50)),
            "phones": nullable(PHONES),
            "companyId": nullable(ID),
            "removeCompany": nullable(BOOLEAN),
        },
    ),
    "CompanyBody": body({"displayName": limit_name(200)}, {}),
    "TagBody": body({"name": limit_name(100)}, {}),
    "AttachTag": {
        "oneOf": [
            body({"tagId": ID}, {"name": {"type": "null"}}),
            body({"name": limit_name(100)}, {"tagId": {"type": "null"}}),
        ]
    },
    "CreateIntegrationImport": body(
        {"externalEventId": limit_name(100), "mode": ref("ImportMode")}, {}
    ),
}
