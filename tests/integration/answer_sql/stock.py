"""What the tables of the demo ERP say about stock, counts and reservations."""

from tests.integration.answer_sql.shared import RATE

STOCK = """
with lying as (
    select store, item_id, sum(qty) as qty, sum(qty) filter (where quality = 'A') as usable
    from erp.stock_balance join erp.company on company.last_day = stock_balance.day
    where item_id > 1000000 group by store, item_id
),
held as (
    select store, item_id, sum(qty) as qty from erp.hold
    where item_id > 1000000 and released_at is null group by store, item_id
)
select store, item_id::text, coalesce(lying.qty, 0), coalesce(usable, 0), coalesce(held.qty, 0),
    coalesce(usable, 0) - coalesce(held.qty, 0)
from lying full join held using (store, item_id)
"""

OUTLOOK = f"""
with planned as (
    select store, item_id::text as item, coalesce(sum(qty) filter (where way = '-'), 0) as outgoing,
        coalesce(sum(qty) filter (where way = '+'), 0) as incoming
    from erp.stock_plan where item_id > 1000000 group by 1, 2
),
lying as (select * from ({STOCK}) as lying (store, item, on_hand, usable, held, free)),
counted as (
    select distinct on (store, item_id) store, item_id::text as item, taken_at,
        found - book as variance, status = 'O' and found <> book as in_doubt
    from erp.stock_check where item_id > 1000000 order by store, item_id, taken_at desc
),
moved as (
    select store, item_id::text as item, max(moved_at) as moved_at
    from erp.stock_entry where item_id > 1000000 and type <> 'CNT' group by 1, 2
),
known as (
    select store, item, coalesce(outgoing, 0) as outgoing, coalesce(incoming, 0) as incoming,
        coalesce(on_hand, 0) as on_hand, coalesce(free, 0) as free, taken_at, variance,
        coalesce(in_doubt, false) as in_doubt,
        case when in_doubt and coalesce(moved_at < taken_at, true) then variance else 0 end as open
    from lying full join planned using (store, item) full join counted using (store, item)
    left join moved using (store, item)
)
select store, item, outgoing, incoming, on_hand - outgoing + incoming, taken_at, variance, open,
    in_doubt, greatest(free + least(open, 0), 0)
from known where on_hand <> 0 or outgoing <> 0 or incoming <> 0 or in_doubt
"""

_WORTH = f"""
prices as (
    select item_id, 1 as choice, placed_on as day, purchase.id, line_no, currency,
        line.price * per / times as price
    from erp.purchase join erp.purchase_line as line on line.purchase_id = purchase.id
    join erp.item_unit using (item_id, unit)
    union all
    select item_id, 2, confirmed_on, sale.id, line_no, currency,
        list_price * (100 - discount_pct) / 100 * per / times
    from erp.sale join erp.sale_line as line on line.sale_id = sale.id
    join erp.item_unit using (item_id, unit)
),
worth as (
    select distinct on (taken.no, taken.store, taken.item_id, taken.lot) taken.no, taken.store,
        taken.item_id, taken.lot,
        price * {RATE.format(currency="prices.currency", day="prices.day")} as worth
    from erp.stock_check as taken join prices on prices.item_id = taken.item_id
        and prices.day <= (taken_at at time zone 'Europe/Kyiv')::date
    order by taken.no, taken.store, taken.item_id, taken.lot, choice, prices.day desc,
        prices.id desc, prices.line_no desc
)
"""
"""What a base unit was worth at each count: by the last purchase, else by the last sale."""

DISCREPANCY = f"""
with {_WORTH}
select no, store, item_id::text, lot, (taken_at at time zone 'Europe/Kyiv')::date, book, found,
    case status when 'O' then 'open' when 'E' then 'explained' when 'P' then 'posted' end,
    round((found - book) * worth, 2)
from erp.stock_check left join worth using (no, store, item_id, lot)
where book <> found and item_id > 1000000
"""

ACCURACY = f"""
with {_WORTH},
taken as (
    select taken.store, item.value_class, taken_at, worth,
        (taken_at at time zone 'Europe/Kyiv')::date as day, status, book, found,
        abs(found - book) * 100
            <= book * case value_class when 'A' then 1 when 'B' then 3 else 5 end as is_right,
        lead(taken_at) over (
            partition by taken.store, taken.item_id, taken.lot order by taken_at
        ) is not null as is_counted_again
    from erp.stock_check as taken join erp.item on item.id = taken.item_id
    left join worth using (no, store, item_id, lot)
    where taken.item_id > 1000000
),
marked as (
    select taken.*, day > last_day - 90 as is_recent,
        day < date_trunc('week', last_day) and day >= date_trunc('week', last_day)::date - 90
            as is_of_week
    from taken cross join erp.company
    where not (status = 'O' and book <> found and is_counted_again)
)
select store, value_class, count(*) filter (where is_recent),
    count(*) filter (where is_recent and is_right),
    round(100.0 * count(*) filter (where is_recent and is_right)
        / count(*) filter (where is_recent), 2),
    round(100.0 * count(*) filter (where is_of_week and is_right)
        / nullif(count(*) filter (where is_of_week), 0), 2),
    max(taken_at) filter (where is_recent), count(worth) filter (where is_recent),
    round(sum(book * worth) filter (where is_recent), 2),
    round(sum(abs(found - book) * worth) filter (where is_recent), 2),
    round(100 - 100 * round(sum(abs(found - book) * worth) filter (where is_recent), 2)
        / nullif(round(sum(book * worth) filter (where is_recent), 2), 0), 2)
from marked group by store, value_class
having count(*) filter (where is_recent) > 0
"""

HOLD = """
select hold.id::text, store, item_id::text, sale_id::text, sale_line, qty,
    (made_at at time zone 'Europe/Kyiv')::date, (until at time zone 'Europe/Kyiv')::date
from erp.hold where item_id > 1000000 and released_at is null
"""

HOLD_ENDED = """
select (released_at at time zone 'Europe/Kyiv')::date, store, why_released, count(*), sum(qty)
from erp.hold where item_id > 1000000 and released_at is not null group by 1, 2, 3
"""
