{{ config(
    materialized='table',
    indexes=[{'columns': ['count_id', 'warehouse_id', 'product_id', 'lot_id'], 'unique': true}]
) }}

with stated as (
    select
        counts.*,
        round(counts.book_base_qty, 6) as book_qty,
        round(counts.counted_base_qty, 6) as counted_qty,
        round(counts.counted_base_qty, 6) - round(counts.book_base_qty, 6) as variance_qty
    from {{ ref('stg_warehouse__counts') }} as counts
    where counts.counted_on <= {{ as_of() }}
),

-- One import per use: a name used twice would be computed whole before it is joined.
postings as (
    select distinct
        movement_id,
        moved_at as posted_at
    from {{ ref('stg_warehouse__movements') }}
    where
        moved_on <= {{ as_of() }}
        and {{ among('movement_id', 'select posted_movement_id from stated') }}
),

movements as (
    select
        movement_id,
        warehouse_id,
        product_id,
        lot_id,
        moved_at
    from {{ ref('stg_warehouse__movements') }}
    where moved_on <= {{ as_of() }}
),

prices as (
    select * from {{ ref('int_stock__counts_priced') }}
),

-- Counts of one place in the order they were taken. A cancelled one does not count as the next.
in_turn as (
    select
        stated.*,
        postings.posted_at,
        min(case when stated.count_state <> 'cancelled' then stated.counted_at end) over (
            partition by stated.warehouse_id, stated.product_id, stated.lot_id
            order by stated.counted_at, stated.count_id
            rows between 1 following and unbounded following
        ) as next_counted_at,
        min(case when stated.count_state <> 'cancelled' then stated.counted_on end) over (
            partition by stated.warehouse_id, stated.product_id, stated.lot_id
            order by stated.counted_at, stated.count_id
            rows between 1 following and unbounded following
        ) as next_counted_on,
        max(postings.posted_at) over (
            partition by stated.warehouse_id, stated.product_id, stated.lot_id
            order by stated.counted_at, stated.count_id
            rows between unbounded preceding and 1 preceding
        ) as earlier_posted_at
    from stated
    left join postings
        on stated.posted_movement_id = postings.movement_id
),

-- Goods that moved while the difference waited to be posted; other counts' postings do not move.
moved as (
    select
        in_turn.count_id,
        in_turn.warehouse_id,
        in_turn.product_id,
        in_turn.lot_id,
        min(movements.moved_at) as first_moved_at
    from in_turn
    inner join movements
        on
            in_turn.warehouse_id = movements.warehouse_id
            and in_turn.product_id = movements.product_id
            and in_turn.lot_id = movements.lot_id
            and in_turn.counted_at < movements.moved_at
    left join postings
        on movements.movement_id = postings.movement_id
    where
        in_turn.variance_qty <> 0
        and in_turn.count_state in ('open', 'posted', 'cancelled')
        and postings.movement_id is null
        and coalesce(
            movements.moved_at < coalesce(in_turn.posted_at, in_turn.next_counted_at), true
        )
    group by in_turn.count_id, in_turn.warehouse_id, in_turn.product_id, in_turn.lot_id
),

judged as (
    select
        in_turn.*,
        moved.first_moved_at,
        moved.first_moved_at is not null as is_outdated,
        -- An earlier count was posted after this one was taken: this difference holds that one.
        in_turn.variance_qty <> 0
        and (
            coalesce(in_turn.counted_at < in_turn.earlier_posted_at, false)
            or coalesce(
                in_turn.count_state in ('open', 'cancelled')
                and (
                    in_turn.count_state = 'open'
                    or in_turn.next_counted_on = in_turn.counted_on
                )
                and in_turn.next_counted_at is not null,
                false
            )
        ) as is_repeated
    from in_turn
    left join moved
        on
            in_turn.count_id = moved.count_id
            and in_turn.warehouse_id = moved.warehouse_id
            and in_turn.product_id = moved.product_id
            and in_turn.lot_id = moved.lot_id
)

select
    judged.count_id,
    judged.warehouse_id,
    judged.product_id,
    judged.lot_id,
    judged.counted_at,
    judged.counted_on,
    judged.counter_id,
    judged.count_state,
    judged.cause,
    judged.posted_movement_id,
    judged.posted_at,
    judged.first_moved_at,
    judged.is_outdated,
    judged.is_repeated,
    judged.count_state = 'open'
    and judged.variance_qty <> 0
    and not judged.is_outdated
    and not judged.is_repeated as is_open_difference,

    cast(judged.book_qty as numeric(18, 6)) as book_qty,
    cast(judged.counted_qty as numeric(18, 6)) as counted_qty,
    cast(judged.variance_qty as numeric(18, 6)) as variance_qty,
    cast(
        case
            when
                judged.count_state = 'open' and not judged.is_outdated and not judged.is_repeated
                then greatest(-judged.variance_qty, 0)
            else 0
        end as numeric(18, 6)
    ) as open_loss_qty,

    prices.unit_value,
    prices.value_basis,
    judged.source_system,
    judged.source_id
from judged
left join prices
    on
        judged.count_id = prices.count_id
        and judged.warehouse_id = prices.warehouse_id
        and judged.product_id = prices.product_id
        and judged.lot_id = prices.lot_id
