"""How things look in tables."""
