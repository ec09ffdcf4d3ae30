-- The files name no warehouse: the shop has one.
select
    'UK' as warehouse_id,
    'UK' as site_id,
    'Warehouse' as name,
    false as is_transit
