"""Lines whose head is not in the same delivery."""

from daymart.checks.check import Check
from daymart.contracts.model import Feed, Severity


def lines_without_head(
    feed: Feed, names: dict[str, str], line_table: str, head_table: str, key: str
) -> Check:
    """Return a check that every row of `line_table` finds its `head_table` row by `key`.

    Only a warning: the line is kept, and the marts show it with a placeholder.
    """
    query = f"""
select l.{key}, count(*) as lines
from {names[line_table]} as l
where not exists (select from {names[head_table]} as h where h.{key} = l.{key})
group by l.{key}
"""  # noqa: S608  # landing names are built by the loader
    return Check(
        check_id=f"{feed.name}.{line_table}_has_{head_table}",
        severity=Severity.WARN,
        owner=feed.owner,
        remedy=f"The {head_table} rows named here are missing or in quarantine: deliver them.",
        arguments={"unexpected_rows_query": query},
    )
