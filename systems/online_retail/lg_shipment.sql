-- uses: line, paper, taken_back
-- The shop invoices what it sends, so an invoice with goods is a shipment, and a credit is the
-- shipment that takes goods back. It points at an invoice when all its lines do.
with credited as (
    select
        line.paper,
        min(taken_back.paper) as cancels_shipment_id
    from line
    left join taken_back
        on taken_back.credit_paper = line.paper and taken_back.credit_line_no = line.line_no
    where line.is_credit and not line.is_fee
    group by line.paper
    having count(taken_back.paper) = count(*) and count(distinct taken_back.paper) = 1
)

select
    paper.paper as shipment_id,
    paper.paper as number,
    case when paper.is_credit then credited.cancels_shipment_id else paper.paper end as order_id,
    'UK' as warehouse_id,
    paper.customer_id,
    null as route_id,
    null as carrier,
    paper.invoiced_at as issued_at,
    null as planned_delivery_from,
    null as planned_delivery_to,
    false as pod_required,
    credited.cancels_shipment_id,
    paper.invoiced_at as changed_at,
    null as _file,
    null as _line,
    null as _defect
from paper
left join credited on credited.paper = paper.paper
where paper.has_goods
union all by name
select
    _file,
    _line,
    _defect
from line
where _defect is not null
