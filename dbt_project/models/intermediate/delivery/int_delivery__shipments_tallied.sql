{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    unique_key='shipment_id',
    touched='int_delivery__shipments_touched',
    on_schema_change='fail',
    indexes=[{'columns': ['shipment_id', 'delivered_month_on'], 'unique': true}]
) }}

with outcomes as (
    select * from {{ ref('int_delivery__outcomes_reported') }}
    where {{ joins_touched('shipment_id', 'int_delivery__shipments_touched') }}
),

shipments as (
    select * from {{ ref('stg_logistics__shipments') }}
    where {{ joins_touched('shipment_id', 'int_delivery__shipments_touched') }}
)

select
    outcomes.shipment_id,
    shipments.customer_id,
    {{ first_of_month('outcomes.delivered_on') }} as delivered_month_on,
    count(*) as line_count,
    cast(sum(outcomes.accepted_base_qty) as numeric(28, 12)) as delivered_qty
from outcomes
inner join shipments
    on outcomes.shipment_id = shipments.shipment_id
where
    outcomes.is_standing
    and outcomes.delivered_on is not null
    and shipments.customer_id is not null
group by
    outcomes.shipment_id,
    shipments.customer_id,
    {{ first_of_month('outcomes.delivered_on') }}
