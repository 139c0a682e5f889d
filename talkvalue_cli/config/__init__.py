"""Settings, and the config file that they come from."""
