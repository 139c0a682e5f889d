"""The operations of the API, a module per resource, and the pages for signing in."""

from __future__ import annotations

from .account import ACCOUNT
from .analytics import ANALYTICS
from .companies import COMPANIES
from .imports import IMPORTS
from .integrations import INTEGRATIONS
from .people import PEOPLE
from .sources import CHANNELS, EVENTS
from .tags import TAGS

#: in the order of the description
OPERATIONS = [
    *ACCOUNT, *IMPORTS, *CHANNELS, *PEOPLE, *EVENTS, *COMPANIES, *TAGS, *ANALYTICS, *INTEGRATIONS,
]  # fmt: skip
