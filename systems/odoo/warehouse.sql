-- Odoo warehouses, archived ones too (their movements remain), and the transit locations of a
-- company that lie outside every warehouse: goods wait there between two own warehouses.
-- The key is the row id, because a warehouse code is unique only within its company.
-- The inter-company transit location has no company: goods there have been sold, so it is no place
-- of ours.
with warehouse as (
    select
        w.id::text as warehouse_id,
        w.company_id::text as site_id,
        w.name::text as name,
        false as is_transit,
        w.id::text as source_id
    from stock_warehouse as w
),

transit as (
    select
        'T' || l.id as warehouse_id,
        l.company_id::text as site_id,
        coalesce(l.complete_name, l.name)::text as name,
        true as is_transit,
        l.id::text as source_id
    from stock_location as l
    where
        l.usage = 'transit'
        and l.company_id is not null
        and not exists (
            select 1
            from stock_warehouse as w
            inner join stock_location as top on top.id = w.view_location_id
            where starts_with(l.parent_path, top.parent_path)
        )
)

select
    warehouse_id,
    site_id,
    name,
    is_transit,
    source_id
from warehouse
union all
select
    warehouse_id,
    site_id,
    name,
    is_transit,
    source_id
from transit
