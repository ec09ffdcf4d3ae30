-- The files name no warehouse: the company has one.
select
    'EPM' as warehouse_id,
    'EPM' as site_id,
    'Warehouse' as name,
    false as is_transit
