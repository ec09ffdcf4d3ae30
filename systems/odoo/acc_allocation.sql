-- uses: receivable_line, receivable_item, crossing
-- Partial reconciliations between two receivable lines: the credit line pays, the debit line is
-- paid. Each side has its own currency amount, the books have one. A link made of exchange
-- differences has 0.00 in both currencies. The link counts from the later of its two papers'
-- dates, as Odoo's own aged reports do. Papers and their ids as in acc_document.sql.
with link as (
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
    inner join receivable_item as debit on debit.id = r.debit_move_id
    inner join receivable_item as credit on credit.id = r.credit_move_id
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
    inner join receivable_item as n on n.id = x.item_line_id
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
