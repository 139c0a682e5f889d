"""The TalkValue HTTP API: one function per endpoint, grouped by resource."""
