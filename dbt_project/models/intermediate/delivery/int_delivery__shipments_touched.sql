{{ config(materialized='table') }}

with shipments_of_orders as (
    select shipment_id
    from {{ ref('stg_logistics__shipments') }}
    where {{ among('order_id', 'select * from ' ~ ref('int_delivery__orders_touched')) }}
),

shipment_lines_of_orders as (
    select shipment_id
    from {{ ref('stg_logistics__shipment_lines') }}
    where {{ among('own_order_id', 'select * from ' ~ ref('int_delivery__orders_touched')) }}
),

reached as (
    select shipment_id from {{ ref('int_delivery__shipments_concerned') }}

    union distinct

    select shipment_id from shipments_of_orders

    union distinct

    select shipment_id from shipment_lines_of_orders
),

with_take_backs as (
    {{ with_take_backs('reached') }}
)

select shipment_id
from with_take_backs
where shipment_id is not null
