"""TalkValue, a hosted contact platform, from the command line and from Python.

from talkvalue_cli import connect, imports

result = imports.run(connect(), "contacts.csv", source_id=1, mode="SKIP")
"""

from __future__ import annotations

# next to nothing: until the command has loaded this, Ctrl-C is a traceback
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from talkvalue_cli import imports as imports
    from talkvalue_cli.transport.client import Client

__version__ = "2.0.0.dev0"


def connect(
    *,
    token: str | None = None,
    api_url: str | None = None,
    profile: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> Client:
    """Return access to a TalkValue server.

    What is not given is found as the command line finds it: in the environment
    (TALKVALUE_TOKEN, TALKVALUE_API_URL, TALKVALUE_PROFILE), then in the config
    file and the sessions that `talkvalue auth login` stores. Nothing is sent.

    environ: in place of the process's environment.
    Raises AuthError when there is no token, UsageError for arguments that
    cannot be used, TalkValueError for a config file that cannot be read.
    """
    import importlib
    import os
    from collections.abc import Mapping

    # by name: whatever names its version imports this package, and is below the context
    context_module = importlib.import_module("talkvalue_cli.context")
    settings = importlib.import_module("talkvalue_cli.config.settings")
    errors = importlib.import_module("talkvalue_cli.errors")
    for name, value in (("token", token), ("api_url", api_url), ("profile", profile)):
        if value is not None and not isinstance(value, str):
            # not the value: it may be a secret
            raise errors.UsageError(f"{name} must be a text, not {type(value).__name__}")
    if environ is not None and not isinstance(environ, Mapping):
        raise errors.UsageError(f"environ must be a mapping, not {type(environ).__name__}")
    found = dict(os.environ if environ is None else environ)
    if token is not None:
        found["TALKVALUE_TOKEN"] = settings.check_token(token, "token")
    if api_url is not None:
        api_url = settings.check_api_url(api_url, "api_url")
    context = context_module.AppContext([], found)
    context.flags.api_url, context.flags.profile = api_url, profile
    context.program, context.flags.api_url_name = "talkvalue", "api_url"
    client: Client = context.client
    return client


def __getattr__(name: str) -> Any:
    """Load the engine when it is first used (PEP 562)."""
    if name == "imports":
        import importlib

        return importlib.import_module("talkvalue_cli.imports")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return ["__version__", "connect", "imports"]
