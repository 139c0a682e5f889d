"""The groups below `talkvalue path`: a module each, found by its name, with its `group`.

A name that Python keeps for itself has an underscore behind it: `import_`.
"""

from __future__ import annotations

#: what the groups are for, as the help of each begins: the list of all commands has it from here,
#: for to import them takes longer than everything else that it does
SUMMARIES = {
    "analysis": "Compare channels and events.",
    "channel": "Work with channels, the lists of people that imports go to.",
    "company": "Work with companies, made of the domains of e-mail addresses.",
    "event": "Work with events and their people.",
    "import": "Load contacts from a CSV file, and wait for the result.",
    "overview": "Show figures of people, channels, events and companies.",
    "person": "Work with people, whatever channel or event they belong to.",
    "tag": "Work with tags, which channels and events are marked with.",
}
