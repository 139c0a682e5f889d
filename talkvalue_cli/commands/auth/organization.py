"""Which organization a sign-in is for: named, the only one, or picked by the user."""

from __future__ import annotations

from collections.abc import Sequence

from talkvalue_cli.api.models import Organization
from talkvalue_cli.commands.options import confirm
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import UsageError


def choose_organization(
    context: AppContext, found: Sequence[Organization], wanted: str | None, remedy: str
) -> Organization:
    """Return the organization that is wanted, the only one, or the one that the user picks.

    remedy: how to name one, for the message. Raises UsageError.
    """
    if not found:
        raise UsageError("this account belongs to no organization")
    if wanted is not None:
        organization = _find_organization(found, wanted)
        if organization is None:
            names = ", ".join(map(_label, found))
            raise UsageError(f"there is no organization {wanted!r}", hint=f"there are {names}")
        return organization
    if len(found) == 1:
        return found[0]
    if not confirm.can_ask(context):
        names = "\n".join(f"  {_label(each)}" for each in found)
        raise UsageError(
            f"there are {len(found)} organizations, and without a terminal one has to be named:\n"
            f"{names}",
            hint=f"{remedy} names it",
        )
    items = [(each, _label(each)) for each in found]
    return confirm.choose(
        context, "Which organization?", items, lambda text: _find_organization(found, text)
    )


def _find_organization(found: Sequence[Organization], wanted: str) -> Organization | None:
    """Return the organization with this id, else the one with this name in any case."""
    named = [each for each in found if each["id"] == wanted] or [
        each for each in found if each["name"].casefold() == wanted.strip().casefold()
    ]
    if len(named) > 1:
        raise UsageError(
            f"{len(named)} organizations are called {wanted!r}",
            hint=f"take the id: {', '.join(map(_label, named))}",
        )
    return named[0] if named else None


def _label(organization: Organization) -> str:
    return f"{organization['name']} ({organization['id']})"
