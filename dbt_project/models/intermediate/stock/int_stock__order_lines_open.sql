{{ config(
    materialized='table',
    indexes=[{'columns': ['order_id', 'line_no'], 'unique': true}]
) }}

with open_lines as (
    select * from {{ ref('int_sales__order_lines_open') }}
    -- An order of a later day has nothing to be endangered or deprived of yet.
    where ordered_on <= {{ as_of() }}
),

rates as (
    select * from {{ ref('int_masterdata__fx_rates_valid') }}
)

select
    open_lines.order_id,
    open_lines.line_no,
    open_lines.order_number,
    open_lines.customer_id,
    open_lines.seller_id,
    open_lines.ordered_on,
    open_lines.product_id,
    open_lines.warehouse_id,
    open_lines.requested_on,
    open_lines.promised_on,
    open_lines.due_on,
    open_lines.open_qty,
    -- Company currency per base unit, before tax, at the rate of the order's day.
    open_lines.base_net_price * rates.company_rate as unit_value
from open_lines
left join rates
    on
        open_lines.currency_code = rates.currency_code
        and open_lines.ordered_on >= rates.valid_from
        and (open_lines.ordered_on < rates.valid_to or rates.valid_to is null)
