{#- Exact conversion to the base unit: quantity * num / den, never rounded here. -#}

{#- Join the product and the unit factor valid on a day to the rows under an alias. -#}
{%- macro join_base_unit(rows_alias, day) -%}
    left join {{ ref("stg_reference__products") }} as products
        on {{ rows_alias }}.product_id = products.product_id
    left join {{ ref("stg_reference__uom_factors") }} as uom_factors
        on {{ rows_alias }}.product_id = uom_factors.product_id
        and {{ rows_alias }}.uom = uom_factors.uom
        and {{ day }} >= uom_factors.valid_from
        and ({{ day }} < uom_factors.valid_to or uom_factors.valid_to is null)
{%- endmacro -%}

{#- Numerator of the factor. The base unit is 1; a product not in the reference feed is known
    only in the unit of the row, so that unit stands in for its base. A missing factor is null. -#}
{%- macro base_num(rows_alias) -%}
    case
        when products.product_id is null or {{ rows_alias }}.uom = products.base_uom then 1
        else uom_factors.num
    end
{%- endmacro -%}

{#- Denominator of the factor, by the same rule. -#}
{%- macro base_den(rows_alias) -%}
    case
        when products.product_id is null or {{ rows_alias }}.uom = products.base_uom then 1
        else uom_factors.den
    end
{%- endmacro -%}

{#- A quantity of the rows in the base unit; null where the factor is missing. -#}
{%- macro base_qty(rows_alias, qty) -%}
    {{ qty }} * {{ base_num(rows_alias) }} / {{ base_den(rows_alias) }}
{%- endmacro -%}
