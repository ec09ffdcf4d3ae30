{{ config(
    materialized='table',
    indexes=[{'columns': ['order_id', 'line_no'], 'unique': true}]
) }}

-- What stock does not give an open line, what is on the way must: the lines in the order they are
-- owed, the purchases in the order they come.

with promises as (
    select * from {{ ref('int_stock__promises_covered') }}
),

stock as (
    select * from {{ ref('int_stock__stock_closed') }}
),

inbounds as (
    select * from {{ ref('inbound_supply') }}
    where
        inbound_state in ('arrived', 'shipped', 'confirmed', 'ordered')
        and in_transit_qty + not_shipped_qty > 0
        and po_id <> ''
),

planned as (
    select * from {{ ref('int_supply__supply_expected') }}
    where supply_kind <> 'purchase'
),

without_stock as (
    select
        promises.*,
        coalesce(round(stock.usable_qty, 6), 0) as usable_qty
    from promises
    left join stock
        on
            promises.warehouse_id = stock.warehouse_id
            and promises.product_id = stock.product_id
),

lacking as (
    select
        without_stock.*,
        {{ shortage('held_claim_qty', 'usable_qty', 'held_qty') }} as held_lack_qty,
        {{ shortage('not_held_claim_qty', 'usable_qty', 'not_held_qty') }} as not_held_lack_qty
    from without_stock
),

wanted as (
    select
        order_id,
        line_no,
        warehouse_id,
        product_id,
        held_lack_qty + not_held_lack_qty as lack_qty,
        -- The line is whole when the supply reaches this far.
        case when not_held_lack_qty > 0 then not_held_claim_qty else held_claim_qty end
        - usable_qty as needed_until_qty
    from lacking
    where held_lack_qty + not_held_lack_qty > 0
),

coming as (
    select
        'purchase' as supply_kind,
        po_id,
        line_no as po_line_no,
        inbound_id,
        po_number,
        supplier_name,
        buyer_name,
        warehouse_id,
        product_id,
        inbound_state,
        expected_on,
        eta_safe_on,
        slip_days,
        absence_reason,
        is_overdue_silent,
        in_transit_qty + not_shipped_qty as coming_qty,
        -- What nobody can date comes last.
        case
            when inbound_state = 'arrived' then 1
            when expected_on is null or is_overdue_silent then 3
            else 2
        end as turn
    from inbounds

    union all

    select
        supply_kind,
        po_id,
        line_no as po_line_no,
        inbound_id,
        cast(null as {{ text_type() }}) as po_number,
        cast(null as {{ text_type() }}) as supplier_name,
        cast(null as {{ text_type() }}) as buyer_name,
        warehouse_id,
        product_id,
        'planned' as inbound_state,
        expected_on,
        eta_safe_on,
        cast(null as integer) as slip_days,
        cast(null as {{ text_type() }}) as absence_reason,
        false as is_overdue_silent,
        expected_qty as coming_qty,
        2 as turn
    from planned
),

queued as (
    select
        coming.*,
        sum(coming_qty) over (
            partition by warehouse_id, product_id
            order by turn, expected_on, po_id, po_line_no, inbound_id
            rows between unbounded preceding and current row
        ) as until_qty
    from coming
)

select
    wanted.order_id,
    wanted.line_no,
    cast(wanted.lack_qty as numeric(18, 6)) as lack_qty,
    queued.supply_kind,
    queued.po_id,
    queued.po_line_no,
    queued.inbound_id,
    queued.po_number,
    queued.supplier_name,
    queued.buyer_name,
    queued.inbound_state,
    queued.expected_on,
    queued.eta_safe_on,
    queued.slip_days,
    queued.absence_reason,
    queued.is_overdue_silent
from wanted
left join queued
    on
        wanted.warehouse_id = queued.warehouse_id
        and wanted.product_id = queued.product_id
        and wanted.needed_until_qty <= queued.until_qty
        and wanted.needed_until_qty > queued.until_qty - queued.coming_qty
