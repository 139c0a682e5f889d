"""`talkvalue api`: any request to the server."""
