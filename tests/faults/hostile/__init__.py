"""The corpus of hostile files: one entry each, with what must become of it."""
