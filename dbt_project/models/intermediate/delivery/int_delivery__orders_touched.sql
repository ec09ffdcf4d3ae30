{{ config(materialized='table') }}

-- Every import is used once and asks for its keys itself, so that an index finds them.
with shipments_changed as (
    select * from {{ ref('stg_logistics__shipments_changed') }}
),

shipments_concerned as (
    select order_id
    from {{ ref('stg_logistics__shipments') }}
    where
        {{ among('shipment_id', 'select * from ' ~ ref('int_delivery__shipments_concerned')) }}
),

shipment_lines_concerned as (
    select order_id
    from {{ ref('stg_logistics__shipment_lines') }}
    where
        {{ among('shipment_id', 'select * from ' ~ ref('int_delivery__shipments_concerned')) }}
),

orders_of_customers as (
    select order_id
    from {{ ref('stg_sales__orders') }}
    where {{ among('customer_id', 'select * from ' ~ ref('int_masterdata__customers_touched')) }}
),

lines_of_products as (
    select order_id
    from {{ ref('stg_sales__order_lines') }}
    where {{ among('product_id', 'select * from ' ~ ref('int_masterdata__products_touched')) }}
),

lines_of_warehouses as (
    select order_id
    from {{ ref('stg_sales__order_lines') }}
    where {{ among('warehouse_id', 'select * from ' ~ ref('int_masterdata__warehouses_touched')) }}
),

orders_since as (
    select order_id
    from {{ ref('stg_sales__orders') }}
    where ordered_on > {{ shown_until() }}
),

promises_since as (
    select order_id
    from {{ ref('stg_sales__promise_events') }}
    where
        made_at >= {{ add_days(shown_until(), -1) }}
        and made_on > {{ shown_until() }}
),

-- Dates that came since: what was not due is due, or has left the window of a year.
days_come as (
    select
        {{ add_days(shown_until(), '1 - max(late_days)') }} as from_on,
        {{ add_days(as_of(), 1) }} as until_on
    from {{ ref('delivery_tolerance') }}

    union all

    select
        {{ first_of_month(shown_until(), '-number') }} as from_on,
        {{ first_of_month(as_of(), '-number') }} as until_on
    from {{ ref('delivery_setting') }}
    where setting = 'otif_window_months'
),

orders_of_days as (
    select orders.order_id
    from days_come
    inner join {{ ref('stg_sales__orders') }} as orders
        on days_come.from_on <= orders.ordered_on and days_come.until_on > orders.ordered_on
),

lines_of_days as (
    select order_lines.order_id
    from days_come
    inner join {{ ref('stg_sales__order_lines') }} as order_lines
        on
            days_come.from_on <= order_lines.requested_on
            and days_come.until_on > order_lines.requested_on
),

promises_of_days as (
    select promise_events.order_id
    from days_come
    inner join {{ ref('stg_sales__promise_events') }} as promise_events
        on
            days_come.from_on <= promise_events.promised_on
            and days_come.until_on > promise_events.promised_on
),

case_events_since as (
    select case_id
    from {{ ref('stg_coordination__case_events') }}
    where event_at >= {{ shown_until() }}
),

cases_touched as (
    select case_id from {{ ref('stg_coordination__case_legs_changed') }}

    union distinct

    select case_id from {{ ref('stg_coordination__case_events_changed') }}

    union distinct

    select case_id from case_events_since
),

orders_of_cases as (
    select order_id
    from {{ ref('stg_coordination__cases') }}
    where {{ among('case_id', 'select case_id from cases_touched') }}
),

concerned as (
    select order_id from {{ ref('stg_sales__orders_changed') }}

    union distinct

    select order_id from {{ ref('stg_sales__order_lines_changed') }}

    union distinct

    select order_id from {{ ref('stg_sales__promise_events_changed') }}

    union distinct

    select order_id from {{ ref('stg_logistics__shipment_lines_changed') }}

    union distinct

    select order_id from {{ ref('stg_coordination__cases_changed') }}
    {% for step in [
        'shipments_changed', 'shipments_concerned', 'shipment_lines_concerned',
        'orders_of_customers', 'lines_of_products', 'lines_of_warehouses', 'orders_since',
        'promises_since', 'orders_of_days', 'lines_of_days', 'promises_of_days',
        'orders_of_cases',
    ] %}
        union distinct

        select order_id from {{ step }}
    {% endfor %}
)

select order_id
from concerned
-- A whole build asks for no list.
where order_id is not null and not {{ is_whole_build() }}
