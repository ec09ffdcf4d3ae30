with supply as (
    select * from {{ ref('int_supply__supply_expected') }}
    where supply_kind = 'purchase'
),

warehouses as (
    select * from {{ ref('stg_reference__warehouses') }}
),

days as (
    select * from {{ ref('int_supply__working_days') }}
),

free_days as (
    select
        warehouse_id,
        product_id,
        available_on,
        free_supply_qty
    from {{ ref('atp_daily') }}
    where free_supply_qty > 0
),

sites as (
    select distinct site_id from days
),

arriving as (
    select
        supply.*,
        days.next_working_on
    from supply
    left join warehouses
        on supply.warehouse_id = warehouses.warehouse_id
    left join sites
        on warehouses.site_id = sites.site_id
    inner join days
        on
            coalesce(sites.site_id, '') = days.site_id
            and supply.expected_on = days.calendar_on
),

-- Orders take what comes first by its key; what is left free is shown once, not on each row.
queued as (
    select
        arriving.po_id,
        arriving.line_no,
        arriving.inbound_id,
        arriving.expected_qty,
        free_days.free_supply_qty,
        coalesce(
            sum(arriving.expected_qty) over (
                partition by
                    arriving.warehouse_id, arriving.product_id, arriving.next_working_on
                order by arriving.po_id desc, arriving.line_no desc, arriving.inbound_id desc
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as behind_qty
    from arriving
    inner join free_days
        on
            arriving.warehouse_id = free_days.warehouse_id
            and arriving.product_id = free_days.product_id
            and arriving.next_working_on = free_days.available_on
)

select
    po_id,
    line_no,
    inbound_id,
    cast(
        least(expected_qty, greatest(free_supply_qty - behind_qty, 0)) as numeric(18, 6)
    ) as free_qty
from queued
