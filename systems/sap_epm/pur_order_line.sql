-- Two of the order's statuses decide: LIFECYCLESTATUS, and CONFIRMSTATUS (S sent to the supplier,
-- C confirmed by him) while it is in process. Items are often priced in the product's currency
-- while their order is in euros; the contract's price is in the order's, so theirs is unknown.
-- DuckDB divides decimals as doubles: 15 digits, of which at most 13 are kept.
select
    ltrim(i."HEADER.PURCHASEORDERID", '0') as po_id,
    i."PURCHASEORDERITEM" as line_no,
    i."PRODUCT.PRODUCTID" as product_id,
    null as warehouse_id,
    i."QUANTITY" as qty,
    i."QUANTITYUNIT" as uom,
    case
        when i."CURRENCY" = o."CURRENCY" then coalesce(
            try_cast(
                try_cast(i."NETAMOUNT" as decimal(18, 6))
                / nullif(try_cast(i."QUANTITY" as decimal(18, 6)), 0)
                as decimal(18, 8)
            )::varchar,
            concat_ws(' for ', i."NETAMOUNT", i."QUANTITY")
        )
    end as price,
    i."DELIVERYDATE" as requested_date,
    null as first_confirmed_date,
    null as expected_date,
    case
        when o."LIFECYCLESTATUS" in ('R', 'X') then 'cancelled'
        when o."LIFECYCLESTATUS" = 'C' then 'received'
        when o."LIFECYCLESTATUS" = 'P' and o."CONFIRMSTATUS" = 'C' then 'confirmed'
        when o."LIFECYCLESTATUS" = 'P' and o."CONFIRMSTATUS" = 'S' then 'ordered'
        else coalesce(o."LIFECYCLESTATUS" || o."CONFIRMSTATUS", 'no such order')
    end as state,
    case when o."LIFECYCLESTATUS" in ('R', 'X') then i."QUANTITY" else '0' end as cancelled_qty,
    i._file,
    i._line,
    i._defect
from purchase_order_item as i
left join purchase_order as o
    on
        ltrim(o."PURCHASEORDERID", '0') = ltrim(i."HEADER.PURCHASEORDERID", '0')
        and o._defect is null
where o."LIFECYCLESTATUS" is distinct from 'N' or i._defect is not null
