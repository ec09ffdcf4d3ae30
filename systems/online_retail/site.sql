-- The files name no place: one shop in the United Kingdom.
select
    'UK' as site_id,
    'Online shop' as name,
    'Europe/London' as tz
