-- Product variants, archived ones too: stock and old papers still name them.
-- The article number may be absent, so the key is the variant's id. Names are jsonb by language;
-- en_US is always there in Odoo and keeps names the same whoever reads. A unit is whole when Odoo
-- rounds it to one or more, or every piece has a serial number.
select
    v.id::text as product_id,
    coalesce(nullif(trim(v.default_code), ''), nullif(trim(t.default_code), ''))::text
        as product_code,
    coalesce(t.name ->> 'en_US', 'Product ' || v.id)::text as name,
    null::text as brand,
    category.complete_name::text as category,
    (unit.name ->> 'en_US')::text as base_uom,
    null::text as abc,
    (unit.rounding >= 1 or coalesce(t.tracking = 'serial', false)) as whole_units,
    v.id::text as source_id
from product_product as v
inner join product_template as t on t.id = v.product_tmpl_id
inner join uom_uom as unit on unit.id = t.uom_id
left join product_category as category on category.id = t.categ_id
