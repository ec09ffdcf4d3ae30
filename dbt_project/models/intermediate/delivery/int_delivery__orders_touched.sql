{{ config(materialized='table') }}

{%- set late_days = '(select max(late_days) from ' ~ ref('delivery_tolerance') ~ ')' -%}
{%- set window_months = delivery_setting('otif_window_months') -%}

{#- Days that came since: what was not due is due, or has left the window. -#}
{%- set days_come = [
    (add_days(shown_until(), '1 - ' ~ late_days), add_days(as_of(), 1)),
    (first_of_month(shown_until(), '-' ~ window_months), first_of_month(as_of(), '-' ~ window_months)),
] -%}

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

orders_since as (
    select order_id
    from {{ ref('stg_sales__orders') }}
    where ordered_on > {{ shown_until() }}
),

orders_of_days as (
    select order_id
    from {{ ref('stg_sales__orders') }}
    where {{ is_in_days('ordered_on', days_come) }}
),

lines_of_days as (
    select order_id
    from {{ ref('stg_sales__order_lines') }}
    where {{ is_in_days('requested_on', days_come) }}
),

promises_of_days as (
    select order_id
    from {{ ref('stg_sales__promise_events') }}
    where {{ is_in_days('promised_on', days_come) }}
),

case_events_since as (
    select case_id
    from {{ ref('stg_coordination__case_events') }}
    where event_at >= {{ shown_until() }}
),

cases_since as (
    select order_id
    from {{ ref('stg_coordination__cases') }}
    where opened_at >= {{ shown_until() }}
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
    select order_id from {{ ref('int_sales__orders_touched') }}

    union distinct

    select order_id from {{ ref('stg_coordination__cases_changed') }}
    {% for step in [
        'shipments_changed', 'shipments_concerned', 'shipment_lines_concerned',
        'orders_of_customers', 'orders_since', 'orders_of_days', 'lines_of_days',
        'promises_of_days', 'cases_since', 'orders_of_cases',
    ] %}
        union distinct

        select order_id from {{ step }}
    {% endfor %}
)

select order_id
from concerned
-- A whole build asks for no list.
where order_id is not null and not {{ is_whole_build() }}
