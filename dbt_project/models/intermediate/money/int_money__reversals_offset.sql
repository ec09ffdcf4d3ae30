with items as (
    select * from {{ ref('int_money__items_linked') }}
    where is_open
),

facing as (
    select
        reversal.document_id as reversal_document_id,
        original.document_id as original_document_id,
        original.instalment_no,
        least(abs(reversal.linked_open_amount), abs(original.linked_open_amount)) as offset_amount,
        case
            when reversal.linked_open_company_amount * original.linked_open_company_amount < 0
                then
                    least(
                        abs(reversal.linked_open_company_amount),
                        abs(original.linked_open_company_amount)
                    )
            else 0
        end as offset_company_amount,
        row_number() over (
            partition by original.document_id, original.instalment_no
            order by reversal.posted_on, reversal.document_id
        ) as reversal_rank
    from items as reversal
    inner join items as original
        on
            reversal.reversed_document_id = original.document_id
            and reversal.instalment_no = original.instalment_no
            and reversal.legal_entity = original.legal_entity
            and reversal.customer_id = original.customer_id
            and reversal.contract_id = original.contract_id
            and reversal.currency_code = original.currency_code
    where
        reversal.linked_open_amount * original.linked_open_amount < 0
        -- A reversal that was itself reversed faces its own reversal only.
        and not reversal.is_reversed
)

select
    reversal_document_id as document_id,
    instalment_no,
    cast(offset_amount as numeric(18, 2)) as offset_amount,
    cast(offset_company_amount as numeric(18, 2)) as offset_company_amount
from facing
where reversal_rank = 1

union all

select
    original_document_id as document_id,
    instalment_no,
    cast(offset_amount as numeric(18, 2)) as offset_amount,
    cast(offset_company_amount as numeric(18, 2)) as offset_company_amount
from facing
where reversal_rank = 1
