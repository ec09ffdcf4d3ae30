with stocks as (
    select * from {{ ref('stg_warehouse__stocks') }}
    where closing_on <= {{ as_of() }}
),

-- One closing holds all warehouses of a system: a warehouse absent from it is empty, not old.
latest_closings as (
    select
        source_system,
        max(closing_on) as closing_on
    from stocks
    group by source_system
)

select
    stocks.warehouse_id,
    stocks.product_id,
    -- Goods between two own warehouses lie in neither; others' goods are no stock of ours.
    sum(
        case
            when stocks.quality_status not in ('in_transfer', 'not_owned') then stocks.base_qty
            else 0
        end
    ) as on_hand_qty,
    sum(case when stocks.quality_status = 'usable' then stocks.base_qty else 0 end) as usable_qty,
    sum(case when stocks.quality_status = 'in_transfer' then stocks.base_qty else 0 end)
        as in_transfer_qty,
    sum(case when stocks.quality_status = 'consigned' then stocks.base_qty else 0 end)
        as consigned_qty,
    sum(case when stocks.quality_status = 'not_owned' then stocks.base_qty else 0 end)
        as not_owned_qty
from stocks
inner join latest_closings
    on
        stocks.source_system = latest_closings.source_system
        and stocks.closing_on = latest_closings.closing_on
group by stocks.warehouse_id, stocks.product_id
