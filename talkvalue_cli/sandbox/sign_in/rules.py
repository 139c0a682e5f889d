"""What the options of the server say about signing in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SignInRules:
    """How long things last, in whole seconds, and who approves.

    token_life_s: an access token. device_life_s: a device code and its user code.
    device_interval_s: the pause between polls; 0 allows any pace.
    auto_approve: each device code counts as approved from its start.
    """

    token_life_s: int = 300
    device_life_s: int = 600
    device_interval_s: int = 5
    auto_approve: bool = False


DEFAULT_RULES = SignInRules()
