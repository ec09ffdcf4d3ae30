"""What the tables of the demo ERP say about what customers owe, pay and may cost."""

from tests.integration.answer_sql.shared import RATE

BALANCES = """
with debts as (
    select part.paper_id, part.part_no, paper.entity, paper.partner_id,
        coalesce(paper.agreement, '') as agreement, paper.currency,
        (select last_day from erp.company) - part.due_on as late,
        part.amount - coalesce((
            select sum(link.amount) from erp.paper_link as link
            where (link.paid_id, link.paid_part) = (part.paper_id, part.part_no)
        ), 0) as left_amount
    from erp.paper_part as part join erp.paper on paper.id = part.paper_id
    where paper.side = 'D' and part.amount > 0
)
select 'NL' || total.entity, partner.code, total.agreement, total.currency, total.balance,
    coalesce(sum(left_amount) filter (where late <= 0 or late is null), 0),
    coalesce(sum(left_amount) filter (where late between 1 and 30), 0),
    coalesce(sum(left_amount) filter (where late between 31 and 60), 0),
    coalesce(sum(left_amount) filter (where late between 61 and 90), 0),
    coalesce(sum(left_amount) filter (where late > 90), 0),
    total.balance - coalesce(sum(left_amount), 0)
from erp.ledger_total as total
join erp.company on company.last_day = total.day
join erp.partner on partner.id = total.partner_id
left join debts on (debts.entity, debts.partner_id, debts.agreement, debts.currency)
    = (total.entity, total.partner_id, total.agreement, total.currency)
where total.partner_id > 1000000
group by total.entity, partner.code, total.agreement, total.currency, total.balance
"""

_OPEN = f"""
with settled as (
    select paid_id as paper_id, paid_part as part_no, -amount as amount, -amount_eur as eur
    from erp.paper_link
    union all
    select payer_id, payer_part, amount, amount_eur from erp.paper_link
    union all
    select refers_id, 1, 0, case side when 'D' then total_eur else -total_eur end
    from erp.paper where type = 'FXD'
),
parts as (
    select paper.id, part.part_no, paper.type, entity, partner_id, agreement, paper.currency,
        contested, due_on, case side when 'D' then 1 else -1 end as sign,
        case side when 'D' then part.amount else -part.amount end + coalesce(sum(settled.amount), 0)
            as amount,
        booked_on, case side when 'D' then part.amount else -part.amount end as whole,
        case side when 'D' then amount_eur else -amount_eur end + coalesce(sum(settled.eur), 0)
            as eur
    from erp.paper join erp.paper_part as part on part.paper_id = paper.id
    left join settled on (settled.paper_id, settled.part_no) = (part.paper_id, part.part_no)
    where paper.partner_id > 1000000 and paper.type <> 'FXD'
    group by paper.id, part.paper_id, part.part_no
),
open as (
    select parts.*, code, coalesce(agreement, '') as contract, last_day,
        case type when 'ADV' then eur else round(
            amount * {RATE.format(currency="parts.currency", day="last_day")}, 2
        ) end as closing
    from parts join erp.partner on partner.id = parts.partner_id cross join erp.company
    where amount <> 0 or eur <> 0
)
"""

OPEN_ITEM = f"""{_OPEN}
select open.id::text, part_no, code, amount, eur, closing, booked_on, whole,
    case when amount > 0 then due_on end, amount <= 0, contested
from open
"""

BALANCE_VALUES = f"""{_OPEN},
accounts as (
    select entity, code, coalesce(agreement, '') as contract, currency,
        sum(case side when 'D' then total_eur else -total_eur end) as eur
    from erp.paper join erp.partner on partner.id = paper.partner_id
    where partner_id > 1000000 group by entity, code, agreement, currency
),
sums as (
    select entity, code, contract, currency, sum(closing) as closing,
        coalesce(sum(amount) filter (where amount > 0 and due_on < last_day), 0) as overdue,
        coalesce(sum(amount) filter (where amount < 0), 0) as unapplied,
        coalesce(sum(amount) filter (where amount > 0 and contested), 0) as disputed,
        coalesce(sum(amount) filter (where amount > 0 and due_on < last_day and not contested), 0)
            as undisputed,
        min(due_on) filter (where amount > 0) as oldest
    from open group by entity, code, contract, currency
)
select 'NL' || entity, code, contract, currency, coalesce(overdue, 0),
    coalesce(greatest(overdue + unapplied, 0), 0), coalesce(disputed, 0), coalesce(undisputed, 0),
    oldest, eur,
    coalesce(closing, 0), coalesce(closing, 0) - eur
from accounts left join sums using (entity, code, contract, currency)
"""

