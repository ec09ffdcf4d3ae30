-- The files name no site of the company itself: one, by the euros of its books in Walldorf.
select
    'EPM' as site_id,
    'Enterprise Procurement Model' as name,
    'Europe/Berlin' as tz
