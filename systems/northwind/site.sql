-- The files name no site: one, at the company's seat.
select
    'NW' as site_id,
    'Northwind Traders' as name,
    'America/Los_Angeles' as tz
