"""What a department promised beyond its contract's row rules, one file per feed.

Each file has `checks(feed, table, names)`: the checks of one landed table. `names` maps the
contract tables of this delivery to their landing tables.
"""
