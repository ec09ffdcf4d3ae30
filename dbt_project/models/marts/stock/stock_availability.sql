with stock as (
    select * from {{ ref('int_stock__stock_closed') }}
),

reservations as (
    select * from {{ ref('int_stock__reservations_held') }}
),

planned_movements as (
    select * from {{ ref('int_stock__movements_planned') }}
),

goods_picked as (
    select * from {{ ref('int_stock__goods_picked') }}
),

counts as (
    select * from {{ ref('int_stock__counts_judged') }}
    where count_state <> 'cancelled'
),

records as (
    select * from {{ ref('int_stock__records_accurate') }}
),

classified as (
    select * from {{ ref('int_stock__products_classified') }}
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

    union distinct

    select
        warehouse_id,
        product_id
    from counts
    where is_open_difference
),

counted as (
    select
        counts.*,
        rank() over (
            partition by warehouse_id, product_id
            order by counted_at desc, count_id desc
        ) as recency_rank
    from counts
),

last_counts as (
    select
        warehouse_id,
        product_id,
        max(counted_at) as last_counted_at,
        sum(case when recency_rank = 1 then variance_qty else 0 end) as last_variance_qty,
        sum(case when is_open_difference then variance_qty else 0 end) as open_discrepancy_qty,
        sum(open_loss_qty) as open_loss_qty,
        -- A repeated difference is told by the other count.
        max(
            case
                when count_state = 'open' and variance_qty <> 0 and not is_repeated then 1
                else 0
            end
        ) as doubt_count
    from counted
    group by warehouse_id, product_id
),

-- Rounded once, before subtracting, so that the columns add up to the last digit.
quantities as (
    select
        places.warehouse_id,
        places.product_id,
        round(coalesce(stock.on_hand_qty, 0), 6) as on_hand_qty,
        round(coalesce(stock.usable_qty, 0), 6) as usable_qty,
        round(coalesce(stock.in_transfer_qty, 0), 6) as in_transfer_qty,
        round(coalesce(stock.consigned_qty, 0), 6) as consigned_qty,
        round(coalesce(stock.not_owned_qty, 0), 6) as not_owned_qty,
        round(coalesce(reservations.reserved_qty, 0), 6) as reserved_qty,
        round(coalesce(goods_picked.picked_qty, 0), 6) as picked_qty,
        coalesce(last_counts.open_loss_qty, 0) as open_loss_qty,
        coalesce(last_counts.open_discrepancy_qty, 0) as open_discrepancy_qty,
        coalesce(last_counts.doubt_count, 0) > 0 as is_count_in_doubt,
        last_counts.last_counted_at,
        last_counts.last_variance_qty,
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
    left join goods_picked
        on
            places.warehouse_id = goods_picked.warehouse_id
            and places.product_id = goods_picked.product_id
    left join last_counts
        on
            places.warehouse_id = last_counts.warehouse_id
            and places.product_id = last_counts.product_id
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
    cast(quantities.in_transfer_qty as numeric(18, 6)) as in_transfer_qty,

    -- Picked goods are held goods on their way out: they were taken off free already.
    cast(least(quantities.picked_qty, quantities.reserved_qty) as numeric(18, 6)) as picked_qty,
    cast(quantities.consigned_qty as numeric(18, 6)) as consigned_qty,
    cast(quantities.not_owned_qty as numeric(18, 6)) as not_owned_qty,
    cast(
        greatest(quantities.usable_qty - quantities.reserved_qty - quantities.open_loss_qty, 0)
        as numeric(18, 6)
    ) as promise_safe_qty,
    quantities.last_counted_at,
    cast(quantities.last_variance_qty as numeric(18, 6)) as last_variance_qty,
    cast(quantities.open_discrepancy_qty as numeric(18, 6)) as open_discrepancy_qty,
    cast(quantities.open_loss_qty as numeric(18, 6)) as open_loss_qty,
    quantities.is_count_in_doubt,
    coalesce(classified.abc_class, 'C') as abc_class,
    -- The 90 days end on the last Sunday: one count must not rewrite the rows of its whole class.
    cast(
        {{ percentage('records.week_accurate_record_count', 'records.week_counted_record_count') }}
        as numeric(5, 2)
    ) as ira_class_90d
from quantities
left join products
    on quantities.product_id = products.product_id
left join warehouses
    on quantities.warehouse_id = warehouses.warehouse_id
left join classified
    on quantities.product_id = classified.product_id
left join records
    on
        quantities.warehouse_id = records.warehouse_id
        and coalesce(classified.abc_class, 'C') = records.abc_class
