"""Schemas of what the server answers."""

from __future__ import annotations

from ..imports.bodies import MODES
from ..imports.suggestions import TARGET_FIELDS
from .types import Schema, choice, page_of, record

IMPORT_STATUS = choice("PENDING", "RUNNING", "PARTIAL_SUCCESS", "COMPLETED", "FAILED")
CHANGE_ACTION = choice(
    "CREATED", "UPDATED", "DELETED", "RESTORED", "MERGED", "UNMERGED",
    "SOURCE_CONNECTED", "SOURCE_DISCONNECTED",
)  # fmt: skip
MARKED = "id:id name:text icon:text? color:text?"
COUNTS = "newCount:count updatedCount:count duplicatedCount:count skipCount:count failedCount:count"

ANSWERS: dict[str, Schema] = {
    "Problem": record(
        "type:text title:text status:int detail:text",
        "errorCode:int messageKey:text errors[]",
        errors=record("field:text message:text"),
    ),
    "TargetField": choice(*TARGET_FIELDS),
    "ImportStatus": IMPORT_STATUS,
    "ImportMode": choice(*MODES),
    "Organization": record("id:text name:text"),
    "OrganizationList": record("data:Organization[]"),
    "AccountOverview": record("teamMemberCount:count memberFirstName:text?"),
    "Suggestion": record("field:TargetField confidence:rate"),
    "ColumnSuggestion": record(
        "csvIndex:count csvHeader:text confidence:rate? suggestions:Suggestion[]",
        "suggestedField:TargetField?",
    ),
    "Analysis": record(
        "fileKey:text totalRows:count headers:text[] preview:text[][]"
        " columnMappings:ColumnSuggestion[] missingRequired:TargetField[]"
    ),
    "FailedRow": record("rowNum:count errorCode:text? errorMessage:text? rawValue:text?"),
    "ImportJob": record(
        "id:id status:ImportStatus mode:ImportMode fileName:text totalRows:count"
        f" processedRows:count {COUNTS} failedRows:FailedRow[]"
        " processStartedAt:time? completedAt:time?"
    ),
    "ImportJobPage": page_of("ImportJob"),
    "CreatedImport": record("importJobId:id status:ImportStatus"),
    "Tag": record("id:id name:text"),
    "Channel": record(
        "id:id name:text icon:text? color:text? peopleCount:count tags:Tag[] createdAt:time"
    ),
    "Event": record(
        "id:id name:text timeZone:text startAt:time endAt:time? location:text?"
        " peopleCount:count tags:Tag[] createdAt:time"
    ),
    "Company": record("id:id domain:text displayName:text? peopleCount:count"),
    "CompanyPage": page_of("Company"),
    "PersonCompany": record("id:id? domain:text? displayName:text? nameUpdatable:bool"),
    "Person": record(
        "id:id name:text primaryEmail:text primaryPhone:text? company:PersonCompany? jobTitle:text?"
        " channels[] events[] joinedAt:time? createdAt:time",
        channels=record("id:id name:text icon:text? joinedAt:time?"),
        events=record("id:id name:text joinedAt:time?"),
    ),
    "PersonPage": page_of("Person"),
    "Email": record("email:text type domain:text?", type=choice("WORK", "PERSONAL", "OTHER")),
    "MergeOperation": record("id:id sourcePersonName:text sourcePrimaryEmail:text mergedAt:time"),
    "PersonDetail": record(
        "id:id name:text firstName:text? lastName:text? primaryEmail:Email emails:Email[]"
        " primaryPhone:text? phones:text[] company:PersonCompany? jobTitle:text? address:text?"
        " avatarUrl:text? linkedInUrl:text? xUrl:text? channels[] events[]"
        " mergeOperations:MergeOperation[] createdAt:time",
        channels=record("id:id name:text icon:text? color:text? joinedAt:time?"),
        events=record("id:id name:text startAt:time location:text? joinedAt:time?"),
    ),
    "ActivityEntry": record(
        "id:id action actor changes[]? source? mergedFrom? createdAt:time",
        action=CHANGE_ACTION,
        actor=record("id:id name:text email:text"),
        changes=record("field:text before:text? after:text?"),
        source=record(
            "id:id type name:text icon:text? color:text?", type=choice("CHANNEL", "EVENT")
        ),
        mergedFrom=record("personId:id name:text primaryEmail:text"),
    ),
    "Activity": record("content:ActivityEntry[] nextCursor:id? hasNext:bool"),
    "CreatedIntegrationImport": record("jobId:id"),
    "IntegrationImportJob": record(
        "id:id status:ImportStatus mode:ImportMode totalCount:count? processedCount:count"
        f" {COUNTS} startedAt:time? completedAt:time?"
    ),
    "ExternalEvent": record("externalId:text name:text"),
    "Delta": record("value:number trend", trend=choice("UP", "DOWN", "FLAT")),
    "Overview": record(
        "eventCount:count peopleCount:count channelCount:count newPeopleThisMonth:count"
        " totalCompanies:count diversification growth retention",
        diversification=record(
            "totalUniquePersons:count channels[] companies[]",
            channels=record("id:id name:text personCount:count icon:text? color:text?"),
            companies=record("id:id name:text domain:text peopleCount:count"),
        ),
        growth=record(
            "uniqueAudience:count latestTotal:count latestNetNewRate:rate"
            " totalDelta:Delta? netNewRateDelta:Delta?"
        ),
        retention=record("returnRate:rate? returnRateDelta:Delta? avgEventsPerPerson:number"),
    ),
    "OverviewStats": record(
        "totalPeople:count newPeopleThisMonth:count totalChannels:count totalEvents:count"
        " totalCompanies:count topChannels[] latestTrend[]",
        topChannels=record("channelId:id channelName:text personCount:count"),
        latestTrend=record("eventId:id eventName:text startAt:time personCount:count"),
    ),
    "Attribution": record(
        "channel events[] metrics",
        channel=record(MARKED),
        events=record(
            "id:id name:text startAt:time total:count joinedSinceLastEvent:count"
            " alreadyInChannel:count acquisitionRate:rate"
        ),
        metrics=record("channelSize:count membersEverRegistered:count eventParticipationRate:rate"),
    ),
    "Overlap": record(
        "channels[] intersections[] metrics",
        channels=record(f"{MARKED} personCount:count"),
        intersections=record("channelIds:id[] count:count"),
        metrics=record(
            "totalUniquePersons:count personsInMultipleChannels:count multiChannelRate:rate"
        ),
    ),
    "Trend": record(
        "events[] summary",
        events=record(
            "id:id name:text startAt:time total:count netNew:count returning:count"
            " netNewRate:rate returningRate:rate"
        ),
        summary=record(
            "uniqueAudience:count latestTotal:count latestNetNewRate:rate returnRate:rate?"
            " latestName:text? totalDelta:Delta? netNewRateDelta:Delta? returnRateDelta:Delta?"
        ),
    ),
    "Insights": record(
        "limitedData? audienceMix? reachMomentum? standout? acquisitionDrop? concentrationRisk?",
        limitedData=record("reliableCount:count"),
        audienceMix=record(
            "trend weightedNetNewRate:rate eventCount:count",
            trend=choice("EXPANSION_LED", "RETENTION_HEAVY"),
        ),
        reachMomentum=record(
            "trend deltaPp:number eventCount:count slopePerEvent:number?",
            trend=choice("GROWING", "DECLINING"),
        ),
        standout=record(
            "eventName:text netNewRate:rate netNew:count medianRate:rate medianNetNew:number"
        ),
        acquisitionDrop=record("dropPp:number priorRate:rate latestRate:rate"),
        concentrationRisk=record("eventName:text share:rate netNew:count totalNetNew:count"),
    ),
}
