-- uses: place, base_unit
-- Stock moves that are confirmed and not done (waiting, confirmed, partially available, assigned)
-- and will cross the edge of a place, with their whole demand in the product's base unit.
-- The destination is the move's final location where it has one: the first step of a chain already
-- stands for goods that will leave, as in Odoo's own incoming and outgoing figures. Drafts do not
-- count. A move straight between two own warehouses is a transfer: two rows, out and in, with one
-- id stem. A leg to or from a transit location is an issue or a receipt of the warehouse, because
-- Odoo's own company-wide outgoing and incoming count it so.
with open_move as (
    select
        m.id,
        m.product_id,
        m.product_qty as qty,
        m.date at time zone 'UTC' as planned_at,
        m.origin_returned_move_id as returned_move_id,
        coalesce(m.picking_id::text, 'M' || m.id) as document_id,
        coalesce(sale.order_id, k.sale_id) as order_id,
        purchase.order_id as po_id,
        m.location_id,
        coalesce(m.location_final_id, m.location_dest_id) as target_id
    from stock_move as m
    left join stock_picking as k on k.id = m.picking_id
    left join sale_order_line as sale on sale.id = m.sale_line_id
    left join purchase_order_line as purchase on purchase.id = m.purchase_line_id
    where m.state in ('waiting', 'confirmed', 'partially_available', 'assigned')
),

step as (
    select
        o.*,
        source.usage as from_usage,
        target.usage as to_usage,
        from_place.warehouse_id as from_warehouse,
        to_place.warehouse_id as to_warehouse,
        coalesce(from_place.is_transit, false) as is_from_transit,
        coalesce(to_place.is_transit, false) as is_to_transit,
        coalesce(target.scrap_location, false) as is_scrap
    from open_move as o
    inner join stock_location as source on source.id = o.location_id
    inner join stock_location as target on target.id = o.target_id
    left join place as from_place on from_place.location_id = o.location_id
    left join place as to_place on to_place.location_id = o.target_id
    where from_place.warehouse_id is distinct from to_place.warehouse_id
),

side as (
    select
        s.*,
        s.id || '-out' as planned_movement_id,
        s.from_warehouse as warehouse_id,
        s.to_warehouse as counterparty_warehouse_id,
        'out' as direction,
        case
            when s.is_from_transit then 'transfer_out'
            when s.is_to_transit then 'other_issue'
            when s.to_warehouse is not null or s.to_usage = 'internal' then 'transfer_out'
            when s.to_usage in ('customer', 'transit') then 'sale_issue'
            when s.to_usage = 'inventory' and not s.is_scrap then 'adjust'
            else 'other_issue'
        end as kind
    from step as s
    where s.from_warehouse is not null
    union all
    select
        s.*,
        s.id || '-in' as planned_movement_id,
        s.to_warehouse as warehouse_id,
        s.from_warehouse as counterparty_warehouse_id,
        'in' as direction,
        case
            when s.is_to_transit then 'transfer_in'
            when s.is_from_transit then 'receipt'
            when s.from_warehouse is not null or s.from_usage = 'internal' then 'transfer_in'
            when s.from_usage = 'customer' then 'return_in'
            when s.from_usage = 'transit' and s.returned_move_id is not null then 'return_in'
            when s.from_usage in ('supplier', 'transit', 'production') then 'receipt'
            else 'adjust'
        end as kind
    from step as s
    where s.to_warehouse is not null
)

select
    side.planned_movement_id,
    side.planned_at,
    side.warehouse_id,
    side.counterparty_warehouse_id,
    side.product_id::text as product_id,
    side.direction,
    side.kind,
    round(side.qty, 6)::numeric(18, 6) as qty,
    u.uom,
    side.document_id,
    side.order_id::text as order_id,
    side.po_id::text as po_id,
    side.id::text as source_id
from side
inner join base_unit as u on u.product_id = side.product_id
