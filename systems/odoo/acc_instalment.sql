-- uses: receivable_line, receivable_item, crossing
-- Every posted receivable line is one instalment, signed as in the ledger: debit raises the debt.
-- Papers and their ids as in acc_document.sql. Odoo writes a due date on payments as well; it is
-- not one, so lines that bring money in have none.
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
from receivable_item as n
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
