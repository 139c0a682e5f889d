"""Signing out: the secrets go first, and a profile only after them."""

from __future__ import annotations

from collections.abc import Collection

from talkvalue_cli.config import edit
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import TalkValueError


def sign_out(context: AppContext, names: Collection[str], *, with_strays: bool = False) -> None:
    """Remove the tokens of profiles, and forget those of which none are left.

    with_strays: also remove what the file has of profiles that nobody knows any more.
    Raises TalkValueError when something could not be removed; the rest is gone then.
    """
    store, gone = context.token_store, set()
    failures: dict[str, TalkValueError] = {}
    with store.lock():
        for name in names:
            try:
                store.delete(name)
            except TalkValueError as error:
                failures[name] = error
            else:
                gone.add(name)
        if with_strays:
            store.delete_from_file()
        if gone:
            edit.forget_profiles(context.config_file.path, gone)
    if failures:
        kept = ", ".join(sorted(failures))
        first = next(iter(failures.values()))
        raise first.evolve(
            message=f"{first.message}; still logged in, with tokens that may be left: {kept}",
            details={"loggedOut": False, "profiles": sorted(failures)},
        )
