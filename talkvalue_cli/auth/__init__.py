"""Sessions: how one begins, where it is kept, and how its token is renewed."""
