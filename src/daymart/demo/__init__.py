"""A small trading company that does business in a database of its own."""
