-- The files name no warehouse: the company has one.
select
    'NW' as warehouse_id,
    'NW' as site_id,
    'Northwind Traders' as name,
    false as is_transit
