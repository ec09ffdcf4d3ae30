with eta_events as (
    select * from {{ ref('stg_purchasing__eta_events') }}
    where changed_on <= {{ as_of() }}
),

-- An event whose line is unknown is nobody's change; the lines shown by inbound_supply count.
lines as (
    select distinct
        po_id,
        line_no,
        po_number,
        supplier_id,
        warehouse_id,
        product_id,
        first_confirmed_on
    from {{ ref('int_supply__inbounds_judged') }}
),

reasons as (
    select * from {{ ref('absence_reason') }}
),

suppliers as (
    select * from {{ ref('stg_reference__suppliers') }}
),

employees as (
    select * from {{ ref('stg_reference__employees') }}
),

products as (
    select * from {{ ref('stg_reference__products') }}
),

numbered as (
    select
        eta_events.*,
        lines.po_number,
        lines.supplier_id,
        lines.warehouse_id,
        lines.product_id,
        lines.first_confirmed_on,
        row_number() over (
            partition by eta_events.po_id, eta_events.line_no
            order by eta_events.changed_at, eta_events.event_id
        ) as event_no
    from eta_events
    inner join lines
        on
            eta_events.po_id = lines.po_id
            and eta_events.line_no = lines.line_no
)

select
    numbered.event_id,
    numbered.po_id,
    numbered.line_no,
    numbered.po_number,
    numbered.supplier_id,
    {{ name_or_placeholder('suppliers.supplier_name', 'supplier', 'numbered.supplier_id') }}
        as supplier_name,
    numbered.warehouse_id,
    numbered.product_id,
    products.product_code,
    {{ name_or_placeholder('products.product_name', 'product', 'numbered.product_id') }}
        as product_name,

    cast(numbered.event_no as integer) as event_no,
    numbered.event_no = 1 and numbered.old_expected_on is null as is_first_date,
    numbered.first_confirmed_on,
    numbered.old_expected_on,
    numbered.new_expected_on,
    {{ days_between('numbered.old_expected_on', 'numbered.new_expected_on') }} as moved_days,
    {{ days_between('numbered.first_confirmed_on', 'numbered.new_expected_on') }} as slip_days,
    numbered.changed_at,
    numbered.changed_by_id,
    employees.employee_name as changed_by_name,
    numbered.change_reason,
    case
        when numbered.event_no = 1 and numbered.old_expected_on is null then null
        else coalesce(reasons.absence_reason, 'unknown')
    end as absence_reason,

    numbered.source_system,
    numbered.source_id
from numbered
left join reasons
    on numbered.change_reason = reasons.change_reason
left join suppliers
    on numbered.supplier_id = suppliers.supplier_id
left join employees
    on
        numbered.changed_by_id = employees.employee_id
        and numbered.changed_on >= employees.valid_from
        and (numbered.changed_on < employees.valid_to or employees.valid_to is null)
left join products
    on numbered.product_id = products.product_id
