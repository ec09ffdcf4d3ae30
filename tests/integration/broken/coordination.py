"""Faults in who knows what when."""

from tests.integration.broken.fault import Fault

FAULTS = (
    Fault(
        "R26.feeds",
        "with lost as (delete from candidate.feed_freshness where feed_id = 'logistics'"
        " returning feed_id) select distinct feed_id from lost",
        "masterdata.owner",
        "Feeds named here are on no list",
    ),
)
