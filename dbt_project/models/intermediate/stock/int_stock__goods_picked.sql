with pick_lines as (
    select * from {{ ref('stg_warehouse__pick_lines') }}
    -- What was picked longer ago and never left is a fault of the list, not goods at the ramp.
    where
        picked_at >= {{ add_days(as_of(), -36) }}
        and {{ business_date('picked_at', "'UTC'") }} >= {{ add_days(as_of(), -35) }}
),

shipments as (
    select * from {{ ref('stg_logistics__shipments') }}
),

waiting as (
    select
        pick_lines.*,
        shipments.warehouse_id,
        shipments.warehouse_tz
    from pick_lines
    left join shipments
        on pick_lines.shipment_id = shipments.shipment_id
    where shipments.issued_on is null or shipments.issued_on > {{ as_of() }}
),

placed as (
    select
        coalesce(waiting.warehouse_id, order_lines.warehouse_id) as warehouse_id,
        coalesce(shipment_lines.product_id, order_lines.product_id) as product_id,
        {{ business_date(
            'waiting.picked_at', "coalesce(waiting.warehouse_tz, order_lines.warehouse_tz, 'UTC')"
        ) }} as picked_on,
        case
            when shipment_lines.shipment_id is not null
                then
                    waiting.source_picked_qty * shipment_lines.base_qty
                    / nullif(shipment_lines.source_qty, 0)
            else waiting.source_picked_qty * order_lines.base_num / order_lines.base_den
        end as base_qty
    from waiting
    left join {{ ref('stg_logistics__shipment_lines') }} as shipment_lines
        on
            waiting.shipment_id = shipment_lines.shipment_id
            and waiting.line_no = shipment_lines.line_no
    left join {{ ref('stg_sales__order_lines') }} as order_lines
        on
            waiting.order_id = order_lines.order_id
            and waiting.order_line_no = order_lines.line_no
)

select
    warehouse_id,
    product_id,
    sum(base_qty) as picked_qty
from placed
where warehouse_id is not null and product_id is not null and picked_on <= {{ as_of() }}
group by warehouse_id, product_id
