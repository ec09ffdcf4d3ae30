-- The unit a product's stock is kept in, and whether Odoo keeps stock of it at all. Odoo's moves,
-- move lines and quants carry their product quantity in this unit.
select
    v.id as product_id,
    (unit.name ->> 'en_US')::text as uom,
    coalesce(t.is_storable, false) as is_storable
from product_product as v
inner join product_template as t on t.id = v.product_tmpl_id
inner join uom_uom as unit on unit.id = t.uom_id
