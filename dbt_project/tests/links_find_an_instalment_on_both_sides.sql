-- Warn about links that point at an instalment accounting did not deliver: the other side is
-- settled and this side stays open.
{{ config(severity='warn') }}

with allocations as (
    select * from {{ ref('int_money__allocations_directed') }}
    where
        {{ is_touched('from_document_id', 'int_money__documents_touched') }}
        or {{ is_touched('to_document_id', 'int_money__documents_touched') }}
),

instalments as (
    select * from {{ ref('int_money__instalments_dated') }}
    {% if not is_whole_build() %}
        where
            {{ among(
                'document_id',
                'select credit_document_id from allocations'
                ~ ' union all select debt_document_id from allocations'
            ) }}
    {% endif %}
)

select
    allocations.allocation_id,
    allocations.credit_document_id,
    allocations.debt_document_id,
    allocations.company_amount
from allocations
left join instalments as credits
    on
        allocations.credit_document_id = credits.document_id
        and allocations.credit_instalment_no = credits.instalment_no
left join instalments as debts
    on
        allocations.debt_document_id = debts.document_id
        and allocations.debt_instalment_no = debts.instalment_no
where credits.document_id is null or debts.document_id is null
