with stock as (
    select * from {{ ref('int_stock__stock_closed') }}
),

reservations as (
    select * from {{ ref('int_stock__reservations_held') }}
),

planned_movements as (
    select * from {{ ref('int_stock__movements_planned') }}
),

products as (
    select * from {{ ref('stg_reference__products') }}
),

warehouses as (
    select * from {{ ref('stg_reference__warehouses') }}
),

places as (
    select
        warehouse_id,
        product_id
    from stock

    union distinct

    select
        warehouse_id,
        product_id
    from reservations

    union distinct

    select
        warehouse_id,
        product_id
    from planned_movements
),

-- Rounded once, before subtracting, so that the columns add up to the last digit.
quantities as (
    select
        places.warehouse_id,
        places.product_id,
        round(coalesce(stock.on_hand_qty, 0), 6) as on_hand_qty,
        round(coalesce(stock.usable_qty, 0), 6) as usable_qty,
        round(coalesce(stock.in_transfer_qty, 0), 6) as in_transfer_qty,
        round(coalesce(reservations.reserved_qty, 0), 6) as reserved_qty,
        round(coalesce(reservations.soft_hold_qty, 0), 6) as soft_hold_qty,
        round(coalesce(planned_movements.outgoing_qty, 0), 6) as outgoing_qty,
        round(coalesce(planned_movements.incoming_qty, 0), 6) as incoming_qty,
        round(coalesce(planned_movements.transfer_out_qty, 0), 6) as transfer_out_qty,
        round(coalesce(planned_movements.transfer_in_qty, 0), 6) as transfer_in_qty
    from places
    left join stock
        on
            places.warehouse_id = stock.warehouse_id
            and places.product_id = stock.product_id
    left join reservations
        on
            places.warehouse_id = reservations.warehouse_id
            and places.product_id = reservations.product_id
    left join planned_movements
        on
            places.warehouse_id = planned_movements.warehouse_id
            and places.product_id = planned_movements.product_id
)

select
    quantities.warehouse_id,
    quantities.product_id,
    {{ name_or_placeholder('warehouses.warehouse_name', 'warehouse', 'quantities.warehouse_id') }}
        as warehouse_name,
    coalesce(warehouses.is_transit, false) as is_transit_warehouse,
    products.product_code,
    {{ name_or_placeholder('products.product_name', 'product', 'quantities.product_id') }}
        as product_name,
    products.brand,
    products.category,
    products.base_uom,

    cast(quantities.on_hand_qty as numeric(18, 6)) as on_hand_qty,
    cast(quantities.usable_qty as numeric(18, 6)) as usable_qty,
    cast(quantities.reserved_qty as numeric(18, 6)) as reserved_qty,
    cast(quantities.usable_qty - quantities.reserved_qty as numeric(18, 6)) as free_qty,
    cast(greatest(quantities.reserved_qty - quantities.usable_qty, 0) as numeric(18, 6))
        as oversold_qty,
    cast(quantities.soft_hold_qty as numeric(18, 6)) as soft_hold_qty,

    cast(quantities.outgoing_qty as numeric(18, 6)) as outgoing_qty,
    cast(quantities.incoming_qty as numeric(18, 6)) as incoming_qty,
    cast(
        quantities.on_hand_qty - quantities.outgoing_qty + quantities.incoming_qty
        as numeric(18, 6)
    ) as forecast_qty,
    cast(quantities.transfer_out_qty as numeric(18, 6)) as transfer_out_qty,
    cast(quantities.transfer_in_qty as numeric(18, 6)) as transfer_in_qty,
    cast(quantities.in_transfer_qty as numeric(18, 6)) as in_transfer_qty
from quantities
left join products
    on quantities.product_id = products.product_id
left join warehouses
    on quantities.warehouse_id = warehouses.warehouse_id
