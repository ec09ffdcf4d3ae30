-- Units a product is kept, bought or sold in, as an exact fraction of its base unit.
-- Odoo stores `factor` = units per reference unit. People type the ratio that is a short decimal:
-- the inverse for "bigger" units (12 for a dozen, stored as 0.0833...), the factor itself for
-- "smaller" ones. Eight digits bring that typed number back; a short decimal is an exact fraction.
-- A fraction that does not fit 32-bit integers (exotic pairs such as inch to mile) is replaced by
-- the nearest one over a million. Odoo keeps no dates for factors: one row from an early day.
with unit as (
    select
        id,
        category_id,
        (name ->> 'en_US')::text as uom,
        case
            when uom_type = 'bigger' then trim_scale(round(1 / factor, 8))
            else 1::numeric
        end as multiplier,
        case
            when uom_type = 'bigger' then 1::numeric
            else trim_scale(round(factor, 8))
        end as divisor
    from uom_uom
    where factor > 0
),

used as (
    select
        v.id as product_id,
        t.uom_id as unit_id
    from product_product as v
    inner join product_template as t on t.id = v.product_tmpl_id
    union
    select
        v.id,
        t.uom_po_id
    from product_product as v
    inner join product_template as t on t.id = v.product_tmpl_id
    union
    select
        product_id,
        product_uom
    from sale_order_line
    where product_id is not null
    union
    select
        product_id,
        product_uom
    from purchase_order_line
    where product_id is not null
),

ratio as (
    select
        used.product_id,
        unit.id as unit_id,
        unit.uom,
        unit.multiplier * base.divisor as num,
        unit.divisor * base.multiplier as den
    from used
    inner join product_product as v on v.id = used.product_id
    inner join product_template as t on t.id = v.product_tmpl_id
    inner join unit as base on base.id = t.uom_id
    inner join unit on unit.id = used.unit_id and unit.category_id = base.category_id
),

whole as (
    select
        *,
        num * power(10::numeric, greatest(scale(num), scale(den))) as whole_num,
        den * power(10::numeric, greatest(scale(num), scale(den))) as whole_den
    from ratio
),

fraction as (
    select
        *,
        round(whole_num / gcd(round(whole_num), round(whole_den))) as short_num,
        round(whole_den / gcd(round(whole_num), round(whole_den))) as short_den
    from whole
)

select
    product_id::text as product_id,
    uom,
    date '1900-01-01' as valid_from,
    case
        when greatest(short_num, short_den) <= 2147483647 then short_num
        else greatest(round(num / den * 1000000), 1)
    end::integer as num,
    case
        when greatest(short_num, short_den) <= 2147483647 then short_den
        else 1000000
    end::integer as den,
    unit_id::text as source_id
from fraction
