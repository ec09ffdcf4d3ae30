"""Carry the kept evening balances on by a day, from the rows of that day."""

from datetime import date

from daymart.demo.trade.scale import FIRST_ITEM, FIRST_PARTNER
from daymart.demo.trade.tables import Session

STOCK = """
insert into erp.stock_balance (day, store, item_id, lot, quality, qty)
with evening_before as (
    select max(day) as day from erp.stock_balance where item_id >= %(first)s and day < %(day)s
),
levels as (
    select balance.store, balance.item_id, balance.lot, balance.quality, balance.qty
    from erp.stock_balance as balance join evening_before using (day)
    where balance.item_id >= %(first)s
    union all
    select store, item_id, lot, quality, case way when '+' then qty else -qty end
    from erp.stock_entry
    where item_id >= %(first)s and touched_at >= %(day)s::date
)
select %(day)s, store, item_id, lot, quality, sum(qty) from levels
group by store, item_id, lot, quality having sum(qty) <> 0
"""

LEDGER = """
insert into erp.ledger_total (day, entity, partner_id, agreement, currency, balance, balance_eur)
with evening_before as (
    select max(day) as day from erp.ledger_total where partner_id >= %(first)s and day < %(day)s
),
totals as (
    select total.entity, total.partner_id, total.agreement, total.currency, total.balance,
        total.balance_eur
    from erp.ledger_total as total join evening_before using (day)
    where total.partner_id >= %(first)s
    union all
    select entity, partner_id, coalesce(agreement, ''), currency,
        case side when 'D' then total else -total end,
        case side when 'D' then total_eur else -total_eur end
    from erp.paper
    where partner_id >= %(first)s and entered_at >= %(day)s::date
)
select %(day)s, entity, partner_id, agreement, currency, sum(balance), sum(balance_eur)
from totals group by entity, partner_id, agreement, currency
"""

FORGET_STOCK = "delete from erp.stock_balance where item_id >= %s and day < %s"
FORGET_LEDGER = "delete from erp.ledger_total where partner_id >= %s and day < %s"


def roll_on(session: Session, day: date, kept_from: date) -> None:
    """Write the balances of an evening after its rows, and forget evenings before `kept_from`.

    Stores work by day in zones ahead of UTC by less than their first hour, so the day's entries
    are those from its midnight UTC on.
    """
    session.execute("set local time zone 'UTC'")
    session.execute(STOCK, {"first": FIRST_ITEM, "day": day})
    session.execute(LEDGER, {"first": FIRST_PARTNER, "day": day})
    session.execute(FORGET_STOCK, [FIRST_ITEM, kept_from])
    session.execute(FORGET_LEDGER, [FIRST_PARTNER, kept_from])
