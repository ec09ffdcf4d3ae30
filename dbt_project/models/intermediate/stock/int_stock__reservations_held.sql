with reservations as (
    select * from {{ ref('stg_warehouse__reservations') }}
),

judged as (
    select
        reservations.*,
        -- The list is a snapshot: what it holds is made, whatever the clock of the source says.
        coalesce(released_on > {{ as_of() }}, true)
        and coalesce(valid_until_on > {{ as_of() }}, true) as is_live
    from reservations
)

select
    warehouse_id,
    product_id,
    sum(case when is_live and is_hard then base_qty else 0 end) as reserved_qty,
    sum(case when is_live and not is_hard then base_qty else 0 end) as soft_hold_qty
from judged
where is_live
group by warehouse_id, product_id
