-- uses: line
-- Goods that were sold, came back or were counted. A product is named as most of its priced lines
-- name it: where the price is 0, the text is often a remark ('damaged', '?').
select
    product_id,
    product_id as product_code,
    coalesce(mode(description) filter (where price_number > 0), mode(description), product_id)
        as name,
    null as brand,
    null as category,
    'pcs' as base_uom,
    null as abc,
    true as whole_units,
    null as _file,
    null as _line,
    null as _defect
from line
where not is_fee and _defect is null
group by product_id
union all by name
select
    _file,
    _line,
    _defect
from line
where _defect is not null
