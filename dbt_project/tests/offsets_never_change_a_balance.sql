-- Fail for every balance that setting reversals against their originals would change.
with items as (
    select * from {{ ref('int_money__items_linked') }}
    where is_open
),

open_items as (
    select * from {{ ref('int_money__open_items') }}
)

select
    items.legal_entity,
    items.customer_id,
    items.contract_id,
    items.currency_code,
    sum(items.linked_open_amount) as linked_open_amount,
    sum(open_items.open_amount) as open_amount,
    sum(items.linked_open_company_amount) as linked_open_company_amount,
    sum(open_items.open_company_amount) as open_company_amount
from items
left join open_items
    on
        items.document_id = open_items.document_id
        and items.instalment_no = open_items.instalment_no
group by items.legal_entity, items.customer_id, items.contract_id, items.currency_code
having
    sum(items.linked_open_amount) is distinct from sum(open_items.open_amount)
    or sum(items.linked_open_company_amount) is distinct from sum(open_items.open_company_amount)
