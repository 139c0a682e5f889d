"""The endpoints as a table (section 4)."""

from __future__ import annotations

import re
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

BODIES: dict[str, type[Body]] = {
    body.__name__: body
    for body in (
        *(CreateImport, CreateIntegrationImport, AttachTag, ChannelBody, CompanyBody),
        *(EventBody, NewPerson, TagBody, UpdatePerson),
    )
}
PEOPLE = (
    *("keyword", "channelId", "eventId", "companyId", "companyName", "jobTitle"),
    *("pageNumber", "pageSize", "sort"),
)
# METHOD PATH NAME ANSWER, the statuses of errors beside 400 and 401, which everything can have,
# ?PARAMETERS, <BODY and | SUMMARY. `?people` are those of PEOPLE that are not in the path.
TABLE = """
GET /auth/organization listOrganizations OrganizationList | The organizations of the token's user
GET /auth/overview showAccount AccountOverview | The token's user
GET /path/import listImports ImportJobPage ?pageNumber,pageSize | Import jobs, newest first
POST /path/import createImport CreatedImport 404 <CreateImport | Queue an import job
POST /path/import/analyze analyzeImport Analysis <MULTIPART | Upload a file and look at it
GET /path/import/{id} showImport ImportJob 404 | One import job
GET /path/import/{id}/failed/export exportFailedRows CSV 404
  | The failed rows of a job that has ended
GET /path/channel listChannels Channel[] | All channels
POST /path/channel createChannel Channel 409 <ChannelBody | Add a channel
PUT /path/channel/{id} replaceChannel Channel 404 409 <ChannelBody | Replace name, icon and color
DELETE /path/channel/{id} deleteChannel - 404 | Delete a channel and its memberships
GET /path/channel/{channelId}/person listChannelPeople PersonPage 404 ?people
  | The people of a channel
POST /path/channel/{channelId}/person addChannelPerson PersonDetail 404 <NewPerson
  | Add a person by e-mail address
GET /path/channel/{channelId}/person/export exportChannelPeople CSV 404 | The people of a channel
GET /path/person listPeople PersonPage ?people | All people
GET /path/person/export exportPeople CSV | All people
GET /path/person/{id} showPerson PersonDetail 404 | One person
PATCH /path/person/{id} updatePerson PersonDetail 404 409 <UpdatePerson
  | Change a person; null clears
DELETE /path/person/{id} deletePerson - 404 | Delete a person
POST /path/person/{sourceId}/merge/{targetId} mergePeople PersonDetail 404
  | Make the source part of the target
POST /path/person/merge/{mergeOperationId}/undo undoMerge - 404 409 | Restore the source of a merge
GET /path/person/{personId}/activity listActivity Activity 404 ?cursor,pageSize
  | What happened to a person, newest first
GET /path/event listEvents Event[] | All events
POST /path/event createEvent Event 409 <EventBody | Add an event
PUT /path/event/{id} replaceEvent Event 404 409 <EventBody | Replace an event
DELETE /path/event/{id} deleteEvent - 404 | Delete an event and its registrations
GET /path/event/{eventId}/person listEventPeople PersonPage 404 ?people | The people of an event
POST /path/event/{eventId}/person addEventPerson PersonDetail 404 <NewPerson
  | Add a person by e-mail address
GET /path/event/{eventId}/person/export exportEventPeople CSV 404 | The people of an event
GET /path/company listCompanies CompanyPage ?keyword,pageNumber,pageSize
  | Companies that have people
GET /path/company/{id} showCompany Company 404 | One company
PUT /path/company/{id} renameCompany Company 404 <CompanyBody | Rename a company
GET /path/company/{companyId}/person listCompanyPeople PersonPage 404 ?people
  | The people of a company
GET /path/company/{companyId}/person/export exportCompanyPeople CSV 404 | The people of a company
GET /path/tag listTags Tag[] ?name | Tags whose names contain a text
POST /path/tag createTag Tag <TagBody | Add a tag
PUT /path/tag/{id} renameTag Tag 404 409 <TagBody | Rename a tag
DELETE /path/tag/{id} deleteTag - 404 | Delete a tag everywhere
POST /path/tag/source/{sourceId} attachTag Tag 404 <AttachTag
  | Attach a tag to a channel or event; by name it is made if missing
DELETE /path/tag/{tagId}/source/{sourceId} detachTag - 404 | Detach a tag from a channel or event
GET /path/overview showOverview Overview 404 ?timeZone,tagId | All figures
GET /path/overview/stats showStats OverviewStats ?timeZone | The main figures
GET /path/analysis/channel/{channelId}/attribution showAttribution Attribution 404 ?eventIds,tagId
  | What a channel brought to events
GET /path/analysis/channel/audience showAudience Overlap 404 ?channelIds | How channels overlap
GET /path/analysis/event/insights showInsights Insights 404 ?tagId | What stands out among events
GET /path/analysis/event/registration-trend showTrend Trend 404 ?tagId
  | New and returning people of events
POST /path/integration/{integrationId}/import createIntegrationImport CreatedIntegrationImport 404
  <CreateIntegrationImport | Import the guests of an external event
GET /path/integration/{integrationId}/import/candidates listIntegrationCandidates ExternalEvent[]
  404 | External events
GET /path/integration/{integrationId}/import/{jobId} showIntegrationImport IntegrationImportJob 404
  | One integration import
"""


class Operation(NamedTuple):
    """One endpoint; answer: as in `types.record`, CSV, or - for no body."""

    method: str
    path: str
    name: str
    answer: str
    errors: tuple[int, ...]
    query: tuple[str, ...]
    body: str | None
    summary: str


def _read_line(line: str) -> Operation:
    facts, summary = line.split(" | ")
    method, path, name, answer, *more = facts.split()
    errors = tuple(int(each) for each in more if each.isdecimal())
    query = next((tuple(each[1:].split(",")) for each in more if each[0] == "?"), ())
    if query == ("people",):
        query = tuple(each for each in PEOPLE if f"{{{each}}}" not in path)
    body = next((each[1:] for each in more if each[0] == "<"), None)
    return Operation(method, path, name, answer, errors, query, body, summary)


OPERATIONS = [_read_line(re.sub(r"\s+", " ", line)) for line in re.split(r"\n(?! )", TABLE.strip())]
