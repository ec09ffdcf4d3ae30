{{ config(materialized='table') }}

{#- Days of issue that came of an age at which a row is left out or its working days are not
    known. -#}
{%- set ages = [] -%}
{%- for days in [shipments_kept_days(), site_days_kept()] -%}
    {%- do ages.append((add_days(shown_until(), '-' ~ days), add_days(as_of(), '-' ~ days))) -%}
{%- endfor -%}

with came_of_age as (
    select shipment_id
    from {{ ref('stg_logistics__shipments') }}
    where
        {{ is_issued_in(*ages[0]) }}
        or {{ is_issued_in(*ages[1]) }}
),

with_take_backs as (
    {{ with_take_backs('came_of_age') }}
),

concerned as (
    select shipment_id from {{ ref('int_delivery__shipments_touched') }}

    union distinct

    select shipment_id from with_take_backs
)

select shipment_id
from concerned
-- A whole build asks for no list.
where shipment_id is not null and not {{ is_whole_build() }}
