{{ config(materialized='table') }}

-- Every import is used once and asks for its keys itself, so that an index finds them.
with lines_of_products as (
    select po_id
    from {{ ref('stg_purchasing__order_lines') }}
    where {{ among('product_id', 'select * from ' ~ ref('int_masterdata__products_touched')) }}
),

lines_of_warehouses as (
    select po_id
    from {{ ref('stg_purchasing__order_lines') }}
    where {{ among_if_any(
        'warehouse_id', 'select * from ' ~ ref('int_masterdata__warehouses_touched')
    ) }}
),

-- A receipt may name other goods, or another store, than its line.
receipts_of_products as (
    select po_id
    from {{ ref('stg_purchasing__receipts') }}
    where {{ among_if_any(
        'product_id', 'select * from ' ~ ref('int_masterdata__products_touched')
    ) }}
),

receipts_of_warehouses as (
    select po_id
    from {{ ref('stg_purchasing__receipts') }}
    where {{ among_if_any(
        'warehouse_id', 'select * from ' ~ ref('int_masterdata__warehouses_touched')
    ) }}
),

-- What was dated later than readers see takes effect as days go by.
eta_events_since as (
    select po_id
    from {{ ref('stg_purchasing__eta_events') }}
    where
        changed_at >= {{ add_days(shown_until(), -1) }}
        and changed_on > {{ shown_until() }}
),

inbounds_since as (
    select po_id
    from {{ ref('stg_purchasing__inbounds') }}
    where shipped_on > {{ shown_until() }}
),

receipts_since as (
    select po_id
    from {{ ref('stg_purchasing__receipts') }}
    where
        received_at >= {{ add_days(shown_until(), -1) }}
        and received_on > {{ shown_until() }}
),

concerned as (
    select po_id from {{ ref('stg_purchasing__orders_changed') }}

    union distinct

    select po_id from {{ ref('stg_purchasing__order_lines_changed') }}

    union distinct

    select po_id from {{ ref('stg_purchasing__eta_events_changed') }}

    union distinct

    select po_id from {{ ref('stg_purchasing__inbounds_changed') }}

    union distinct

    select po_id from {{ ref('stg_purchasing__receipts_changed') }}
    {% for step in [
        'lines_of_products', 'lines_of_warehouses', 'receipts_of_products',
        'receipts_of_warehouses', 'eta_events_since', 'inbounds_since', 'receipts_since',
    ] %}
        union distinct

        select po_id from {{ step }}
    {% endfor %}
)

select po_id
from concerned
-- A whole build asks for no list.
where po_id is not null and not {{ is_whole_build() }}
