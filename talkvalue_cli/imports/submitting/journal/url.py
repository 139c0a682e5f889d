"""URLs of shared journals, whose passwords are never shown, and of servers, for their keys."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote, urlsplit

from talkvalue_cli.errors import UsageError

VARIABLE = "TALKVALUE_JOURNAL"
_SCHEMES = ("postgresql", "postgres")
_SECRET_PARAMETERS = ("password", "sslpassword", "oauth_client_secret")
_DEFAULT_PORTS = {"http": 80, "https": 443}
#: what is shorter would be a part of ordinary words
SHORTEST_SECRET = 6
_EXAMPLE = "write it like postgresql://user@host/database"


class JournalUrl:
    """Where a shared journal is, as libpq takes it (its manual, Connection URIs).

    shown: the same without password and parameters, for messages.
    Raises UsageError, which does not repeat the text, for anything else.
    """

    def __init__(self, text: str, source: str = "the journal's URL") -> None:
        scheme, _, rest = text.partition("://")
        if scheme not in _SCHEMES or not text.isprintable() or " " in text:
            problem = "is not a URL of PostgreSQL" if text else "is empty"
            raise UsageError(f"{source} {problem}", hint=_EXAMPLE)
        self.text = text
        # by hand: several hosts, and none, are allowed, and a password may hold anything
        place, _, query = rest.partition("?")
        user, at, hosts = place.rpartition("@")
        self.shown = f"{scheme}://{user.partition(':')[0]}{at}{hosts}"
        found = [unquote(user.partition(":")[2]), user.partition(":")[2]]
        found += [value for name, value in parse_qsl(query) if name in _SECRET_PARAMETERS]
        #: what no output may hold, the longest first
        self.secrets = sorted({text, *filter(None, found)}, key=len, reverse=True)
        if self.shown == text:
            self.secrets = []

    def redact(self, text: str) -> str:
        """Return a text of others without the secrets."""
        for secret in self.secrets:
            if len(secret) >= SHORTEST_SECRET:
                text = text.replace(secret, "***")
        return text

    def __repr__(self) -> str:
        return f"JournalUrl({self.shown!r})"


def find_url(given: str | None, environ: Mapping[str, str]) -> JournalUrl | None:
    """Return where the shared journal is, None for the one of this machine.

    given: takes precedence over TALKVALUE_JOURNAL. An empty text is refused: a
    secret that was not filled in must not send everybody to journals of their own.
    """
    if given is not None:
        return JournalUrl(given)
    text = environ.get(VARIABLE)
    return None if text is None else JournalUrl(text, VARIABLE)


def normalize_api_url(url: str) -> str:
    """Return a server's URL as all machines write it: no default port, no slash at its end."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    if parts.port not in (None, _DEFAULT_PORTS.get(parts.scheme)):
        host = f"{host}:{parts.port}"
    return parts._replace(netloc=host).geturl().rstrip("/")
