"""The OpenAPI 3.1 description of this server, put together from tables.

`python -m talkvalue_cli.sandbox.openapi` prints it; the server has it at `/openapi.json`.
"""
