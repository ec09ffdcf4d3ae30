select
    stocks.as_of as closing_on,
    stocks.warehouse_id,
    stocks.product_id,
    stocks.lot_id,
    stocks.quality_status,

    stocks.qty as source_qty,
    stocks.uom,
    {{ base_qty('stocks', 'stocks.qty') }} as base_qty,

    stocks.source_system,
    stocks.source_id
from {{ source('warehouse', 'wh_stock') }} as stocks
{{ join_base_unit('stocks', 'stocks.as_of') }}
