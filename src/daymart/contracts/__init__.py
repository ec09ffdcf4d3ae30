"""Contracts: what each department promises, and everything that is derived from it."""
