with judged as (
    select * from {{ ref('int_stock__reservations_judged') }}
)

select
    warehouse_id,
    product_id,
    sum(case when is_hard then base_qty else 0 end) as reserved_qty,
    sum(case when not is_hard then base_qty else 0 end) as soft_hold_qty
from judged
where is_live
group by warehouse_id, product_id
