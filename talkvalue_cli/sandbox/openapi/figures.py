"""Schemas of overview and analysis (sections 13 and 14)."""

from __future__ import annotations

from .types import (
    COUNT,
    ID,
    NUMBER,
    RATE,
    TEXT,
    TIME,
    Schema,
    choice,
    listed,
    nullable,
    record,
    ref,
)

MAYBE = nullable(TEXT)
DELTA = nullable(ref("Delta"))

FIGURES: dict[str, Schema] = {
    "Delta": record(value=NUMBER, trend=choice("UP", "DOWN", "FLAT")),
    "Overview": record(
        eventCount=COUNT,
        peopleCount=COUNT,
        channelCount=COUNT,
        newPeopleThisMonth=COUNT,
        totalCompanies=COUNT,
        diversification=record(
            totalUniquePersons=COUNT,
            channels=listed(record(id=ID, name=TEXT, personCount=COUNT, icon=MAYBE, color=MAYBE)),
            companies=listed(record(id=ID, name=TEXT, domain=TEXT, peopleCount=COUNT)),
        ),
        growth=record(
            uniqueAudience=COUNT,
            latestTotal=COUNT,
            latestNetNewRate=RATE,
            totalDelta=DELTA,
            netNewRateDelta=DELTA,
        ),
        retention=record(
            returnRate=nullable(RATE), returnRateDelta=DELTA, avgEventsPerPerson=NUMBER
        ),
    ),
    "OverviewStats": record(
        totalPeople=COUNT,
        newPeopleThisMonth=COUNT,
        totalChannels=COUNT,
        totalEvents=COUNT,
        totalCompanies=COUNT,
        topChannels=listed(record(channelId=ID, channelName=TEXT, personCount=COUNT)),
        latestTrend=listed(record(eventId=ID, eventName=TEXT, startAt=TIME, personCount=COUNT)),
    ),
    "Attribution": record(
        channel=record(id=ID, name=TEXT, icon=MAYBE, color=MAYBE),
        events=listed(
            record(
                id=ID,
                name=TEXT,
                startAt=TIME,
                total=COUNT,
                joinedSinceLastEvent=COUNT,
                alreadyInChannel=COUNT,
                acquisitionRate=RATE,
            )
        ),
        metrics=record(channelSize=COUNT, membersEverRegistered=COUNT, eventParticipationRate=RATE),
    ),
    "Overlap": record(
        channels=listed(record(id=ID, name=TEXT, icon=MAYBE, color=MAYBE, personCount=COUNT)),
        intersections=listed(record(channelIds=listed(ID), count=COUNT)),
        metrics=record(
            totalUniquePersons=COUNT, personsInMultipleChannels=COUNT, multiChannelRate=RATE
        ),
    ),
    "Trend": record(
        events=listed(
            record(
                id=ID,
                name=TEXT,
                startAt=TIME,
                total=COUNT,
                netNew=COUNT,
                returning=COUNT,
                netNewRate=RATE,
                returningRate=RATE,
            )
        ),
        summary=record(
            uniqueAudience=COUNT,
            latestTotal=COUNT,
            latestNetNewRate=RATE,
            returnRate=nullable(RATE),
            latestName=MAYBE,
            totalDelta=DELTA,
            netNewRateDelta=DELTA,
            returnRateDelta=DELTA,
        ),
    ),
    "Insights": record(
        limitedData=nullable(record(reliableCount=COUNT)),
        audienceMix=nullable(
            record(
                trend=choice("EXPANSION_LED", "RETENTION_HEAVY"),
                weightedNetNewRate=RATE,
                eventCount=COUNT,
            )
        ),
        reachMomentum=nullable(
            record(
                trend=choice("GROWING", "DECLINING"),
                deltaPp=NUMBER,
                eventCount=COUNT,
                slopePerEvent=nullable(NUMBER),
            )
        ),
        standout=nullable(
            record(
                eventName=TEXT, netNewRate=RATE, netNew=COUNT, medianRate=RATE, medianNetNew=NUMBER
            )
        ),
        acquisitionDrop=nullable(record(dropPp=NUMBER, priorRate=RATE, latestRate=RATE)),
        concentrationRisk=nullable(
            record(eventName=TEXT, share=RATE, netNew=COUNT, totalNetNew=COUNT)
        ),
    ),
}