PAYMENT = """
with used as (select payer_id, sum(amount) as amount from erp.paper_link group by payer_id)
select paper.id::text, booked_on, case side when 'C' then total else -total end,
    case side when 'C' then total_eur else -total_eur end,
    case side when 'C' then total - coalesce(used.amount, 0) else 0 end
from erp.paper left join used on used.payer_id = paper.id
where partner_id > 1000000 and type in ('PAY', 'ADV', 'REV')
"""

APPLIED_PAYMENT = """
select payer_id::text, link.id::text, paid_id::text, paid_part, counts_from, due_on,
    payer.booked_on - due_on, link.amount, link.amount_eur
from erp.paper_link as link
join erp.paper as payer on payer.id = payer_id and payer.type in ('PAY', 'ADV')
join erp.paper_part as part on (part.paper_id, part.part_no) = (paid_id, paid_part)
where payer.partner_id > 1000000
union all
select paid_id::text, link.id::text, payer_id::text, payer_part, counts_from, null, null,
    -link.amount, -link.amount_eur
from erp.paper_link as link join erp.paper as back on back.id = paid_id and back.type = 'REV'
where back.partner_id > 1000000
"""

LATENESS = """
select partner.code, payment.currency, date_trunc('month', payment.booked_on)::date,
    sum(link.amount), coalesce(sum(link.amount) filter (where booked > due_on), 0),
    sum(link.amount * (booked - due_on))
from erp.paper_link as link
join erp.paper as payment on payment.id = link.payer_id and payment.type = 'PAY'
join erp.paper as invoice on invoice.id = link.paid_id and invoice.type = 'INV'
join erp.paper_part as part on (part.paper_id, part.part_no) = (link.paid_id, link.paid_part)
join erp.partner on partner.id = payment.partner_id
cross join lateral (select payment.booked_on as booked) as paid
where partner.id > 1000000
group by 1, 2, 3
having sum(link.amount) <> 0
"""

DELAY = """
with paid as (
    select paper.partner_id, part.due_on, sum(link.amount) = part.amount as is_settled,
        max(link.counts_from) filter (
            where link.amount > 0 and payer.type in ('PAY', 'ADV') and not exists (
                select from erp.paper as back where back.cancels_id = payer.id
            )
        ) as paid_on
    from erp.paper join erp.paper_part as part on part.paper_id = paper.id
    join erp.paper_link as link on (link.paid_id, link.paid_part) = (part.paper_id, part.part_no)
    join erp.paper as payer on payer.id = link.payer_id
    where paper.partner_id > 1000000 group by paper.partner_id, part.paper_id, part.part_no
)
select code, ceil(percentile_cont(0.5) within group (order by paid_on - due_on))::integer
from paid join erp.partner on partner.id = paid.partner_id cross join erp.company
cross join lateral (select date_trunc('month', last_day + 1)::date) as month (starts_on)
where is_settled and due_on is not null
    and paid_on >= starts_on - interval '12 months' and paid_on < starts_on
group by code
"""

COLLECTION = """
with bounds as (
    select (month_on - interval '1 day')::date as closed_on,
        (month_on - interval '3 months')::date as opened_on,
        (month_on - interval '24 months')::date as counted_on
    from erp.company cross join lateral (select date_trunc('month', last_day + 1)) as m (month_on)
),
papers as (
    select paper.*, 'NL' || paper.entity as owner, code, coalesce(paper.agreement, '') as contract
    from erp.paper
    join erp.partner on partner.id = paper.partner_id
    join erp.sale on sale.id = paper.sale_id
    where paper.partner_id > 1000000 and not prepaid and paper.type in ('INV', 'CRN')
),
sales as (
    select owner, code, contract, currency, date_trunc('month', booked_on)::date as month_on,
        sum(case type when 'INV' then total else -total end) as amount
    from papers cross join bounds where booked_on between counted_on and closed_on
    group by 1, 2, 3, 4, 5
),
settled as (
    select paid_id, paid_part,
        coalesce(sum(amount) filter (where counts_from <= closed_on), 0) as closing,
        coalesce(sum(amount) filter (where counts_from < opened_on), 0) as opening
    from erp.paper_link cross join bounds group by paid_id, paid_part
),
owing as (
    select owner, code, contract, currency,
        sum(greatest(part.amount - coalesce(closing, 0), 0)) as owed,
        sum(case when due_on >= closed_on
            then greatest(part.amount - coalesce(closing, 0), 0) else 0 end) as not_due,
        sum(case when booked_on < opened_on
            then greatest(part.amount - coalesce(opening, 0), 0) else 0 end) as opening
    from papers cross join bounds join erp.paper_part as part on part.paper_id = papers.id
    left join settled on (paid_id, paid_part) = (part.paper_id, part.part_no)
    where type = 'INV' and booked_on <= closed_on group by 1, 2, 3, 4
),
running as (
    select sales.*, closed_on, opened_on, coalesce(owed, 0) as owed,
        coalesce(not_due, 0) as not_due, coalesce(opening, 0) as opening,
        (month_on + interval '1 month')::date - month_on as days,
        closed_on - (month_on + interval '1 month - 1 day')::date as behind,
        sum(greatest(amount, 0)) over (
            partition by owner, code, contract, currency order by month_on desc
        ) as so_far
    from sales cross join bounds left join owing using (owner, code, contract, currency)
),
measured as (
    select owner, code, contract, currency, closed_on, owed, not_due, opening,
        closed_on - opened_on + 1 as days,
        sum(case when month_on >= opened_on then amount else 0 end) as sold,
        min(case when owed = 0 then 0 when so_far >= owed and so_far - greatest(amount, 0) < owed
            then behind + (owed - so_far + amount) * days / amount end) as counted_back
    from running group by owner, code, contract, currency, closed_on, opened_on, owed, not_due,
        opening
)
select owner, code, contract, currency, closed_on,
    round(case when sold > 0 then owed * days / sold end, 1), round(counted_back, 1),
    round(case when sold > 0 then not_due * days / sold end, 1),
    round(case when sold > 0 then (owed - not_due) * days / sold end, 1),
    round(case when opening + sold > not_due
        then (opening + sold - owed) * 100 / (opening + sold - not_due) end, 1)
from measured
"""

