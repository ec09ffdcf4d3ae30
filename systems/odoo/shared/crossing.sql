-- A reconciliation between a customer's receivable line and a line outside (another account, a
-- line without a partner) would lower the ledger's residual with nothing on our side to show for
-- it. Such a link gets a counter-paper 'R<id>' of the same customer, settled in full by the link.
-- Amounts are the counter-paper's, signed as in the ledger: what the link did to the residual.
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
left join receivable_item as debit on debit.id = r.debit_move_id
left join receivable_item as credit on credit.id = r.credit_move_id
where (debit.id is null) <> (credit.id is null)
