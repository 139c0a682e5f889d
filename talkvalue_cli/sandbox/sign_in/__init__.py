"""Signing in: API tokens, sessions, the device flow and its page."""
