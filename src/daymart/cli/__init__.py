"""The `daymart` command."""

from daymart.cli.app import main

__all__ = ["main"]
