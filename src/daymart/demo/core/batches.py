"""What the departments say they sent, counted in the ERP after a day's last row is written.

A batch tells of one contract table and one business date, for money of one currency: all rows of
that date known by the evening it is sent. What is dated back is told by the next batch of its
date, so the last number of a date is the one to believe. A date without a row is told, too.
"""

from collections.abc import Sequence
from datetime import date

from psycopg import Connection

SEND = """
insert into erp.batch_list (
    feed, day, no, table_name, row_count, measure, unit, total, complete_to, closed_until, sent_at
)
with counted (feed, table_name, measure, unit, nothing) as (
    values
        ('accounting', 'acc_document', 'amount_gross', 'EUR', 0),
        ('warehouse', 'wh_movement', null, null, null),
        ('purchasing', 'pur_order', null, null, null),
        ('purchasing', 'pur_receipt', null, null, null),
        ('logistics', 'lg_shipment', null, null, null),
        ('sales', 'so_order', null, null, null),
        ('crm', 'crm_activity', null, null, null),
        ('crm', 'crm_stage_event', null, null, null),
        ('coordination', 'case_header', null, null, null),
        ('coordination', 'case_event', null, null, null)
),

sent_until as (
    select counted.feed, coalesce(max(batch.complete_to), '-infinity') as day
    from counted left join erp.batch_list as batch on batch.feed = counted.feed
    group by counted.feed
),

evenings as (
    select sent_until.feed, evening
    from sent_until
    join unnest(%(evenings)s::date[]) as evening on evening > sent_until.day
    where (sent_until.feed, evening) <> ('crm', %(silent)s)
),

-- The evening that tells of a day: its own, else the next one.
days as materialized (
    select feed, day::date as day, evening
    from (
        select feed, evening, lag(evening) over (partition by feed order by evening) as before
        from evenings
    ) as evening
    cross join generate_series(coalesce(before + 1, evening), evening, '1 day') as day
),

first_evenings as (
    select feed, min(evening) as evening from evenings group by feed
),

-- Where there is an index on the moment, the moment is compared, too.
entered (table_name, unit, day, entered_on, row_count, total) as (
    select
        'acc_document', currency, booked_on, entered_at::date, count(*),
        sum(case side when 'D' then total else -total end)
    from erp.paper
    where greatest(booked_on, entered_at::date)
        > (select day from sent_until where feed = 'accounting')
    group by currency, booked_on, entered_at::date

    union all

    select 'wh_movement', null, moved_at::date, touched_at::date, count(*), null
    from erp.stock_entry
    where touched_at::date > (select day from sent_until where feed = 'warehouse')
        and touched_at >= (select day from sent_until where feed = 'warehouse')
    group by moved_at::date, touched_at::date

    union all

    select 'pur_order', null, placed_on, placed_on, count(*), null
    from erp.purchase
    where placed_on > (select day from sent_until where feed = 'purchasing')
    group by placed_on

    union all

    select 'pur_receipt', null, arrived_at::date, typed_at::date, count(*), null
    from erp.purchase_receipt
    where typed_at::date > (select day from sent_until where feed = 'purchasing')
    group by arrived_at::date, typed_at::date

    union all

    select 'lg_shipment', null, issued_at::date, issued_at::date, count(*), null
    from erp.dispatch
    where issued_at::date > (select day from sent_until where feed = 'logistics')
        and issued_at >= (select day from sent_until where feed = 'logistics')
    group by issued_at::date

    union all

    select 'so_order', null, confirmed_on, confirmed_on, count(*), null
    from erp.sale
    where confirmed_on > (select day from sent_until where feed = 'sales')
    group by confirmed_on

    union all

    select
        'crm_activity', null, coalesce(planned_at, done_at)::date,
        coalesce(planned_at, done_at)::date, count(*), null
    from erp.touch
    where coalesce(planned_at, done_at)::date > (select day from sent_until where feed = 'crm')
    group by coalesce(planned_at, done_at)::date

    union all

    select 'crm_stage_event', null, at::date, at::date, count(*), null
    from erp.lead_step
    where at::date > (select day from sent_until where feed = 'crm')
    group by at::date

    union all

    select 'case_header', null, opened_at::date, opened_at::date, count(*), null
    from erp.ticket
    where opened_at::date > (select day from sent_until where feed = 'coordination')
    group by opened_at::date

    union all

    select 'case_event', null, at::date, at::date, count(*), null
    from erp.ticket_log
    where at::date > (select day from sent_until where feed = 'coordination')
    group by at::date
),

expected as materialized (
    select
        counted.feed, table_name, counted.measure, entered.unit, entered.day,
        greatest(entered.day, entered.entered_on, first_evenings.evening) as known_on,
        entered.row_count, entered.total
    from entered join counted using (table_name) join first_evenings using (feed)
),

due (feed, table_name, measure, unit, day, evening, row_count, total) as (
    select
        expected.feed, table_name, measure, unit, expected.day, days.evening, row_count, total
    from expected join days on (days.feed, days.day) = (expected.feed, expected.known_on)

    union all

    select feed, table_name, measure, unit, evening, evening, 0, nothing
    from counted join evenings using (feed)
),

sent as (
    select
        feed, table_name, measure, unit, day, evening, sum(row_count) as row_count,
        sum(total) as total
    from due
    group by feed, table_name, measure, unit, day, evening
),

told as (
    select distinct on (feed, table_name, unit, day)
        feed, table_name, unit, day, row_count, total
    from erp.batch_list
    order by feed, table_name, unit, day, no desc
),

numbered as (
    select feed, day, max(no) as no from erp.batch_list group by feed, day
)

select
    sent.feed,
    sent.day,
    coalesce(numbered.no, 0) + row_number() over (
        partition by sent.feed, sent.day order by sent.evening, sent.table_name, sent.unit
    ),
    sent.table_name,
    coalesce(told.row_count, 0) + sum(sent.row_count) over known,
    sent.measure,
    sent.unit,
    coalesce(told.total, 0) + sum(sent.total) over known,
    sent.evening,
    case
        when sent.measure is not null
            then (date_trunc('month', sent.evening) - interval '1 month')::date - 1
    end,
    sent.evening + time '21:00'
from sent
left join told
    on (told.feed, told.table_name, told.day) = (sent.feed, sent.table_name, sent.day)
    and told.unit is not distinct from sent.unit
left join numbered on (numbered.feed, numbered.day) = (sent.feed, sent.day)
window known as (
    partition by sent.feed, sent.table_name, sent.unit, sent.day order by sent.evening
)
"""


def send_batches(
    session: Connection[tuple[object, ...]], evenings: Sequence[date], silent: date
) -> None:
    """Write the batches of the evenings that were not sent yet; days are Kyiv's.

    On the silent evening the CRM sends nothing: its next batches bring that day's rows.
    """
    session.execute("set local time zone 'Europe/Kyiv'")
    session.execute(SEND, {"evenings": list(evenings), "silent": silent})
