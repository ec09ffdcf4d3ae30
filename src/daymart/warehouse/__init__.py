"""The warehouse: its connection, its schemas and its fixed tables."""
