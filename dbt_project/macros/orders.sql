{#- Mechanics of open orders. -#}

{#- True for a line of a shipment that serves a touched order. Lines that name their order in the
    head of the shipment only are in no index by order, so lines are looked up by shipment. -#}
{%- macro serves_touched(touched) -%}
    {%- set shipments, lines = ref('stg_logistics__shipments'), ref('stg_logistics__shipment_lines') -%}
    {%- if is_whole_build() -%}
        true
    {%- else -%}
        shipment_id in (
            select shipments.shipment_id
            from {{ shipments }} as shipments
            where {{ joins_touched('shipments.order_id', touched) }}

            union distinct

            select own_lines.shipment_id
            from {{ lines }} as own_lines
            where {{ joins_touched('own_lines.own_order_id', touched) }}
        )
        and {{ joins_touched('order_id', touched) }}
    {%- endif -%}
{%- endmacro -%}

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
            and {{ serves_touched(touched) }}
        group by order_id, order_line_no
    ) as shipped
        on
            order_lines.order_id = shipped.order_id
            and order_lines.line_no = shipped.order_line_no
    where {{ joins_touched('order_lines.order_id', touched) }}
{%- endmacro -%}
