"""Days at the site of a warehouse, straight from raw, for reconciliations.

Warehouses and sites come from another system than the rows that name them, so they are looked up
by what they are called, not by who said it.
"""

SITE = """
left join raw.warehouse as w on w.warehouse_id = {warehouse}
left join raw.site on site.site_id = w.site_id
"""


def at_site(warehouse: str) -> str:
    """Return the joins that give rows the zone of their warehouse's site."""
    return SITE.format(warehouse=warehouse)


def local_day(instant: str) -> str:
    """Return an SQL expression: the calendar day at that site; UTC where it has no zone."""
    return f"({instant} at time zone coalesce(site.tz, 'UTC'))::date"
