"""Audit: Great Expectations judges the candidate before anybody can read it."""
