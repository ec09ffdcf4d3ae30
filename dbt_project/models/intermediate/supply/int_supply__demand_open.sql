{{ config(
    materialized='table',
    indexes=[{'columns': ['demand_kind', 'demand_id', 'line_no'], 'unique': true}]
) }}

with open_lines as (
    select * from {{ ref('int_sales__order_lines_open') }}
),

orders as (
    select order_id from {{ ref('stg_sales__orders') }}
),

planned_movements as (
    select
        planned_movements.*,
        orders.order_id is not null as is_of_known_order
    from {{ ref('stg_warehouse__planned_movements') }} as planned_movements
    left join orders
        on planned_movements.order_id = orders.order_id
    where planned_movements.direction = 'out'
),

-- The warehouse plans an order's product, not its line: two lines of one leave together.
planned_days as (
    select
        order_id,
        warehouse_id,
        product_id,
        min(planned_on) as planned_on
    from planned_movements
    where
        movement_kind = 'sale_issue'
        and is_of_known_order
    group by order_id, warehouse_id, product_id
),

customers as (
    select * from {{ ref('stg_reference__customers') }}
),

routes as (
    select * from {{ ref('stg_logistics__routes') }}
),

dated as (
    select
        open_lines.*,
        planned_days.planned_on,
        coalesce(routes.transit_days, 0) as transit_days,
        coalesce(routes.calendar_site_id, '') as calendar_site_id
    from open_lines
    left join planned_days
        on
            open_lines.order_id = planned_days.order_id
            and open_lines.warehouse_id = planned_days.warehouse_id
            and open_lines.product_id = planned_days.product_id
    left join customers
        on open_lines.customer_id = customers.customer_id
    left join routes
        on customers.route_id = routes.route_id
),

days as (
    select * from {{ ref('int_supply__working_days') }}
),

-- Working days on the road are counted back from the day promised at the customer's door.
shipped_by as (
    select
        dated.*,
        case
            when dated.planned_on is not null then dated.planned_on
            when dated.transit_days = 0 or delivered.calendar_on is null
                then dated.due_on
            else coalesce(left_on.calendar_on, {{ as_of() }})
        end as ship_on
    from dated
    left join days as delivered
        on
            dated.calendar_site_id = delivered.site_id
            and dated.due_on = delivered.calendar_on
    left join days as left_on
        on
            delivered.site_id = left_on.site_id
            and delivered.working_day_no - dated.transit_days = left_on.working_day_no
            and left_on.is_working
),

-- A hold for an order is that order's; only a hold of nobody's order takes goods of its own.
holds as (
    select reservations.*
    from {{ ref('int_stock__reservations_judged') }} as reservations
    left join orders
        on reservations.order_id = orders.order_id
    where
        reservations.is_live
        and reservations.is_hard
        and orders.order_id is null
)

select
    'order' as demand_kind,
    order_id as demand_id,
    line_no,
    warehouse_id,
    product_id,
    ship_on,
    open_qty as demand_qty
from shipped_by
where warehouse_id is not null

union all

select
    'hold' as demand_kind,
    reservation_id as demand_id,
    0 as line_no,
    warehouse_id,
    product_id,
    cast(null as date) as ship_on,
    cast(base_qty as numeric(18, 6)) as demand_qty
from holds

union all

select
    'plan' as demand_kind,
    planned_movement_id as demand_id,
    0 as line_no,
    warehouse_id,
    product_id,
    planned_on as ship_on,
    cast(base_qty as numeric(18, 6)) as demand_qty
from planned_movements
where
    movement_kind <> 'sale_issue'
    or not is_of_known_order
