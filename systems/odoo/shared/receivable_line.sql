-- Posted lines on receivable accounts, by commercial partner, as in Odoo's own receivable figure.
-- Papers, instalments and the control that checks them all start here. Lines without a partner are
-- nobody's debt and are left out. The books' currency is joined loosely: a line without one must
-- still count in the control.
select
    l.id,
    l.move_id,
    coalesce(p.commercial_partner_id, p.id) as customer_id,
    currency.name as currency,
    books.name as company_currency,
    l.company_id,
    l.date_maturity,
    l.amount_currency,
    l.balance,
    l.amount_residual_currency,
    l.amount_residual
from account_move_line as l
inner join account_account as a on a.id = l.account_id
inner join res_partner as p on p.id = l.partner_id
inner join res_currency as currency on currency.id = l.currency_id
left join res_currency as books on books.id = l.company_currency_id
where a.account_type = 'asset_receivable' and l.parent_state = 'posted'
