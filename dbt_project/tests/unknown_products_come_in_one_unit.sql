-- Fail for every product without a reference row that comes in several units: the unit of the
-- row stands in for the base unit, and two of them cannot be added.
with rows_in_units as (
    select
        product_id,
        uom
    from {{ ref('stg_warehouse__stocks') }}

    union distinct

    select
        product_id,
        uom
    from {{ ref('stg_warehouse__planned_movements') }}

    union distinct

    select
        product_id,
        uom
    from {{ ref('stg_warehouse__reservations') }}

    union distinct

    select
        product_id,
        uom
    from {{ ref('stg_warehouse__counts') }}

    union distinct

    select
        product_id,
        uom
    from {{ ref('stg_purchasing__order_lines') }}

    union distinct

    select
        product_id,
        uom
    from {{ ref('stg_purchasing__inbounds') }}

    union distinct

    select
        product_id,
        uom
    from {{ ref('stg_purchasing__receipts') }}

    union distinct

    select
        product_id,
        uom
    from {{ ref('stg_logistics__shipment_lines') }}
),

products as (
    select * from {{ ref('stg_reference__products') }}
)

select
    rows_in_units.product_id,
    count(*) as unit_count
from rows_in_units
left join products
    on rows_in_units.product_id = products.product_id
where products.product_id is null and rows_in_units.product_id is not null
group by rows_in_units.product_id
having count(*) > 1
