"""What the tables of the demo ERP say about open order lines: what they wait for, and who acts."""

from tests.integration.answer_sql.delivery import PROMISED_LINES

WAITING_LINE = f"""
with {PROMISED_LINES},
sent as (
    select sale_id, sale_line as line_no, sum(qty) as qty
    from erp.dispatch_line join erp.dispatch on dispatch.id = dispatch_id
    where item_id > 1000000 group by sale_id, sale_line
),
holds as (
    select store, item_id, sale_id, sale_line as line_no, sum(qty) as qty
    from erp.hold where released_at is null group by 1, 2, 3, 4
),
owed as (
    select line.store, line.item_id, sale_id::text as sale, line_no, last_day, taken_on,
        (wanted - coalesce(sent.qty, 0)) * times as qty,
        least((wanted - coalesce(sent.qty, 0)) * times, coalesce(holds.qty, 0)) as held
    from lines join erp.sale_line as line using (sale_id, line_no)
    join (select id as sale_id, confirmed_on as taken_on from erp.sale) as sale using (sale_id)
    left join sent using (sale_id, line_no)
    left join holds using (sale_id, line_no)
    where wanted > coalesce(sent.qty, 0)
),
shares as (
    select store, item_id, sale, line_no, 1 as turn, last_day, taken_on, held as qty from owed
    union all
    select store, item_id, sale, line_no, 2, last_day, taken_on, qty - held from owed
    union all
    select store, item_id, null, null, 0, null, null, sum(qty) - coalesce((
        select sum(held) from owed where (owed.store, owed.item_id) = (holds.store, holds.item_id)
    ), 0)
    from holds group by store, item_id
),
queue as (
    select *, sum(qty) over (
        partition by store, item_id order by turn, last_day, taken_on, sale, line_no
    ) as until
    from shares
),
short as (
    select queue.*, least(qty, until - coalesce(usable, 0)) as lack,
        until - coalesce(usable, 0) as reach
    from queue
    left join (
        select store, item_id, sum(qty) as usable
        from erp.stock_balance as balance join erp.company on last_day = balance.day
        where quality = 'A' group by store, item_id
    ) as lying using (store, item_id)
    where sale is not null and qty > 0 and until > coalesce(usable, 0)
),
received as (
    select purchase_id, purchase_line as line_no, sum(qty) as qty from erp.purchase_receipt
    group by purchase_id, purchase_line
),
coming as (
    select line.store, line.item_id, line.purchase_id::text as purchase, line_no,
        (line.qty - cancelled_qty - coalesce(received.qty, 0)) * times as qty,
        sum((line.qty - cancelled_qty - coalesce(received.qty, 0)) * times) over (
            partition by line.store, line.item_id
            order by plan.day nulls last, line.purchase_id::text, line_no
        ) as until
    from erp.purchase_line as line
    join erp.item_unit as unit on unit.item_id = line.item_id and unit.unit = line.unit
    left join received using (purchase_id, line_no)
    left join erp.stock_plan as plan on plan.code = 'P-' || line.purchase_id || '-' || line_no
    where line.qty - cancelled_qty > coalesce(received.qty, 0)
)
select sale, short.line_no, (
        select sum(lack) from short as share
        where (share.sale, share.line_no) = (short.sale, short.line_no)
    ), coming.purchase, coming.line_no
from short
left join coming
    on (coming.store, coming.item_id) = (short.store, short.item_id)
    and reach <= coming.until and reach > coming.until - coming.qty
where not exists (
    select from short as later
    where (later.sale, later.line_no) = (short.sale, short.line_no) and later.turn > short.turn
)
"""

ORDER_CASE = """
with steps as (
    select side.ticket_id, side.side_no, dept, owner_no, what,
        row_number() over (
            partition by side.ticket_id, side.side_no order by at desc, log.id desc
        ) as newest
    from erp.ticket_side as side
    join erp.ticket_log as log
        on log.ticket_id = side.ticket_id and coalesce(log.side_no, side.side_no) = side.side_no
    where what in ('OPN', 'ACK', 'FIN', 'REO', 'CAN')
),
waiting as (
    select ticket_id, string_agg(dept, ', ' order by side_no) as depts,
        (array_agg(owner_no order by what = 'ACK', side_no))[1] as asked
    from steps where newest = 1 and what not in ('FIN', 'CAN') group by ticket_id
),
raised as (
    select distinct on (ticket_id) ticket_id, words::integer as urgency
    from erp.ticket_log where what = 'URG' order by ticket_id, at desc
)
select ticket.id::text, sale_id::text, sale_line, (opened_at at time zone 'UTC')::date,
    (array['low', 'normal', 'high', 'urgent'])[coalesce(raised.urgency, ticket.urgency)],
    depts, asked
from erp.ticket join waiting on waiting.ticket_id = ticket.id
left join raised on raised.ticket_id = ticket.id
where partner_id > 1000000 and sale_id is not null
"""
