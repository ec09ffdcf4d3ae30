{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    unique_key='shipment_id',
    touched='int_delivery__shipments_touched',
    on_schema_change='fail',
    indexes=[{'columns': ['shipment_id', 'line_no'], 'unique': true}]
) }}

with shipments as (
    select * from {{ ref('stg_logistics__shipments') }}
    where {{ joins_touched('shipment_id', 'int_delivery__shipments_touched') }}
),

pick_lines as (
    select
        pick_lines.*,
        {{ zone_of('shipments') }} as warehouse_tz
    from {{ ref('stg_warehouse__pick_lines') }} as pick_lines
    left join shipments
        on pick_lines.shipment_id = shipments.shipment_id
    where
        {{ business_date('pick_lines.picked_at', zone_of('shipments')) }} <= {{ as_of() }}
        and {{ joins_touched('pick_lines.shipment_id', 'int_delivery__shipments_touched') }}
),

pick_errors as (
    select * from {{ ref('stg_warehouse__pick_errors') }}
),

picks as (
    select
        shipment_id,
        line_no,
        sum(source_picked_qty) as source_picked_qty,
        min(picker_id) as picker_id,
        max(checked_by_id) as checked_by_id,
        max(picked_at) as picked_at
    from pick_lines
    group by shipment_id, line_no
),

errors as (
    select
        pick_lines.shipment_id,
        pick_lines.line_no,
        count(*) as error_count,
        {% for kind in pick_error_kinds() %}
            max(case when pick_errors.error_kind = '{{ kind }}' then 1 else 0 end)
                as {{ kind }}_count,
        {% endfor %}
        max(
            case pick_errors.found_where
                when 'customer' then 3
                when 'loading' then 2
                else 1
            end
        ) as found_rank,
        max(
            case
                when
                    pick_errors.found_where = 'customer'
                    and pick_errors.error_kind in ('short', 'over')
                    then 1
                else 0
            end
        ) as wrong_qty_count,
        max(
            case
                when
                    pick_errors.found_where = 'customer'
                    and pick_errors.error_kind = 'missing_papers'
                    then 1
                else 0
            end
        ) as wrong_papers_count,
        max(
            case
                when
                    pick_errors.found_where = 'customer'
                    and pick_errors.error_kind in (
                        'damaged', 'hidden_defect', 'wrong_item', 'wrong_lot_or_unit'
                    )
                    then 1
                else 0
            end
        ) as wrong_goods_count,
        max(pick_errors.case_id) as case_id
    from pick_errors
    inner join pick_lines
        on pick_errors.pick_line_id = pick_lines.pick_line_id
    where
        {{ business_date('pick_errors.found_at', 'pick_lines.warehouse_tz') }} <= {{ as_of() }}
    group by pick_lines.shipment_id, pick_lines.line_no
)

select
    picks.shipment_id,
    picks.line_no,
    picks.source_picked_qty,
    picks.picker_id,
    picks.checked_by_id,
    picks.picked_at,
    cast(coalesce(errors.error_count, 0) as integer) as error_count,
    {% for kind in pick_error_kinds() %}
        coalesce(errors.{{ kind }}_count, 0) = 1 as is_{{ kind }},
    {% endfor %}
    case errors.found_rank
        when 3 then 'customer'
        when 2 then 'loading'
        when 1 then 'check'
    end as found_where,
    -- What was found before the goods left was put right; only the customer's finds count.
    coalesce(errors.wrong_qty_count, 0) = 1 as has_wrong_qty,
    coalesce(errors.wrong_papers_count, 0) = 1 as has_wrong_papers,
    coalesce(errors.wrong_goods_count, 0) = 1 as has_wrong_goods,
    errors.case_id
from picks
left join errors
    on
        picks.shipment_id = errors.shipment_id
        and picks.line_no = errors.line_no
