"""The newest closing of each system, straight from raw, for reconciliations."""

from datetime import date


def of_newest_closing(
    alias: str, table: str, latest: date | str, earliest: date | str = "-infinity"
) -> str:
    """Return the join that keeps, under `alias`, rows of `table` of each system's newest `as_of`.

    Closings later than `latest` or before `earliest` are not there. The newest days are found
    once: asked for each row of a year of closings, they took most of an audit.
    """
    return f"""
inner join (
    select newest.source_system, max(newest.as_of) as as_of
    from raw.{table} as newest
    where newest.as_of between '{earliest}' and '{latest}'
    group by newest.source_system
) as closing on closing.source_system = {alias}.source_system and closing.as_of = {alias}.as_of
"""  # noqa: S608  # the table is a constant of its caller, the days are dates
