"""Great Expectations suites of this warehouse: `landing` by feed, `marts` by mart.

What every delivery must keep (counts, control totals, freshness, volume, collapse) is derived
from the contracts by `daymart.checks.landing`; the files here add what only people know.
"""
