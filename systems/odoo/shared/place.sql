-- A place is a warehouse (locations of usage internal or transit under its view location, the
-- nearest one if nested) or a company's transit location outside every warehouse.
-- Everything that counts goods asks it for warehouse and status, so all agree on what is ours.
-- Goods in a warehouse's quality control location are in quarantine, goods in transit in transfer.
select distinct on (l.id)
    l.id as location_id,
    coalesce(w.id::text, 'T' || l.id) as warehouse_id,
    w.id is null as is_transit,
    case
        when l.usage = 'transit' then 'in_transfer'
        when starts_with(l.parent_path, qc.parent_path) then 'quarantine'
        else 'usable'
    end as quality_status
from stock_location as l
left join (
    stock_warehouse as w
    inner join stock_location as top on top.id = w.view_location_id
) on starts_with(l.parent_path, top.parent_path)
left join stock_location as qc on qc.id = w.wh_qc_stock_loc_id
where
    (l.usage in ('internal', 'transit') and w.id is not null)
    or (l.usage = 'transit' and l.company_id is not null)
order by l.id, length(top.parent_path) desc nulls last
