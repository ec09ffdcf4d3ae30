{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    unique_key='po_id',
    touched='int_supply__orders_touched',
    on_schema_change='fail',
    indexes=[{'columns': ['po_id', 'line_no'], 'unique': true}]
) }}

with order_lines as (
    select * from {{ ref('stg_purchasing__order_lines') }}
    where {{ joins_touched('po_id', 'int_supply__orders_touched') }}
),

inbound_totals as (
    select
        po_id,
        line_no,
        sum(round(base_qty, 6)) as inbound_qty
    from {{ ref('stg_purchasing__inbounds') }}
    where
        coalesce(shipped_on <= {{ as_of() }}, true)
        and {{ joins_touched('po_id', 'int_supply__orders_touched') }}
    group by po_id, line_no
),

-- A return to the supplier does not put the goods back on the way to us.
receipt_totals as (
    select
        po_id,
        po_line_no,
        sum(case when base_qty > 0 then round(base_qty, 6) else 0 end) as received_qty,
        sum(case when base_qty < 0 then round(-base_qty, 6) else 0 end) as returned_qty,
        sum(
            case
                when base_qty > 0 and quality_status <> 'usable' then round(base_qty, 6)
                else 0
            end
        ) as unusable_qty,
        max(case when base_qty > 0 then received_on end) as last_received_on
    from {{ ref('stg_purchasing__receipts') }}
    where
        received_on <= {{ as_of() }}
        and {{ joins_touched('po_id', 'int_supply__orders_touched') }}
    group by po_id, po_line_no
),

totals as (
    select
        order_lines.po_id,
        order_lines.line_no,
        order_lines.product_id,
        order_lines.warehouse_id,
        order_lines.supply_state,
        round(order_lines.base_qty, 6) as ordered_qty,
        round(order_lines.cancelled_base_qty, 6) as stated_cancelled_qty,
        coalesce(inbound_totals.inbound_qty, 0) as inbound_qty,
        coalesce(receipt_totals.received_qty, 0) as received_qty,
        coalesce(receipt_totals.returned_qty, 0) as returned_qty,
        -- What purchasing calls available has passed quality, whatever was said at the gate.
        case
            when order_lines.supply_state = 'available' then 0
            else coalesce(receipt_totals.unusable_qty, 0)
        end as held_qty,
        -- Goods that arrived without an inbound paper were shipped all the same.
        greatest(coalesce(inbound_totals.inbound_qty, 0), coalesce(receipt_totals.received_qty, 0))
            as shipped_qty,
        receipt_totals.last_received_on
    from order_lines
    left join inbound_totals
        on
            order_lines.po_id = inbound_totals.po_id
            and order_lines.line_no = inbound_totals.line_no
    left join receipt_totals
        on
            order_lines.po_id = receipt_totals.po_id
            and order_lines.line_no = receipt_totals.po_line_no
),

with_cancelled as (
    select
        totals.*,
        -- A cancelled line cancels whatever has not left, also where no quantity was stated.
        case
            when supply_state = 'cancelled'
                then greatest(ordered_qty - shipped_qty, stated_cancelled_qty, 0)
            else stated_cancelled_qty
        end as cancelled_qty
    from totals
)

select
    po_id,
    line_no,
    product_id,
    warehouse_id,
    supply_state,
    cast(ordered_qty as numeric(18, 6)) as ordered_qty,
    cast(cancelled_qty as numeric(18, 6)) as cancelled_qty,
    cast(inbound_qty as numeric(18, 6)) as inbound_qty,
    cast(received_qty as numeric(18, 6)) as received_qty,
    cast(returned_qty as numeric(18, 6)) as returned_qty,
    cast(held_qty as numeric(18, 6)) as held_qty,
    cast(greatest(ordered_qty - cancelled_qty - shipped_qty, 0) as numeric(18, 6))
        as not_shipped_qty,
    cast(greatest(shipped_qty + cancelled_qty - ordered_qty, 0) as numeric(18, 6)) as over_qty,
    last_received_on,
    received_qty > 0
    and received_qty >= inbound_qty
    and received_qty >= ordered_qty - cancelled_qty as is_fully_received
from with_cancelled
