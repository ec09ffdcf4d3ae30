-- Northwind keeps no stock list: what lies there is what was purchased less what was sold or
-- wasted, up to the evening. Goods on hold still lie there. A quantity that is no number, or a
-- transaction of an unknown type, makes the product's stock unknown.
with moved as (
    select
        product_id,
        case
            when transaction_type = '1' then try_cast(quantity as decimal(18, 6))
            when transaction_type in ('2', '4') then -try_cast(quantity as decimal(18, 6))
        end as qty
    from inventory_transactions
    where
        _defect is null
        and transaction_type is distinct from '3'
        and left(transaction_created_date, 10) <= getvariable('as_of')::varchar
)

select
    getvariable('as_of') as as_of,
    'NW' as warehouse_id,
    product_id,
    '' as lot_id,
    'usable' as quality_status,
    case when count(*) = count(qty) then sum(qty)::varchar else 'unknown' end as qty,
    'pcs' as uom,
    null as _file,
    null as _line,
    null as _defect
from moved
group by product_id
union all by name
select
    _file,
    _line,
    _defect
from inventory_transactions
where _defect is not null
