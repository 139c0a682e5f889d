"""Schemas of what the server answers."""

from __future__ import annotations

from ..imports.bodies import MODES
from ..imports.suggestions import TARGET_FIELDS
from .types import (
    BOOLEAN,
    COUNT,
    ID,
    INTEGER,
    RATE,
    TEXT,
    TIME,
    Schema,
    body,
    choice,
    listed,
    nullable,
    page_of,
    record,
    ref,
)

TARGET_FIELD = choice(*TARGET_FIELDS)
IMPORT_STATUS = choice("PENDING", "RUNNING", "PARTIAL_SUCCESS", "COMPLETED", "FAILED")
IMPORT_MODE = choice(*MODES)
CHANGE_ACTION = choice(
    "CREATED",
    "UPDATED",
    "DELETED",
    "RESTORED",
    "MERGED",
    "UNMERGED",
    "SOURCE_CONNECTED",
    "SOURCE_DISCONNECTED",
)
# nullable text
MAYBE = nullable(TEXT)
MAYBE_TIME = nullable(TIME)

ANSWERS: dict[str, Schema] = {
    "Problem": body(
        {"type": TEXT, "title": TEXT, "status": INTEGER, "detail": TEXT},
        {
            "errorCode": INTEGER,
            "messageKey": TEXT,
            "errors": listed(record(field=TEXT, message=TEXT)),
        },
    ),
    "TargetField": TARGET_FIELD,
    "ImportStatus": IMPORT_STATUS,
    "ImportMode": IMPORT_MODE,
    "Organization": record(id=TEXT, name=TEXT),
    "OrganizationList": record(data=listed(ref("Organization"))),
    "AccountOverview": record(teamMemberCount=COUNT, memberFirstName=MAYBE),
    "Suggestion": record(field=ref("TargetField"), confidence=RATE),
    "ColumnSuggestion": body(
        {
            "csvIndex": COUNT,
            "csvHeader": TEXT,
            "confidence": nullable(RATE),
            "suggestions": listed(ref("Suggestion")),
        },
        {"suggestedField": nullable(ref("TargetField"))},
    ),
    "Analysis": record(
        fileKey=TEXT,
        totalRows=COUNT,
        headers=listed(TEXT),
        preview=listed(listed(TEXT)),
        columnMappings=listed(ref("ColumnSuggestion")),
        missingRequired=listed(ref("TargetField")),
    ),
    "FailedRow": record(rowNum=COUNT, errorCode=MAYBE, errorMessage=MAYBE, rawValue=MAYBE),
    "ImportJob": record(
        id=ID,
        status=ref("ImportStatus"),
        mode=ref("ImportMode"),
        fileName=TEXT,
        totalRows=COUNT,
        processedRows=COUNT,
        newCount=COUNT,
        updatedCount=COUNT,
        duplicatedCount=COUNT,
        skipCount=COUNT,
        failedCount=COUNT,
        failedRows=listed(ref("FailedRow")),
        processStartedAt=MAYBE_TIME,
        completedAt=MAYBE_TIME,
    ),
    "ImportJobPage": page_of("ImportJob"),
    "CreatedImport": record(importJobId=ID, status=ref("ImportStatus")),
    "Tag": record(id=ID, name=TEXT),
    "Channel": record(
        id=ID,
        name=TEXT,
        icon=MAYBE,
        color=MAYBE,
        peopleCount=COUNT,
        tags=listed(ref("Tag")),
        createdAt=TIME,
    ),
    "Event": record(
        id=ID,
        name=TEXT,
        timeZone=TEXT,
        startAt=TIME,
        endAt=MAYBE_TIME,
        location=MAYBE,
        peopleCount=COUNT,
        tags=listed(ref("Tag")),
        createdAt=TIME,
    ),
    "Company": record(id=ID, domain=TEXT, displayName=TEXT, peopleCount=COUNT),
    "CompanyPage": page_of("Company"),
    "PersonCompany": record(id=nullable(ID), domain=MAYBE, displayName=TEXT, nameUpdatable=BOOLEAN),
    "Person": record(
        id=ID,
        name=TEXT,
        primaryEmail=TEXT,
        primaryPhone=MAYBE,
        company=nullable(ref("PersonCompany")),
        jobTitle=MAYBE,
        channels=listed(record(id=ID, name=TEXT, icon=MAYBE, joinedAt=MAYBE_TIME)),
        events=listed(record(id=ID, name=TEXT, joinedAt=MAYBE_TIME)),
        joinedAt=MAYBE_TIME,
        createdAt=TIME,
    ),
    "PersonPage": page_of("Person"),
    "Email": record(email=TEXT, type=choice("WORK", "PERSONAL", "OTHER"), domain=MAYBE),
    "MergeOperation": record(id=ID, sourcePersonName=TEXT, sourcePrimaryEmail=TEXT, mergedAt=TIME),
    "PersonDetail": record(
        id=ID,
        name=TEXT,
        firstName=MAYBE,
        lastName=MAYBE,
        primaryEmail=ref("Email"),
        emails=listed(ref("Email")),
        primaryPhone=MAYBE,
        phones=listed(TEXT),
        company=nullable(ref("PersonCompany")),
        jobTitle=MAYBE,
        address=MAYBE,
        avatarUrl=MAYBE,
        linkedInUrl=MAYBE,
        xUrl=MAYBE,
        channels=listed(record(id=ID, name=TEXT, icon=MAYBE, color=MAYBE, joinedAt=MAYBE_TIME)),
        events=listed(record(id=ID, name=TEXT, startAt=TIME, location=MAYBE, joinedAt=MAYBE_TIME)),
        mergeOperations=listed(ref("MergeOperation")),
        createdAt=TIME,
    ),
    "ActivityEntry": record(
        id=ID,
        action=CHANGE_ACTION,
        actor=record(id=ID, name=TEXT, email=TEXT),
        changes=nullable(listed(record(field=TEXT, before=MAYBE, after=MAYBE))),
        source=nullable(
            record(id=ID, type=choice("CHANNEL", "EVENT"), name=TEXT, icon=MAYBE, color=MAYBE)
        ),
        mergedFrom=nullable(record(personId=ID, name=TEXT, primaryEmail=TEXT)),
        createdAt=TIME,
    ),
    "Activity": record(
        content=listed(ref("ActivityEntry")), nextCursor=nullable(ID), hasNext=BOOLEAN
    ),
    "CreatedIntegrationImport": record(jobId=ID),
    "IntegrationImportJob": record(
        id=ID,
        status=ref("ImportStatus"),
        mode=ref("ImportMode"),
        totalCount=nullable(COUNT),
        processedCount=COUNT,
        newCount=COUNT,
        updatedCount=COUNT,
        duplicatedCount=COUNT,
        skipCount=COUNT,
        failedCount=COUNT,
        startedAt=MAYBE_TIME,
        completedAt=MAYBE_TIME,
    ),
    "ExternalEvent": record(externalId=TEXT, name=TEXT),
}
