{{ config(materialized='table') }}

-- Every import is used once and asks for its keys itself, so that an index finds them.
with shipments_changed as (
    select * from {{ ref('stg_logistics__shipments_changed') }}
),

issued_since as (
    select shipment_id
    from {{ ref('stg_logistics__shipments') }}
    where
        issued_at >= {{ add_days(shown_until(), -1) }}
        and issued_on > {{ shown_until() }}
),

shipments_of_warehouses as (
    select shipment_id
    from {{ ref('stg_logistics__shipments') }}
    where {{ among_if_any(
        'warehouse_id', 'select * from ' ~ ref('int_masterdata__warehouses_touched')
    ) }}
),

-- Shipments that left on another day than readers see, have left since or hold other lines.
shipments_moved as (
    select shipment_id from shipments_changed

    union distinct

    select shipment_id from {{ ref('stg_logistics__shipment_lines_changed') }}

    union distinct

    select shipment_id from issued_since

    union distinct

    select shipment_id from shipments_of_warehouses
),

lines_moved as (
    select order_id
    from {{ ref('stg_logistics__shipment_lines') }}
    where {{ among('shipment_id', 'select shipment_id from shipments_moved') }}
),

heads_moved as (
    select order_id
    from {{ ref('stg_logistics__shipments') }}
    where {{ among('shipment_id', 'select shipment_id from shipments_moved') }}
),

shipment_lines_of_products as (
    select order_id
    from {{ ref('stg_logistics__shipment_lines') }}
    where {{ among('product_id', 'select * from ' ~ ref('int_masterdata__products_touched')) }}
),

lines_of_products as (
    select order_id
    from {{ ref('stg_sales__order_lines') }}
    where {{ among('product_id', 'select * from ' ~ ref('int_masterdata__products_touched')) }}
),

lines_of_warehouses as (
    select order_id
    from {{ ref('stg_sales__order_lines') }}
    where {{ among_if_any(
        'warehouse_id', 'select * from ' ~ ref('int_masterdata__warehouses_touched')
    ) }}
),

promises_since as (
    select order_id
    from {{ ref('stg_sales__promise_events') }}
    where
        made_at >= {{ add_days(shown_until(), -1) }}
        and made_on > {{ shown_until() }}
),

concerned as (
    select order_id from {{ ref('stg_sales__orders_changed') }}

    union distinct

    select order_id from {{ ref('stg_sales__order_lines_changed') }}

    union distinct

    select order_id from {{ ref('stg_sales__promise_events_changed') }}

    union distinct

    select order_id from {{ ref('stg_logistics__shipment_lines_changed') }}
    {% for step in [
        'shipments_changed', 'lines_moved', 'heads_moved', 'shipment_lines_of_products',
        'lines_of_products', 'lines_of_warehouses', 'promises_since',
    ] %}
        union distinct

        select order_id from {{ step }}
    {% endfor %}
)

select order_id
from concerned
-- A whole build asks for no list.
where order_id is not null and not {{ is_whole_build() }}
