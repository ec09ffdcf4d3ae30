-- Every posted receivable line is one instalment, signed as in the ledger: debit raises the debt.
-- Papers and their ids as in acc_document.sql. Odoo writes a due date on payments as well; it is
-- not one, so lines that bring money in have none.
-- A reconciliation between a customer's receivable line and a line outside (another account, a
-- line without a partner) would lower the ledger's residual with nothing on our side to show for
-- it. Such a link gets a counter-paper 'R<id>' of the same customer, settled in full by the link.
with receivable_line as (
    select
        l.id,
        l.move_id,
        coalesce(p.commercial_partner_id, p.id) as customer_id,
        currency.name as currency,
        books.name as company_currency,
        l.company_id,
        l.date_maturity,
        l.amount_currency,
        l.balance
    from account_move_line as l
    inner join account_account as a on a.id = l.account_id
    inner join res_partner as p on p.id = l.partner_id
    inner join res_currency as currency on currency.id = l.currency_id
    inner join res_currency as books on books.id = l.company_currency_id
    where a.account_type = 'asset_receivable' and l.parent_state = 'posted'
),

split as (
    select
        *,
        min(customer_id) over (partition by move_id)
        <> max(customer_id) over (partition by move_id) as has_customers,
        min(currency) over (partition by move_id, customer_id)
        <> max(currency) over (partition by move_id, customer_id) as has_currencies
    from receivable_line
),

item as (
    select
        *,
        move_id
        || case when has_customers then '-' || customer_id else '' end
        || case when has_currencies then '-' || currency else '' end as document_id
    from split
),

crossing as (
    select
        r.id,
        r.max_date,
        r.company_id,
        coalesce(debit.id, credit.id) as item_line_id,
        case when debit.id is null then r.debit_move_id else r.credit_move_id end
            as outside_line_id,
        case
            when debit.id is null then r.credit_amount_currency else -r.debit_amount_currency
        end as amount_currency,
        case when debit.id is null then r.amount else -r.amount end as balance
    from account_partial_reconcile as r
    left join item as debit on debit.id = r.debit_move_id
    left join item as credit on credit.id = r.credit_move_id
    where (debit.id is null) <> (credit.id is null)
),

numbered as (
    select
        *,
        row_number() over (partition by document_id order by id) as instalment_no
    from item
)

select
    n.document_id,
    n.instalment_no::integer as instalment_no,
    case
        when
            n.balance <= 0
            and (m.origin_payment_id is not null or m.statement_line_id is not null)
            then null
        else n.date_maturity
    end::date as due_date,
    round(n.amount_currency, 2)::numeric(18, 2) as amount,
    round(n.balance, 2)::numeric(18, 2) as amount_company,
    n.id::text as source_id
from numbered as n
inner join account_move as m on m.id = n.move_id
union all
select
    'R' || id as document_id,
    1 as instalment_no,
    null::date as due_date,
    round(amount_currency, 2)::numeric(18, 2) as amount,
    round(balance, 2)::numeric(18, 2) as amount_company,
    id::text as source_id
from crossing
