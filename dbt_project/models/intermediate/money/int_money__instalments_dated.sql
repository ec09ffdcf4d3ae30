{{ config(unique_key='document_id', touched='int_money__documents_touched') }}

with instalments as (
    select * from {{ ref('stg_accounting__instalments') }}
),

papers as (
    select * from {{ ref('int_money__papers_posted') }}
),

customers as (
    select * from {{ ref('int_masterdata__customers_versioned') }}
),

due_date_rules as (
    select * from {{ ref('due_date_rule') }}
),

next_working_days as (
    select
        calendar_id,
        calendar_on,
        min(case when is_working then calendar_on end) over (
            partition by calendar_id
            order by calendar_on desc
            rows between unbounded preceding and current row
        ) as next_working_on
    from {{ ref('stg_ops__calendars') }}
),

agreed as (
    select
        papers.*,
        instalments.instalment_no,
        instalments.instalment_amount,
        instalments.instalment_company_amount,
        -- A credit is never due. A reversal repeats a paper without terms of its own: it may
        -- carry a day, never gain one.
        case
            when instalments.instalment_amount < 0 then null
            when instalments.due_on is not null then instalments.due_on
            when papers.document_kind in ('payment', 'advance', 'refund', 'reversal') then null
            else {{ add_days('papers.document_on', 'coalesce(customers.terms_days, 0)') }}
        end as due_on,
        coalesce(own_rule.is_shifted_to_working_day, general_rule.is_shifted_to_working_day, false)
            as is_shifted_to_working_day,
        coalesce(own_rule.calendar_id, general_rule.calendar_id) as due_calendar_id
    from instalments
    inner join papers
        on instalments.document_id = papers.document_id
    -- The terms of the day the paper was written.
    left join customers
        on {{ version_at('customers', 'customer_id', 'papers.customer_id', 'papers.document_on') }}
    left join due_date_rules as own_rule
        on papers.legal_entity = own_rule.legal_entity
    left join due_date_rules as general_rule
        on general_rule.legal_entity = '*'
)

select
    agreed.document_id,
    agreed.instalment_no,
    agreed.document_kind,
    agreed.document_number,
    agreed.document_on,
    agreed.posted_on,
    agreed.due_on,
    -- Outside the calendar the agreed day stands.
    coalesce(next_working_days.next_working_on, agreed.due_on) as due_on_effective,

    agreed.customer_id,
    agreed.contract_id,
    agreed.legal_entity,
    agreed.order_id,
    agreed.reversed_document_id,
    agreed.is_disputed,
    agreed.is_reversed,
    agreed.is_money_paper,

    agreed.currency_code,
    agreed.instalment_amount,
    agreed.company_currency_code,
    agreed.instalment_company_amount,

    agreed.source_system,
    agreed.source_id
from agreed
left join next_working_days
    on
        agreed.is_shifted_to_working_day
        and agreed.due_calendar_id = next_working_days.calendar_id
        and agreed.due_on = next_working_days.calendar_on
