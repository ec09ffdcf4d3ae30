-- uses: place, base_unit, done_line
-- Done stock move lines that cross the edge of a place, in the product's base unit: an out row, an
-- in row, or both. Steps inside one warehouse and status (pick, pack, put away) are no movement.
-- Scrap is another issue, an inventory correction is an adjustment. A transit location without a
-- company is the inter-company one: goods going there are sold, goods coming from there received.
-- Goods whose stock Odoo does not keep (no quants) get a balancing adjustment, so that the issue
-- is seen and movements still add up to closing stock.
-- The paper is the picking, or 'M<move>' where there is none; the line is the stock move's id,
-- which never changes. The cursor looks at line, move and picking: a corrected quantity or a
-- corrected date comes again under the same key. Odoo never deletes a done line.
with changed_line as (
    select
        id,
        product_id,
        lot_id,
        qty,
        moved_at,
        changed_at,
        document_id,
        move_id,
        returned_move_id,
        location_id,
        location_dest_id
    from done_line
    where changed_at > current_setting('daymart.since')::timestamptz
),

returned_line as (
    select
        o.move_id,
        min(o.id) as line_id
    from stock_move_line as o
    inner join place as p on p.location_id = o.location_id
    where
        o.state = 'done'
        and o.move_id in (select d.returned_move_id from changed_line as d)
    group by o.move_id
    having count(*) = 1
),

step as (
    select
        d.*,
        source.usage as from_usage,
        target.usage as to_usage,
        from_place.warehouse_id as from_warehouse,
        from_place.quality_status as from_status,
        to_place.warehouse_id as to_warehouse,
        to_place.quality_status as to_status,
        coalesce(target.scrap_location, false) as is_scrap,
        r.line_id as returned_line_id
    from changed_line as d
    inner join stock_location as source on source.id = d.location_id
    inner join stock_location as target on target.id = d.location_dest_id
    left join place as from_place on from_place.location_id = d.location_id
    left join place as to_place on to_place.location_id = d.location_dest_id
    left join returned_line as r on r.move_id = d.returned_move_id
    where
        (from_place.warehouse_id, from_place.quality_status)
        is distinct from (to_place.warehouse_id, to_place.quality_status)
),

side as (
    select
        s.id,
        s.id || '-out' as movement_id,
        s.from_warehouse as warehouse_id,
        s.from_status as quality_status,
        -s.qty as qty,
        case
            when s.to_warehouse = s.from_warehouse then 'status_change'
            when s.to_warehouse is not null or s.to_usage = 'internal' then 'transfer_out'
            when s.to_usage in ('customer', 'transit') then 'sale_issue'
            when s.to_usage = 'inventory' and not s.is_scrap then 'adjust'
            else 'other_issue'
        end as kind,
        null::text as reverses_movement_id
    from step as s
    where s.from_warehouse is not null
    union all
    select
        s.id,
        s.id || '-in' as movement_id,
        s.to_warehouse as warehouse_id,
        s.to_status as quality_status,
        s.qty,
        case
            when s.from_warehouse = s.to_warehouse then 'status_change'
            when s.from_warehouse is not null or s.from_usage = 'internal' then 'transfer_in'
            when s.from_usage = 'customer' then 'return_in'
            when s.from_usage = 'transit' and s.returned_move_id is not null then 'return_in'
            when s.from_usage in ('supplier', 'transit', 'production') then 'receipt'
            else 'adjust'
        end as kind,
        case when s.from_usage = 'customer' then s.returned_line_id || '-out' end
            as reverses_movement_id
    from step as s
    where s.to_warehouse is not null
),

movement as (
    select * from side
    union all
    select
        side.id,
        side.movement_id || '-untracked',
        side.warehouse_id,
        side.quality_status,
        -side.qty,
        'adjust',
        null
    from side
    inner join step as s on s.id = side.id
    inner join base_unit as u on u.product_id = s.product_id
    where not u.is_storable
)

select
    v.movement_id,
    s.moved_at,
    v.warehouse_id,
    s.product_id::text as product_id,
    s.lot_id,
    v.quality_status,
    round(v.qty, 6)::numeric(18, 6) as qty,
    u.uom,
    v.kind,
    s.document_id,
    s.move_id::integer as document_line_no,
    v.reverses_movement_id,
    s.changed_at,
    s.id::text as source_id
from movement as v
inner join step as s on s.id = v.id
inner join base_unit as u on u.product_id = s.product_id
