"""How a wait shows that it goes on."""
