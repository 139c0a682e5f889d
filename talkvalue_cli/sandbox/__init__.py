"""A TalkValue-compatible HTTP server on SQLite, for trying the tool and testing scripts.

Started as `python -m talkvalue_cli.sandbox` and reached only by URL. It shares no code
with the client: two independent readings of the HTTP contract expose each other's mistakes.
"""
