-- Fail for every product without a reference row that comes in several units: the unit of the
-- row stands in for the base unit, and two of them cannot be added.
{%- set views = [
    'stg_warehouse__stocks',
    'stg_warehouse__planned_movements',
    'stg_warehouse__reservations',
    'stg_warehouse__counts',
    'stg_purchasing__order_lines',
    'stg_purchasing__inbounds',
    'stg_purchasing__receipts',
    'stg_logistics__shipment_lines',
] %}

with products as (
    select * from {{ ref('stg_reference__products') }}
),

named as (
    {% for view in views %}
        {{ "union distinct" if not loop.first }}

        select product_id
        from {{ get_where_subquery(ref(view)) }}
    {% endfor %}
),

unknown as (
    select named.product_id
    from named
    left join products
        on named.product_id = products.product_id
    where products.product_id is null and named.product_id is not null
),

rows_in_units as (
    {% for view in views %}
        {{ "union distinct" if not loop.first }}

        select
            product_id,
            uom
        from {{ ref(view) }}
        where {{ among_if_any('product_id', 'select product_id from unknown') }}
    {% endfor %}
)

select
    product_id,
    count(*) as unit_count
from rows_in_units
group by product_id
having count(*) > 1
