{#- Mechanics of open orders. -#}

{#- Query of the order lines of touched orders: how much was ordered, cancelled and shipped by the end
    of as_of, at full scale in the base unit; null is a unit without a factor. Shipped is what left
    less what was taken back, proved or not. `touched` is a model of one column, order_id. -#}
{%- macro order_lines_progressed(touched) -%}
    select
        order_lines.order_id,
        order_lines.line_no,
        order_lines.product_id,
        order_lines.warehouse_id,
        order_lines.requested_on,

        order_lines.base_num,
        order_lines.base_den,
        order_lines.base_qty as ordered_base_qty,
        order_lines.cancelled_base_qty,
        coalesce(shipped.shipped_base_qty, 0) as shipped_base_qty,

        order_lines.currency_code,
        order_lines.unit_net_price,
        order_lines.tax_rate,

        order_lines.source_system,
        order_lines.source_id
    from {{ ref('stg_sales__order_lines') }} as order_lines
    left join (
        select
            order_id,
            order_line_no,
            sum(base_qty) as shipped_base_qty
        from {{ ref('stg_logistics__shipment_lines') }}
        where
            issued_on <= {{ as_of() }}
            and {{ joins_touched('order_id', touched) }}
        group by order_id, order_line_no
    ) as shipped
        on
            order_lines.order_id = shipped.order_id
            and order_lines.line_no = shipped.order_line_no
    where {{ joins_touched('order_lines.order_id', touched) }}
{%- endmacro -%}
