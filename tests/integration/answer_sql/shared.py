"""Parts of the queries that several subjects use."""

RATE = """coalesce((
    select value / per from erp.rate
    where rate.currency = {currency} and rate.day <= {day} order by rate.day desc limit 1
), 1)"""
"""EUR for a unit of a currency by the last rate until a day; the table has none for EUR."""
