"""People and what they belong to: channels, events, companies, tags, merges, activity."""
