with stock as (
    select * from {{ ref('int_stock__stock_closed') }}
    where usable_qty <> 0 or on_hand_qty <> 0
),

demand as (
    select * from {{ ref('int_supply__demand_open') }}
),

supply as (
    select * from {{ ref('int_supply__supply_expected') }}
),

warehouses as (
    select * from {{ ref('stg_reference__warehouses') }}
),

products as (
    select * from {{ ref('stg_reference__products') }}
),

days as (
    select * from {{ ref('int_supply__working_days') }}
),

horizon as (
    select * from days
    where
        is_working
        and working_day_no <= {{ supply_rule('atp_horizon_days') }}
),

first_days as (
    select
        site_id,
        calendar_on as first_on
    from horizon
    where working_day_no = 1
),

named_places as (
    select
        warehouse_id,
        product_id
    from stock

    union distinct

    select
        warehouse_id,
        product_id
    from demand

    union distinct

    select
        warehouse_id,
        product_id
    from supply
),

-- Nothing is promised from goods that only pass between own warehouses.
places as (
    select
        named_places.warehouse_id,
        named_places.product_id,
        coalesce(first_days.site_id, '') as site_id,
        -- A number sorts in a fraction of the time of two texts, sixty times each place.
        row_number() over (order by named_places.warehouse_id, named_places.product_id)
            as place_no
    from named_places
    left join warehouses
        on named_places.warehouse_id = warehouses.warehouse_id
    left join first_days
        on warehouses.site_id = first_days.site_id
    where not coalesce(warehouses.is_transit, false)
),

-- What is past due, or has no day, must leave on the first one.
demand_days as (
    select
        places.warehouse_id,
        places.product_id,
        coalesce(days.previous_working_on, first_days.first_on, demand.ship_on) as available_on,
        sum(demand.demand_qty) as demand_qty
    from demand
    inner join places
        on
            demand.warehouse_id = places.warehouse_id
            and demand.product_id = places.product_id
    left join days
        on
            places.site_id = days.site_id
            and demand.ship_on = days.calendar_on
    left join first_days
        on
            places.site_id = first_days.site_id
            and coalesce(demand.ship_on <= {{ as_of() }}, true)
    group by
        places.warehouse_id,
        places.product_id,
        coalesce(days.previous_working_on, first_days.first_on, demand.ship_on)
),

supply_days as (
    select
        places.warehouse_id,
        places.product_id,
        days.next_working_on as available_on,
        sum(supply.expected_qty) as supply_qty
    from supply
    inner join places
        on
            supply.warehouse_id = places.warehouse_id
            and supply.product_id = places.product_id
    inner join days
        on
            places.site_id = days.site_id
            and supply.expected_on = days.calendar_on
    group by places.warehouse_id, places.product_id, days.next_working_on
),

safe_supply_days as (
    select
        places.warehouse_id,
        places.product_id,
        days.next_working_on as available_on,
        sum(supply.expected_qty) as supply_safe_qty
    from supply
    inner join places
        on
            supply.warehouse_id = places.warehouse_id
            and supply.product_id = places.product_id
    inner join days
        on
            places.site_id = days.site_id
            and supply.eta_safe_on = days.calendar_on
    group by places.warehouse_id, places.product_id, days.next_working_on
),

-- Stock stands on the first day, so that one running sum gives every day.
changes as (
    select
        places.place_no,
        places.warehouse_id,
        places.product_id,
        horizon.calendar_on as available_on,
        horizon.working_day_no,
        case
            when horizon.working_day_no = 1 then coalesce(round(stock.usable_qty, 6), 0)
            else 0
        end as opening_qty,
        coalesce(supply_days.supply_qty, 0) as supply_qty,
        coalesce(safe_supply_days.supply_safe_qty, 0) as supply_safe_qty,
        coalesce(demand_days.demand_qty, 0) as demand_qty
    from places
    inner join horizon
        on places.site_id = horizon.site_id
    left join stock
        on
            places.warehouse_id = stock.warehouse_id
            and places.product_id = stock.product_id
    left join supply_days
        on
            places.warehouse_id = supply_days.warehouse_id
            and places.product_id = supply_days.product_id
            and horizon.calendar_on = supply_days.available_on
    left join safe_supply_days
        on
            places.warehouse_id = safe_supply_days.warehouse_id
            and places.product_id = safe_supply_days.product_id
            and horizon.calendar_on = safe_supply_days.available_on
    left join demand_days
        on
            places.warehouse_id = demand_days.warehouse_id
            and places.product_id = demand_days.product_id
            and horizon.calendar_on = demand_days.available_on
),

cumulated as (
    select
        changes.*,
        sum(opening_qty + supply_qty - demand_qty) over (
            partition by place_no
            order by working_day_no
            rows between unbounded preceding and current row
        ) as cumulative_qty,
        sum(opening_qty + supply_safe_qty - demand_qty) over (
            partition by place_no
            order by working_day_no
            rows between unbounded preceding and current row
        ) as cumulative_safe_qty
    from changes
),

-- Looking ahead from the last day backwards: the least of all that is left later.
promised as (
    select
        cumulated.*,
        min(cumulative_qty) over (
            partition by place_no
            order by working_day_no desc
            rows between unbounded preceding and current row
        ) as atp_qty,
        min(cumulative_safe_qty) over (
            partition by place_no
            order by working_day_no desc
            rows between unbounded preceding and current row
        ) as atp_safe_qty
    from cumulated
),

first_available as (
    select
        promised.*,
        min(case when atp_qty >= 1 then available_on end)
            over (partition by place_no)
            as first_available_on,
        min(case when atp_qty >= 1 then working_day_no end)
            over (partition by place_no)
            as first_available_no,
        min(case when atp_safe_qty >= 1 then available_on end)
            over (partition by place_no)
            as first_safe_on,
        min(case when atp_safe_qty >= 1 then working_day_no end)
            over (partition by place_no)
            as first_safe_no
    from promised
)

select
    first_available.warehouse_id,
    first_available.product_id,
    first_available.available_on,
    products.product_code,
    {{ name_or_placeholder('products.product_name', 'product', 'first_available.product_id') }}
        as product_name,
    products.base_uom,

    cast(first_available.supply_qty as numeric(18, 6)) as supply_qty,
    cast(first_available.demand_qty as numeric(18, 6)) as demand_qty,
    cast(first_available.cumulative_qty as numeric(18, 6)) as cumulative_qty,
    cast(first_available.atp_qty as numeric(18, 6)) as atp_qty,
    cast(first_available.atp_safe_qty as numeric(18, 6)) as atp_safe_qty,
    -- What was promised on the eve, had the day brought nothing, is no gain of the day.
    cast(
        greatest(first_available.atp_qty, 0)
        - greatest(
            least(
                first_available.cumulative_qty
                - first_available.supply_qty
                + first_available.demand_qty,
                first_available.atp_qty
            ),
            0
        )
        as numeric(18, 6)
    ) as free_supply_qty,

    -- The first day itself would differ every morning.
    case
        when first_available.first_available_no = 1 then 'now'
        when first_available.first_available_no > 1 then 'later'
        else 'beyond_horizon'
    end as availability,
    case
        when first_available.first_available_no > 1 then first_available.first_available_on
    end as available_from_on,
    case
        when first_available.first_safe_no = 1 then 'now'
        when first_available.first_safe_no > 1 then 'later'
        else 'beyond_horizon'
    end as availability_safe,
    case
        when first_available.first_safe_no > 1 then first_available.first_safe_on
    end as available_safe_from_on
from first_available
left join products
    on first_available.product_id = products.product_id
