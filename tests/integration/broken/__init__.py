"""Faults as they would happen, one for every promise made to sellers."""
