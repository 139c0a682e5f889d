"""HTTP without endpoints: one session, bounded exchanges, errors for every failure."""
