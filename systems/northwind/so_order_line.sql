-- An order names a product once: the product's number is the line's, and never changes.
select
    l.order_id,
    l.product_id as line_no,
    l.product_id,
    'NW' as warehouse_id,
    l.quantity as qty,
    'pcs' as uom,
    '0' as cancelled_qty,
    coalesce(
        try_cast(
            try_cast(l.unit_price as decimal(28, 8)) * (1 - try_cast(l.discount as decimal(9, 8)))
            as decimal(18, 8)
        )::varchar,
        concat_ws(' less ', l.unit_price, l.discount)
    ) as price_net,
    null as tax_rate,
    o.required_date as requested_date,
    l._file,
    l._line,
    l._defect
from order_details as l
left join orders as o on o.order_id = l.order_id and o._defect is null
