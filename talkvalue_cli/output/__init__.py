"""Values as text on standard output, and words for people on standard error."""
