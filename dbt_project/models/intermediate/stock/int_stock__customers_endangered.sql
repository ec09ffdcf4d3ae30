with endangered as (
    select * from {{ ref('int_stock__promises_endangered') }}
),

summed as (
    select
        count_id,
        warehouse_id,
        product_id,
        lot_id,
        customer_id,
        count(*) as line_count,
        sum(endangered_qty) as endangered_qty,
        sum(endangered_amount) as endangered_amount
    from endangered
    group by count_id, warehouse_id, product_id, lot_id, customer_id
)

select
    count_id,
    warehouse_id,
    product_id,
    lot_id,
    customer_id,
    cast(
        row_number() over (
            partition by count_id, warehouse_id, product_id, lot_id
            order by coalesce(endangered_amount, 0) desc, endangered_qty desc, customer_id asc
        ) as integer
    ) as customer_rank,
    line_count,
    endangered_qty,
    endangered_amount
from summed
