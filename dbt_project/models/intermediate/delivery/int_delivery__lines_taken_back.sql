{{ config(
    materialized='table',
    indexes=[{'columns': ['shipment_id', 'line_no'], 'unique': true}]
) }}

with shipment_lines as (
    select * from {{ ref('stg_logistics__shipment_lines') }}
    where {{ joins_touched('shipment_id', 'int_delivery__shipments_touched') }}
),

shipments as (
    select * from {{ ref('stg_logistics__shipments') }}
    where {{ joins_touched('shipment_id', 'int_delivery__shipments_touched') }}
),

taken_back as (
    select distinct cancelled_shipment_id as shipment_id
    from shipments
    where cancelled_shipment_id is not null and issued_on <= {{ as_of() }}
),

-- Lines of what was taken back by the evening, beside the lines that take it back.
beside as (
    select
        shipment_lines.shipment_id,
        shipment_lines.line_no,
        shipment_lines.product_id,
        shipment_lines.order_id,
        shipment_lines.order_line_no,
        shipments.issued_on,
        shipments.cancelled_shipment_id is not null as is_cancellation,
        coalesce(shipments.cancelled_shipment_id, shipments.shipment_id) as shipped_id,
        case
            when shipments.cancelled_shipment_id is null then shipment_lines.base_qty
            else -shipment_lines.base_qty
        end as base_qty
    from shipment_lines
    inner join shipments
        on shipment_lines.shipment_id = shipments.shipment_id
    where
        (shipments.cancelled_shipment_id is not null and shipments.issued_on <= {{ as_of() }})
        or shipments.shipment_id in (select taken_back.shipment_id from taken_back)
),

-- A line takes back of its order line, or of its product where not both papers name order lines.
matched_by as (
    select
        beside.*,
        min(case when order_line_no is null then 0 else 1 end) over (
            partition by shipped_id, product_id
        ) = 1 as is_by_order_line
    from beside
),

same_goods as (
    select
        shipment_id,
        line_no,
        is_cancellation,
        issued_on,
        base_qty,
        shipped_id,
        case when is_by_order_line then order_id end as goods_order_id,
        case when is_by_order_line then order_line_no end as goods_line_no,
        case when not is_by_order_line then product_id end as goods_product_id
    from matched_by
),

-- First come, first taken back: what each line meets of the other side.
met as (
    select
        same_goods.*,
        max(case when is_cancellation then issued_on end) over goods as last_taken_on,
        coalesce(sum(case when is_cancellation then base_qty end) over goods, 0) as taken_qty,
        coalesce(sum(case when not is_cancellation then base_qty end) over goods, 0)
            as shipped_qty,
        coalesce(
            sum(base_qty) over (
                partition by
                    shipped_id, goods_order_id, goods_line_no, goods_product_id, is_cancellation
                order by issued_on, shipment_id, line_no
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as before_qty
    from same_goods
    window
        goods as (partition by shipped_id, goods_order_id, goods_line_no, goods_product_id)
)

select
    shipment_id,
    line_no,
    last_taken_on,
    case
        when is_cancellation then -greatest(least(base_qty, shipped_qty - before_qty), 0)
        else greatest(least(base_qty, taken_qty - before_qty), 0)
    end as taken_back_qty
from met
