-- uses: receivable_line, receivable_item, crossing
-- Posted moves with a line on a receivable account, one paper per move and customer. A move with
-- several customers or several receivable currencies is one paper for each; only then the move's
-- id gets a suffix. The customer is the commercial partner, as in Odoo's own receivable figure.
-- The currency is the line's: exchange difference moves carry 0.00 in it and the whole amount in
-- the books. A payment that has no move yet is not in the ledger and so not a paper here.
-- Receivable lines without a partner are nobody's debt and are left out, here and in the control.
with paper as (
    select
        document_id,
        move_id,
        customer_id,
        currency,
        company_currency,
        company_id,
        bool_or(is_part) as is_part,
        sum(amount_currency) as amount_gross,
        sum(balance) as amount_company
    from receivable_item
    group by document_id, move_id, customer_id, currency, company_currency, company_id
),

exchange_move as (
    select exchange_move_id as move_id from account_partial_reconcile
    where exchange_move_id is not null
    union
    select exchange_move_id from account_full_reconcile
    where exchange_move_id is not null
),

counterpart as (
    select
        l.move_id,
        bool_and(
            a.account_type like 'expense%' or a.account_type like 'income%'
            or l.tax_line_id is not null
        ) as is_result_only
    from account_move_line as l
    inner join account_account as a on a.id = l.account_id
    inner join account_move as m on m.id = l.move_id
    where
        m.move_type = 'entry'
        and a.account_type <> 'asset_receivable'
        and l.move_id in (select p.move_id from paper as p)
    group by l.move_id
),

invoiced_order as (
    select
        l.move_id,
        min(s.order_id) as order_id
    from sale_order_line_invoice_rel as link
    inner join account_move_line as l on l.id = link.invoice_line_id
    inner join sale_order_line as s on s.id = link.order_line_id
    group by l.move_id
    having min(s.order_id) = max(s.order_id)
),

posted as (
    select
        p.document_id,
        case
            when m.move_type in ('out_invoice', 'out_receipt') then 'invoice'
            when m.move_type = 'out_refund' then 'credit_note'
            when x.move_id is not null or m.journal_id = company.currency_exchange_journal_id
                then 'exchange_difference'
            when m.id = company.account_opening_move_id then 'opening'
            when m.reversed_entry_id is not null then 'reversal'
            when m.move_type <> 'entry' then 'other'
            when m.origin_payment_id is not null or j.type in ('bank', 'cash', 'credit')
                then case when p.amount_company <= 0 then 'payment' else 'refund' end
            when c.is_result_only and p.amount_company < 0 then 'write_off'
            else 'other'
        end as kind,
        coalesce(m.name, m.ref, m.id::text) as number,
        coalesce(m.invoice_date, m.date) as doc_date,
        m.date as posting_date,
        p.customer_id,
        p.company_id,
        p.currency,
        p.company_currency,
        p.amount_gross,
        case
            when p.is_part or m.move_type not like 'out_%' then null
            when m.move_type = 'out_refund' then -m.amount_tax
            else m.amount_tax
        end as amount_tax,
        p.amount_company,
        o.order_id,
        origin.document_id as origin_document_id,
        coalesce(m.payment_state = 'blocked', false) as is_disputed,
        coalesce(pay.memo, case when m.statement_line_id is not null then m.ref end)
            as payer_text,
        m.id::text as source_id
    from paper as p
    inner join account_move as m on m.id = p.move_id
    inner join account_journal as j on j.id = m.journal_id
    inner join res_company as company on company.id = p.company_id
    left join exchange_move as x on x.move_id = m.id
    left join counterpart as c on c.move_id = m.id
    left join invoiced_order as o on o.move_id = m.id
    left join account_payment as pay on pay.id = m.origin_payment_id
    left join paper as origin
        on
            origin.move_id = m.reversed_entry_id
            and origin.customer_id = p.customer_id
            and origin.currency = p.currency
),

counter_paper as (
    select
        'R' || x.id as document_id,
        coalesce(outside.move_name, 'R' || x.id) as number,
        x.max_date as doc_date,
        i.customer_id,
        i.company_id,
        i.currency,
        i.company_currency,
        x.amount_currency as amount_gross,
        x.balance as amount_company,
        x.id::text as source_id
    from crossing as x
    inner join receivable_item as i on i.id = x.item_line_id
    left join account_move_line as outside on outside.id = x.outside_line_id
)

select
    document_id,
    kind,
    number::text as number,
    doc_date,
    posting_date,
    customer_id::text as customer_id,
    ''::text as contract_id,
    company_id::text as legal_entity,
    currency::text as currency,
    round(amount_gross, 2)::numeric(18, 2) as amount_gross,
    round(amount_tax, 2)::numeric(18, 2) as amount_tax,
    company_currency::text as company_currency,
    round(amount_company, 2)::numeric(18, 2) as amount_company,
    order_id::text as order_id,
    case when kind <> 'credit_note' then origin_document_id end as reverses_document_id,
    case when kind = 'credit_note' then origin_document_id end as original_document_id,
    is_disputed,
    payer_text::text as payer_text,
    source_id
from posted
union all
select
    document_id,
    'other' as kind,
    number::text as number,
    doc_date,
    doc_date as posting_date,
    customer_id::text as customer_id,
    ''::text as contract_id,
    company_id::text as legal_entity,
    currency::text as currency,
    round(amount_gross, 2)::numeric(18, 2) as amount_gross,
    null::numeric(18, 2) as amount_tax,
    company_currency::text as company_currency,
    round(amount_company, 2)::numeric(18, 2) as amount_company,
    null::text as order_id,
    null::text as reverses_document_id,
    null::text as original_document_id,
    false as is_disputed,
    null::text as payer_text,
    source_id
from counter_paper
