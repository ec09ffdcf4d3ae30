-- Commercial partners that were ever a supplier: by rank or on a purchase order.
with mention as (
    select id as partner_id from res_partner
    where supplier_rank > 0
    union
    select partner_id from purchase_order
),

supplier_key as (
    select distinct coalesce(p.commercial_partner_id, p.id) as partner_id
    from mention as m
    inner join res_partner as p on p.id = m.partner_id
)

select
    p.id::text as supplier_id,
    coalesce(p.name, p.complete_name, p.ref, 'Partner ' || p.id)::text as name,
    nullif(trim(p.vat), '')::text as tax_no,
    p.id::text as source_id
from supplier_key as k
inner join res_partner as p on p.id = k.partner_id
