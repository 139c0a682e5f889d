"""`talkvalue auth`: signing in and out."""
