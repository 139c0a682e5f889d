"""Command line for TalkValue, a hosted contact platform."""

__version__ = "2.0.0.dev0"
