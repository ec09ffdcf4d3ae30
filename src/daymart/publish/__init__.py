"""Publish: all marts in one transaction, behind views that never go away."""