EXPOSURE = """
with shipped as (
    select dispatch.sale_id, sent.sale_line as line_no, sum(sent.qty) as qty
    from erp.dispatch_line as sent join erp.dispatch on dispatch.id = sent.dispatch_id
    group by dispatch.sale_id, sent.sale_line
),
billed as (
    select line.sale_id, line.sale_line as line_no, sum(line.qty) as qty
    from erp.paper_line as line join erp.paper on paper.id = line.paper_id and paper.type = 'INV'
    group by line.sale_id, line.sale_line
),
quantities as (
    select sale.partner_id, line.list_price * (100 - line.discount_pct) / 100 as price,
        line.vat_pct / 100 as tax, line.qty - line.dropped_qty - coalesce(shipped.qty, 0) as open,
        coalesce(shipped.qty, 0) - coalesce(billed.qty, 0) as unbilled
    from erp.sale_line as line
    join erp.sale on sale.id = line.sale_id
    left join shipped using (sale_id, line_no)
    left join billed using (sale_id, line_no)
    where not sale.prepaid
),
amounts as (
    select partner_id, round(open * price, 2) as open_net,
        round(open * price, 2) + round(round(open * price, 2) * tax, 2) as open_gross,
        round(unbilled * price, 2) as unbilled_net,
        round(unbilled * price, 2) + round(round(unbilled * price, 2) * tax, 2) as unbilled_gross,
        0 as balance
    from quantities
    union all
    select sale.partner_id, 0, 0, 0, 0,
        greatest(
            sum(case side when 'D' then paper.total else -paper.total end),
            case when sale.prepaid then 0 end
        )
    from erp.paper join erp.sale on sale.id = paper.sale_id
    group by sale.id
)
select partner.code, sum(open_net), sum(open_gross), sum(unbilled_net), sum(unbilled_gross),
    sum(balance)
from amounts join erp.partner on partner.id = amounts.partner_id
where partner.id > 1000000
group by partner.code
having sum(open_net) <> 0 or sum(unbilled_net) <> 0 or sum(balance) <> 0
"""

CREDIT = f"""
with limits as (
    select distinct on (line.partner_id) partner.code, line.entity, line.currency, line.allowed,
        line.stopped, partner.risky
    from erp.credit_line as line join erp.partner on partner.id = line.partner_id
    where partner.id > 1000000 and line.since <= (select last_day from erp.company)
    order by line.partner_id, line.since desc
),
costs as (
    select code, open_gross + unbilled_gross + balance as amount
    from ({EXPOSURE}) as cost (code, open_net, open_gross, unbilled_net, unbilled_gross, balance)
),
late as (
    select code, max(a30 + a60 + a90 + a91) as amount
    from ({BALANCES}) as account (
        entity, code, contract, currency, balance, not_due, a30, a60, a90, a91, unapplied
    ) group by code
),
known as (
    select limits.*, coalesce(costs.amount, 0) as cost, coalesce(late.amount, 0) as late
    from limits left join costs using (code) left join late using (code)
)
select 'NL' || entity, code, currency, allowed, cost, allowed - cost,
    round(cost / nullif(allowed, 0), 4), case when cost > allowed then cost - allowed end,
    nullif(concat_ws(', ',
        case when cost > allowed then 'over_limit' end,
        case when late >= case currency when 'UAH' then 50 else 1 end then 'overdue_material' end,
        case when stopped then 'blocked_by_hand' end, case when risky then 'risk_flag' end
    ), '')
from known
"""
