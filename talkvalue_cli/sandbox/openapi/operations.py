"""The endpoints as a table (section 4)."""

from __future__ import annotations

from typing import NamedTuple

from ..imports.bodies import CreateImport, CreateIntegrationImport
from ..people.bodies import (
    AttachTag,
    ChannelBody,
    CompanyBody,
    EventBody,
    NewPerson,
    TagBody,
    UpdatePerson,
)
from ..web.bodies import Body
from .types import Schema, listed, ref

CSV = "CSV"
MULTIPART = "MULTIPART"
FILTERS = ("keyword", "channelId", "eventId", "companyId", "companyName", "jobTitle")
PAGING = ("pageNumber", "pageSize")
PEOPLE = (*FILTERS, *PAGING, "sort")


class Operation(NamedTuple):
    """One endpoint.

    answer: a schema, CSV, or None for no body. body: its class, or MULTIPART. errors: the
    statuses beside 400 and 401, which everything can have.
    """

    method: str
    path: str
    name: str
    summary: str
    answer: Schema | str | None
    query: tuple[str, ...] = ()
    body: type[Body] | str | None = None
    errors: tuple[int, ...] = ()


def _without(name: str) -> tuple[str, ...]:
    return tuple(each for each in PEOPLE if each != name)


# fmt: off
OPERATIONS = (
    Operation("GET", "/auth/organization", "listOrganizations",
              "The organizations of the token's user", ref("OrganizationList")),
    Operation("GET", "/auth/overview", "showAccount", "The token's user", ref("AccountOverview")),

    Operation("GET", "/path/import", "listImports", "Import jobs, newest first",
              ref("ImportJobPage"), query=PAGING),
    Operation("POST", "/path/import", "createImport", "Queue an import job",
              ref("CreatedImport"), body=CreateImport, errors=(404,)),
    Operation("POST", "/path/import/analyze", "analyzeImport", "Upload a file and look at it",
              ref("Analysis"), body=MULTIPART),
    Operation("GET", "/path/import/{id}", "showImport", "One import job",
              ref("ImportJob"), errors=(404,)),
    Operation("GET", "/path/import/{id}/failed/export", "exportFailedRows",
              "The failed rows of a job that has ended", CSV, errors=(404,)),

    Operation("GET", "/path/channel", "listChannels", "All channels", listed(ref("Channel"))),
    Operation("POST", "/path/channel", "createChannel", "Add a channel",
              ref("Channel"), body=ChannelBody, errors=(409,)),
    Operation("PUT", "/path/channel/{id}", "replaceChannel", "Replace name, icon and color",
              ref("Channel"), body=ChannelBody, errors=(404, 409)),
    Operation("DELETE", "/path/channel/{id}", "deleteChannel",
              "Delete a channel and its memberships", None, errors=(404,)),
    Operation("GET", "/path/channel/{channelId}/person", "listChannelPeople",
              "The people of a channel", ref("PersonPage"),
              query=_without("channelId"), errors=(404,)),
    Operation("POST", "/path/channel/{channelId}/person", "addChannelPerson",
              "Add a person by e-mail address", ref("PersonDetail"),
              body=NewPerson, errors=(404,)),
    Operation("GET", "/path/channel/{channelId}/person/export", "exportChannelPeople",
              "The people of a channel", CSV, errors=(404,)),

    Operation("GET", "/path/person", "listPeople", "All people", ref("PersonPage"), query=PEOPLE),
    Operation("GET", "/path/person/export", "exportPeople", "All people", CSV),
    Operation("GET", "/path/person/{id}", "showPerson", "One person",
              ref("PersonDetail"), errors=(404,)),
    Operation("PATCH", "/path/person/{id}", "updatePerson", "Change a person; null clears",
              ref("PersonDetail"), body=UpdatePerson, errors=(404, 409)),
    Operation("DELETE", "/path/person/{id}", "deletePerson", "Delete a person",
              None, errors=(404,)),
    Operation("POST", "/path/person/{sourceId}/merge/{targetId}", "mergePeople",
              "Make the source part of the target", ref("PersonDetail"), errors=(404,)),
    Operation("POST", "/path/person/merge/{mergeOperationId}/undo", "undoMerge",
              "Restore the source of a merge", None, errors=(404, 409)),
    Operation("GET", "/path/person/{personId}/activity", "listActivity",
              "What happened to a person, newest first", ref("Activity"),
              query=("cursor", "pageSize"), errors=(404,)),

    Operation("GET", "/path/event", "listEvents", "All events", listed(ref("Event"))),
    Operation("POST", "/path/event", "createEvent", "Add an event",
              ref("Event"), body=EventBody, errors=(409,)),
    Operation("PUT", "/path/event/{id}", "replaceEvent", "Replace an event",
              ref("Event"), body=EventBody, errors=(404, 409)),
    Operation("DELETE", "/path/event/{id}", "deleteEvent",
              "Delete an event and its registrations", None, errors=(404,)),
    Operation("GET", "/path/event/{eventId}/person", "listEventPeople", "The people of an event",
              ref("PersonPage"), query=_without("eventId"), errors=(404,)),
    Operation("POST", "/path/event/{eventId}/person", "addEventPerson",
              "Add a person by e-mail address", ref("PersonDetail"),
              body=NewPerson, errors=(404,)),
    Operation("GET", "/path/event/{eventId}/person/export", "exportEventPeople",
              "The people of an event", CSV, errors=(404,)),

    Operation("GET", "/path/company", "listCompanies", "Companies that have people",
              ref("CompanyPage"), query=("keyword", *PAGING)),
    Operation("GET", "/path/company/{id}", "showCompany", "One company",
              ref("Company"), errors=(404,)),
    Operation("PUT", "/path/company/{id}", "renameCompany", "Rename a company",
              ref("Company"), body=CompanyBody, errors=(404,)),
    Operation("GET", "/path/company/{companyId}/person", "listCompanyPeople",
              "The people of a company", ref("PersonPage"),
              query=_without("companyId"), errors=(404,)),
    Operation("GET", "/path/company/{companyId}/person/export", "exportCompanyPeople",
              "The people of a company", CSV, errors=(404,)),

    Operation("GET", "/path/tag", "listTags", "Tags whose names contain a text",
              listed(ref("Tag")), query=("name",)),
    Operation("POST", "/path/tag", "createTag", "Add a tag", ref("Tag"), body=TagBody),
    Operation("PUT", "/path/tag/{id}", "renameTag", "Rename a tag",
              ref("Tag"), body=TagBody, errors=(404, 409)),
    Operation("DELETE", "/path/tag/{id}", "deleteTag", "Delete a tag everywhere",
              None, errors=(404,)),
    Operation("POST", "/path/tag/source/{sourceId}", "attachTag",
              "Attach a tag to a channel or event; by name it is made if missing",
              ref("Tag"), body=AttachTag, errors=(404,)),
    Operation("DELETE", "/path/tag/{tagId}/source/{sourceId}", "detachTag",
              "Detach a tag from a channel or event", None, errors=(404,)),

    Operation("GET", "/path/overview", "showOverview", "All figures",
              ref("Overview"), query=("timeZone", "tagId"), errors=(404,)),
    Operation("GET", "/path/overview/stats", "showStats", "The main figures",
              ref("OverviewStats"), query=("timeZone",)),
    Operation("GET", "/path/analysis/channel/{channelId}/attribution", "showAttribution",
              "What a channel brought to events", ref("Attribution"),
              query=("eventIds", "tagId"), errors=(404,)),
    Operation("GET", "/path/analysis/channel/audience", "showAudience",
              "How channels overlap", ref("Overlap"), query=("channelIds",), errors=(404,)),
    Operation("GET", "/path/analysis/event/insights", "showInsights",
              "What stands out among events", ref("Insights"), query=("tagId",), errors=(404,)),
    Operation("GET", "/path/analysis/event/registration-trend", "showTrend",
              "New and returning people of events", ref("Trend"),
              query=("tagId",), errors=(404,)),

    Operation("POST", "/path/integration/{integrationId}/import", "createIntegrationImport",
              "Import the guests of an external event", ref("CreatedIntegrationImport"),
              body=CreateIntegrationImport, errors=(404,)),
    Operation("GET", "/path/integration/{integrationId}/import/candidates",
              "listIntegrationCandidates", "External events",
              listed(ref("ExternalEvent")), errors=(404,)),
    Operation("GET", "/path/integration/{integrationId}/import/{jobId}", "showIntegrationImport",
              "One integration import", ref("IntegrationImportJob"), errors=(404,)),
)
