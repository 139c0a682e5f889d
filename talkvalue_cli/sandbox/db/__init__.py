"""The database: its file, its folder, its schema and its transactions."""
