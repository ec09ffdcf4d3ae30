-- Partial reconciliations between two receivable lines: the credit line pays, the debit line is
-- paid. Each side has its own currency amount, the books have one. A link made of exchange
-- differences has 0.00 in both currencies. The link counts from the later of its two papers'
-- dates, as Odoo's own aged reports do. Papers and their ids as in acc_document.sql.
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
        debit.id is not null as is_settled_by,
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
),

link as (
    select
        r.id,
        credit.document_id as from_document_id,
        credit.instalment_no as from_instalment_no,
        debit.document_id as to_document_id,
        debit.instalment_no as to_instalment_no,
        r.debit_amount_currency as amount,
        r.credit_amount_currency as from_amount,
        r.amount as amount_company,
        r.max_date
    from account_partial_reconcile as r
    inner join numbered as debit on debit.id = r.debit_move_id
    inner join numbered as credit on credit.id = r.credit_move_id
    union all
    select
        x.id,
        case when x.is_settled_by then 'R' || x.id else n.document_id end,
        case when x.is_settled_by then 1 else n.instalment_no end,
        case when x.is_settled_by then n.document_id else 'R' || x.id end,
        case when x.is_settled_by then n.instalment_no else 1 end,
        abs(x.amount_currency),
        abs(x.amount_currency),
        abs(x.balance),
        x.max_date
    from crossing as x
    inner join numbered as n on n.id = x.item_line_id
)

select
    id::text as allocation_id,
    from_document_id,
    from_instalment_no::integer as from_instalment_no,
    to_document_id,
    to_instalment_no::integer as to_instalment_no,
    round(amount, 2)::numeric(18, 2) as amount,
    round(from_amount, 2)::numeric(18, 2) as from_amount,
    round(amount_company, 2)::numeric(18, 2) as amount_company,
    max_date as effective_date,
    id::text as source_id
from link
