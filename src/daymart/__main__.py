"""`python -m daymart` is the `daymart` command."""

from daymart.cli import main

main()
