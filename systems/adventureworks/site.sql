-- The files name no site: one plant, at the company's seat in Bothell, Washington.
select
    'AW' as site_id,
    'Adventure Works' as name,
    'America/Los_Angeles' as tz
