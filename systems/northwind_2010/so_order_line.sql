-- Lines are numbered by their id. Two lines hold no quantity yet and stay lines.
select
    order_id,
    id as line_no,
    product_id,
    'NW' as warehouse_id,
    quantity as qty,
    'pcs' as uom,
    '0' as cancelled_qty,
    coalesce(
        try_cast(
            try_cast(unit_price as decimal(28, 8)) * (1 - try_cast(discount as decimal(9, 8)))
            as decimal(18, 8)
        )::varchar,
        concat_ws(' less ', unit_price, discount)
    ) as price_net,
    null as tax_rate,
    null as requested_date,
    _file,
    _line,
    _defect
from order_details
