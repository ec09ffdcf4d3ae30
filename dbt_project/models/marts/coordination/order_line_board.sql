{%- set areas = ["payment", "stock", "supply", "reservation", "case", "delivery"] -%}
{%- set people = ["ask_id", "ask_name", "ask_deputy_id", "ask_deputy_name"] -%}

with lines as (
    select * from {{ ref('int_coordination__order_lines_judged') }}
),

findings as (
    select * from {{ ref('board_finding') }}
),

answering as (
    select * from {{ ref('int_coordination__areas_answered') }}
),

customers as (
    select * from {{ ref('int_masterdata__customers_with_managers') }}
),

products as (
    select * from {{ ref('stg_reference__products') }}
),

warehouses as (
    select * from {{ ref('stg_reference__warehouses') }}
),

employees as (
    select * from {{ ref('stg_reference__employees') }}
    where
        {{ as_of() }} >= valid_from
        and ({{ as_of() }} < valid_to or valid_to is null)
),

rated as (
    select
        lines.*,
        {%- for area in areas %}
            coalesce({{ area }}_rating.status, 'ok') as {{ area }}_status,
        {%- endfor %}
        least(
            {%- for area in areas %}
                coalesce({{ area }}_rating.priority, no_finding.priority){{ "," if not loop.last }}
            {%- endfor %}
        ) as first_priority
    from lines
    left join findings as no_finding
        on no_finding.finding = 'none'
    {%- for area in areas %}
        left join findings as {{ area }}_rating
            on lines.{{ area }}_finding = {{ area }}_rating.finding
    {%- endfor %}
),

-- Who is asked about a cell that is not ok: somebody employed today. Of a case who has not finished
-- a leg, before the owner of the list of cases.
answered as (
    select
        rated.*,
        {%- for area in areas %}
            {%- for person in people %}
                case
                    when rated.{{ area }}_status = 'ok' then null
                    {%- if area == "case" %}
                        when rated.leg_{{ person }} is not null then rated.leg_{{ person }}
                    {%- endif %}
                    else {{ area }}_people.{{ person }}
                end as {{ area }}_{{ person }},
            {%- endfor %}
        {%- endfor %}
        first_finding.area as urgent_area,
        first_finding.finding as urgent_finding,
        first_finding.status as line_status,
        first_finding.action_code as next_action_code,
        first_finding.action as next_action
    from rated
    inner join findings as first_finding
        on rated.first_priority = first_finding.priority
    {%- for area in areas %}
        left join answering as {{ area }}_people
            on {{ area }}_people.area = '{{ area }}'
    {%- endfor %}
)

select
    answered.order_id,
    answered.line_no as order_line_no,
    answered.order_number,
    answered.ordered_on,
    answered.customer_id,
    {{ name_or_placeholder('customers.customer_name', 'customer', 'answered.customer_id') }}
        as customer_name,
    customers.manager_id,
    customers.manager_name,
    answered.seller_id,
    sellers.employee_name as seller_name,
    answered.product_id,
    products.product_code,
    {{ name_or_placeholder('products.product_name', 'product', 'answered.product_id') }}
        as product_name,
    products.base_uom,
    answered.warehouse_id,
    case
        when answered.warehouse_id is not null
            then
                {{ name_or_placeholder(
                    'warehouses.warehouse_name', 'warehouse', 'answered.warehouse_id'
                ) }}
    end as warehouse_name,

    answered.open_qty,
    {{ company_currency() }} as currency_code,
    cast(answered.open_qty * answered.unit_value as numeric(18, 2)) as open_amount,
    answered.requested_on,
    answered.first_promised_on,
    answered.last_promised_on,
    answered.due_on,

    answered.line_status,
    answered.next_action_code,
    answered.next_action,
    case when answered.line_status <> 'ok' then answered.urgent_area end as urgent_area,
    answered.urgent_finding,
    {%- for person in people %}
        case answered.urgent_area
            {%- for area in areas %}
                when '{{ area }}' then answered.{{ area }}_{{ person }}
            {%- endfor %}
        end as {{ person }},
    {%- endfor %}

    answered.payment_status,
    answered.payment_finding,
    answered.stop_reasons,
    answered.payment_lift_amount,
    case when answered.payment_lift_amount is not null then answered.lift_currency_code end
        as payment_lift_currency_code,
    case
        when answered.stop_reasons is not null
            then not answered.is_blocked_by_hand and not answered.is_risk_flagged
    end as is_lifted_by_payment,
    case when answered.is_blocked_by_hand then answered.credit_limit_reason end
        as blocked_reason,
    answered.payment_ask_id,
    answered.payment_ask_name,
    answered.payment_ask_deputy_id,
    answered.payment_ask_deputy_name,

    answered.stock_status,
    answered.stock_finding,
    cast(coalesce(answered.endangered_qty, 0) as numeric(18, 6)) as endangered_qty,
    answered.endangered_count_id,
    answered.is_count_in_doubt,
    answered.free_qty,
    answered.promise_safe_qty,
    answered.stock_ask_id,
    answered.stock_ask_name,
    answered.stock_ask_deputy_id,
    answered.stock_ask_deputy_name,

    answered.supply_status,
    answered.supply_finding,
    cast(coalesce(answered.lack_qty, 0) as numeric(18, 6)) as lack_qty,
    answered.supply_kind,
    answered.po_id,
    answered.po_line_no,
    answered.inbound_id,
    answered.po_number,
    answered.supplier_name,
    answered.buyer_name,
    answered.expected_on as eta_on,
    answered.eta_safe_on,
    answered.slip_days,
    answered.absence_reason,
    answered.availability,
    answered.available_from_on,
    answered.available_safe_from_on,
    answered.supply_ask_id,
    answered.supply_ask_name,
    answered.supply_ask_deputy_id,
    answered.supply_ask_deputy_name,

    answered.reservation_status,
    answered.reservation_finding,
    cast(coalesce(answered.held_qty, 0) as numeric(18, 6)) as held_qty,
    answered.held_until_on,
    cast(coalesce(answered.deprived_qty, 0) as numeric(18, 6)) as deprived_qty,
    answered.depriving_reservation_id,
    answered.deprived_by_name,
    answered.deprival_approved_by_name,
    answered.reservation_ask_id,
    answered.reservation_ask_name,
    answered.reservation_ask_deputy_id,
    answered.reservation_ask_deputy_name,

    answered.case_status,
    answered.case_finding,
    cast(coalesce(answered.open_case_count, 0) as integer) as open_case_count,
    answered.case_id,
    answered.case_kind,
    answered.case_priority,
    answered.case_opened_on,
    answered.case_departments,
    answered.case_ask_id,
    answered.case_ask_name,
    answered.case_ask_deputy_id,
    answered.case_ask_deputy_name,

    answered.delivery_status,
    answered.delivery_finding,
    answered.delivery_ask_id,
    answered.delivery_ask_name,
    answered.delivery_ask_deputy_id,
    answered.delivery_ask_deputy_name
from answered
left join customers
    on answered.customer_id = customers.customer_id
left join employees as sellers
    on answered.seller_id = sellers.employee_id
left join products
    on answered.product_id = products.product_id
left join warehouses
    on answered.warehouse_id = warehouses.warehouse_id
