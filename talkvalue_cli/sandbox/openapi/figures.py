"""Schemas of overview and analysis (sections 13 and 14)."""

from __future__ import annotations

from .types import Schema, choice, listed, nullable, record

MARKED = "id:id name:text icon:text? color:text?"

FIGURES: dict[str, Schema] = {
    "Delta": record("value:number trend", trend=choice("UP", "DOWN", "FLAT")),
    "Overview": record(
        "eventCount:count peopleCount:count channelCount:count newPeopleThisMonth:count"
        " totalCompanies:count diversification growth retention",
        diversification=record(
            "totalUniquePersons:count channels companies",
            channels=listed(record("id:id name:text personCount:count icon:text? color:text?")),
            companies=listed(record("id:id name:text domain:text peopleCount:count")),
        ),
        growth=record(
            "uniqueAudience:count latestTotal:count latestNetNewRate:rate"
            " totalDelta:Delta? netNewRateDelta:Delta?"
        ),
        retention=record("returnRate:rate? returnRateDelta:Delta? avgEventsPerPerson:number"),
    ),
    "OverviewStats": record(
        "totalPeople:count newPeopleThisMonth:count totalChannels:count totalEvents:count"
        " totalCompanies:count topChannels latestTrend",
        topChannels=listed(record("channelId:id channelName:text personCount:count")),
        latestTrend=listed(record("eventId:id eventName:text startAt:time personCount:count")),
    ),
    "Attribution": record(
        "channel events metrics",
        channel=record(MARKED),
        events=listed(
            record(
                "id:id name:text startAt:time total:count joinedSinceLastEvent:count"
                " alreadyInChannel:count acquisitionRate:rate"
            )
        ),
        metrics=record("channelSize:count membersEverRegistered:count eventParticipationRate:rate"),
    ),
    "Overlap": record(
        "channels intersections metrics",
        channels=listed(record(f"{MARKED} personCount:count")),
        intersections=listed(record("channelIds:id[] count:count")),
        metrics=record(
            "totalUniquePersons:count personsInMultipleChannels:count multiChannelRate:rate"
        ),
    ),
    "Trend": record(
        "events summary",
        events=listed(
            record(
                "id:id name:text startAt:time total:count netNew:count returning:count"
                " netNewRate:rate returningRate:rate"
            )
        ),
        summary=record(
            "uniqueAudience:count latestTotal:count latestNetNewRate:rate returnRate:rate?"
            " latestName:text? totalDelta:Delta? netNewRateDelta:Delta? returnRateDelta:Delta?"
        ),
    ),
    "Insights": record(
        "limitedData audienceMix reachMomentum standout acquisitionDrop concentrationRisk",
        limitedData=nullable(record("reliableCount:count")),
        audienceMix=nullable(
            record(
                "trend weightedNetNewRate:rate eventCount:count",
                trend=choice("EXPANSION_LED", "RETENTION_HEAVY"),
            )
        ),
        reachMomentum=nullable(
            record(
                "trend deltaPp:number eventCount:count slopePerEvent:number?",
                trend=choice("GROWING", "DECLINING"),
            )
        ),
        standout=nullable(
            record(
                "eventName:text netNewRate:rate netNew:count medianRate:rate medianNetNew:number"
            )
        ),
        acquisitionDrop=nullable(record("dropPp:number priorRate:rate latestRate:rate")),
        concentrationRisk=nullable(
            record("eventName:text share:rate netNew:count totalNetNew:count")
        ),
    ),
}
