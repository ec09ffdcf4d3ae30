"""feed_freshness: every feed has its row for the evening that is published."""

from datetime import date

from daymart.checks.check import Check
from daymart.contracts.model import Severity

MART = "feed_freshness"
OWNER = "masterdata.owner"


def checks(as_of: date) -> list[Check]:
    """Return the freshness part of R26."""
    return [every_feed_is_judged(as_of)]


def every_feed_is_judged(as_of: date) -> Check:
    """R26: no registered feed is missing from the list sellers see."""
    query = """
select f.feed_id from ops.feed as f
where not exists (select from candidate.feed_freshness as m where m.feed_id = f.feed_id)
"""
    return Check(
        check_id="R26.feeds",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="Feeds named here are on no list: check the calendar of their contract.",
        arguments={"unexpected_rows_query": query},
    )
