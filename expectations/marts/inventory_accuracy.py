"""inventory_accuracy: every count line of the window is looked at once, in one class."""

from datetime import date

from daymart.checks.check import Check, Reconciliation
from daymart.contracts.model import Severity
from expectations.sites import at_site, local_day

MART = "inventory_accuracy"
OWNER = "warehouse.manager"


def checks(as_of: date) -> list[Check]:
    """Return the part of R9 about accuracy."""
    return [every_record_is_counted(as_of)]


def every_record_is_counted(as_of: date) -> Check:
    """R9: the records of a warehouse are its count lines, but cancelled and repeated ones."""
    query = f"""
select warehouse_id, mart.qty as left_value, feed.qty as right_value
from (
    select warehouse_id, sum(counted_record_count) as qty
    from candidate.inventory_accuracy group by warehouse_id
) as mart
full join (
    select c.warehouse_id, count(*) as qty
    from raw.wh_count as c
    {at_site("c.warehouse_id")}
    cross join lateral (select {local_day("c.counted_at")} as counted_on) as local
    where c.state <> 'cancelled' and local.counted_on <= '{as_of}'
        and local.counted_on > date '{as_of}' - 90
        and not exists (
            select from candidate.stock_discrepancy as d
            where d.is_repeated and d.count_id = c.count_id and d.warehouse_id = c.warehouse_id
                and d.product_id = c.product_id and d.lot_id = c.lot_id
        )
    group by c.warehouse_id
) as feed using (warehouse_id)
"""  # noqa: S608  # as_of is a date
    return Check(
        check_id="R9.records",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Accuracy leaves count lines of the warehouses named here out: mend the model.",
        reconciliation=Reconciliation(query),
    )
