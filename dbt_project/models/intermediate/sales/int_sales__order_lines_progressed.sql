with order_lines as (
    select * from {{ ref('stg_sales__order_lines') }}
),

shipped as (
    select
        shipment_lines.order_id,
        shipment_lines.order_line_no,
        sum(shipment_lines.base_qty) as shipped_base_qty
    from {{ ref('stg_logistics__shipment_lines') }} as shipment_lines
    inner join {{ ref('stg_logistics__shipments') }} as shipments
        on shipment_lines.shipment_id = shipments.shipment_id
    where shipments.issued_on <= {{ as_of() }}
    group by shipment_lines.order_id, shipment_lines.order_line_no
)

select
    order_lines.order_id,
    order_lines.line_no,
    order_lines.product_id,
    order_lines.warehouse_id,
    order_lines.requested_on,

    order_lines.base_num,
    order_lines.base_den,
    order_lines.base_qty as ordered_base_qty,
    order_lines.cancelled_base_qty,
    coalesce(shipped.shipped_base_qty, 0) as shipped_base_qty,
    -- Rounded one by one, as they are shown: what is shown adds up.
    round(order_lines.base_qty, 6)
    - round(order_lines.cancelled_base_qty, 6)
    - round(coalesce(shipped.shipped_base_qty, 0), 6) as open_qty,

    order_lines.currency_code,
    order_lines.unit_net_price,
    order_lines.tax_rate,

    order_lines.source_system,
    order_lines.source_id
from order_lines
left join shipped
    on
        order_lines.order_id = shipped.order_id
        and order_lines.line_no = shipped.order_line_no
