"""Sources: one way to read a contract table from any kind of system."""
