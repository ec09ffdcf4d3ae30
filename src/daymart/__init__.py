"""Daymart: sales-facing marts, true and on time."""

__version__ = "0.1.0"
