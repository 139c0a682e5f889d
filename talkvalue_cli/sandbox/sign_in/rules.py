"""What the options of the server say about signing in."""

from __future__ import annotations

from dataclasses import dataclass

TOKEN_LIFE_S = 300
DEVICE_LIFE_S = 600
DEVICE_INTERVAL_S = 5


@dataclass(frozen=True)
class SignInRules:
    """How long things last, in whole seconds, and who approves.

    token_life_s: an access token. device_life_s: a device code and its user code.
    device_interval_s: the pause between polls; 0 allows any pace.
    auto_approve: each device code counts as approved from its start.
    """

    token_life_s: int = TOKEN_LIFE_S
    device_life_s: int = DEVICE_LIFE_S
    device_interval_s: int = DEVICE_INTERVAL_S
    auto_approve: bool = False


DEFAULT_RULES = SignInRules()
