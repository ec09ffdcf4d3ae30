with customers as (
    select
        customer_id,
        is_listed,
        upper(replace(replace(tax_no, ' ', ''), '-', '')) as tax_number
    from {{ ref('stg_reference__customer_versions') }}
    where is_last
),

-- One digit repeated (0000000000) fills a field; it is nobody's number.
numbered as (
    select
        customer_id,
        is_listed,
        case
            when replace(tax_number, substring(tax_number, 1, 1), '') <> '' then tax_number
        end as tax_number
    from customers
)

select
    customer_id,
    tax_number,
    case
        when tax_number is null then customer_id
        else
            first_value(customer_id) over (
                partition by tax_number
                order by is_listed desc, customer_id asc
            )
    end as main_customer_id
from numbered
