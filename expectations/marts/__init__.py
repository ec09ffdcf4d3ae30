"""What a seller is promised of the marts: reconciliations, one file per mart.

Each file has `MART`, `OWNER` and `checks(as_of)`. Queries run on the candidate before anybody can
read it; the left side is the mart, the right side is taken from raw another way.
"""
