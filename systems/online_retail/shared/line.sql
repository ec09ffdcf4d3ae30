-- Every row of the daily files. A paper is an invoice, or a credit (C...).
-- Lines have no number: they are counted in the order of the file. A line that
-- repeats another one is a line of its own: papers name a product twice 3,131 times, half of them
-- with another quantity, so equal ones are a second entry and belong to the paper's total.
-- 85123a and 85123A are one product. Customer numbers were once a float: 17850.0 is 17850.
-- A paper whose lines all cost nothing and name no customer corrects the stock; nobody ordered it.
select
    _file,
    _line,
    _defect,
    "InvoiceNo" as paper,
    row_number() over (partition by "InvoiceNo" order by _file, _line) as line_no,
    upper("StockCode") as product_id,
    "Description" as description,
    "Quantity" as qty,
    "UnitPrice" as price,
    try_cast("Quantity" as decimal(18, 6)) as qty_number,
    try_cast("UnitPrice" as decimal(20, 8)) as price_number,
    "InvoiceDate" as invoiced_at,
    regexp_replace("CustomerID", '\.0$', '') as customer_no,
    "Country" as country,
    coalesce(starts_with("InvoiceNo", 'C'), false) as is_credit,
    coalesce(upper("StockCode") in (
        'POST', 'DOT', 'C2', 'M', 'D', 'S', 'B', 'BANK CHARGES', 'AMAZONFEE', 'CRUK'
    ), false) as is_fee,
    coalesce(bool_and(
        "CustomerID" is null
        and coalesce(try_cast("UnitPrice" as decimal(18, 8)) = 0, false)
    ) over (partition by "InvoiceNo"), false) as is_correction
from sales
