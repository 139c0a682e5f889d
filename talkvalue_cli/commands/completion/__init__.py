"""`talkvalue completion`: what shells offer behind a Tab."""
