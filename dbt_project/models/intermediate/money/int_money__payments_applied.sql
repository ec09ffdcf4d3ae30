with papers as (
    select * from {{ ref('int_money__papers_posted') }}
    where
        is_money_paper
        and posted_on <= {{ as_of() }}
        and {{ is_touched('document_id', 'int_money__documents_touched') }}
),

allocations as (
    select * from {{ ref('int_money__allocations_directed') }}
    where
        counts_from_on <= {{ as_of() }}
        and (
            {{ is_touched('from_document_id', 'int_money__documents_touched') }}
            or {{ is_touched('to_document_id', 'int_money__documents_touched') }}
        )
),

sides as (
    select
        credit_document_id as payment_id,
        allocation_id,
        counts_from_on as applied_on,
        debt_document_id as applied_document_id,
        debt_instalment_no as applied_instalment_no,
        credit_amount as paid_amount,
        company_amount as paid_company_amount
    from allocations

    union all

    select
        debt_document_id as payment_id,
        allocation_id,
        counts_from_on as applied_on,
        credit_document_id as applied_document_id,
        credit_instalment_no as applied_instalment_no,
        -debt_amount as paid_amount,
        -company_amount as paid_company_amount
    from allocations
),

applied as (
    select sides.*
    from sides
    inner join papers
        on sides.payment_id = papers.document_id
),

applied_totals as (
    select
        payment_id,
        sum(paid_amount) as paid_amount,
        sum(paid_company_amount) as paid_company_amount
    from applied
    group by payment_id
),

rests as (
    select
        papers.document_id as payment_id,
        -papers.document_amount - coalesce(applied_totals.paid_amount, 0) as paid_amount,
        -papers.document_company_amount - coalesce(applied_totals.paid_company_amount, 0)
            as paid_company_amount,
        applied_totals.payment_id is null as is_wholly_unapplied
    from papers
    left join applied_totals
        on papers.document_id = applied_totals.payment_id
)

select
    payment_id,
    allocation_id,
    applied_on,
    applied_document_id,
    applied_instalment_no,
    cast(paid_amount as numeric(18, 2)) as paid_amount,
    cast(paid_company_amount as numeric(18, 2)) as paid_company_amount
from applied

union all

select
    payment_id,
    '' as allocation_id,
    cast(null as date) as applied_on,
    cast(null as {{ text_type() }}) as applied_document_id,
    cast(null as integer) as applied_instalment_no,
    cast(paid_amount as numeric(18, 2)) as paid_amount,
    cast(paid_company_amount as numeric(18, 2)) as paid_company_amount
from rests
where paid_amount <> 0 or paid_company_amount <> 0 or is_wholly_unapplied
