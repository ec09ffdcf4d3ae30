{{ config(
    materialized='table',
    indexes=[{'columns': ['reservation_id'], 'unique': true}]
) }}

with reservations as (
    select * from {{ ref('stg_warehouse__reservations') }}
    -- By the clock, which has an index: of all that ever was held, little is shown.
    where released_at is null or released_at >= {{ add_days(as_of(), -36) }}
),

judged as (
    select
        reservations.*,
        -- The list is a snapshot: what it holds is made, whatever the clock of the source says.
        coalesce(released_on > {{ as_of() }}, true)
        and coalesce(valid_until_on > {{ as_of() }}, true) as is_live,
        -- Its day passed while it held: released by nobody, or by the clock.
        coalesce(valid_until_on <= {{ as_of() }}, false)
        and coalesce(released_at >= valid_until_at, true) as is_expired
    from reservations
)

select
    reservation_id,
    order_id,
    order_line_no,
    warehouse_id,
    product_id,
    is_hard,
    made_at,
    made_on,
    made_by_id,
    approved_by_id,
    valid_until_at,
    valid_until_on,
    released_at,
    released_on,
    release_reason,
    base_qty,
    is_live,
    is_expired,
    source_system,
    source_id
from judged
-- What lives, and what ended within the restatement window: 35 days.
where
    is_live
    or coalesce(released_on, valid_until_on) > {{ add_days(as_of(), -35) }}
