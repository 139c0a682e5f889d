"""The keys of files: by which two runs know that they import the same."""

from __future__ import annotations

from contextlib import suppress

from talkvalue_cli.api import account
from talkvalue_cli.errors import ForbiddenError, NotFoundError
from talkvalue_cli.imports.file import decision, mapping
from talkvalue_cli.imports.file.checked import CheckedFile
from talkvalue_cli.imports.submitting.journal import Key, normalize_api_url
from talkvalue_cli.imports.submitting.run_context import RunContext


class KeyMaker:
    """Makes the keys of a run's files; a shared journal's have the organization in them."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self._organization: str | None = None

    def make_key(self, file: CheckedFile) -> Key:
        """Return what a file is known by.

        Raises TalkValueError when the server is asked for an organization, and does not answer.
        """
        options, checked = self._run.options, file.checked
        rules = mapping.resolve_rules(checked.header, decision.said_of(file, options).rules)
        key = Key(
            self._run.client.base_url,
            self._run.client.organization,
            checked.source_sha256,
            options.source_id,
            options.mode,
            tuple(sorted((rule.column, rule.field) for rule in rules)),
            decision.list_said(file, options),
        )
        return self._share(file, key) if self._run.journal.is_shared else key

    def _share(self, file: CheckedFile, key: Key) -> Key:
        """Return a key as all machines have it, however each of them has signed in.

        The organization is asked for once. It stays unknown to a token that may
        not ask, or whose user belongs to several.
        """
        if self._organization is None:
            # only what was found out: a server that did not answer is asked for the next file
            self._organization = key.organization or self._ask_organization(file)
        url = normalize_api_url(key.api_url)
        return key._replace(api_url=url, organization=self._organization)

    def _ask_organization(self, file: CheckedFile) -> str:
        """Return the id of the one organization that the token is of, else nothing."""
        with suppress(ForbiddenError, NotFoundError):
            found = self._run.send_patiently(
                file,
                lambda: account.list_organizations(self._run.client),
                lambda error: error.is_transient,
            )
            if len(found) == 1:
                return found[0]["id"]
        return ""
