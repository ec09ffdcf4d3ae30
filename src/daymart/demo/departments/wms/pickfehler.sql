select
    id,
    pick_id,
    case type
        when 'SHT' then '01' when 'OVR' then '02' when 'ITM' then '03' when 'LOT' then '04'
        when 'DMG' then '05' when 'PAP' then '06' when 'HID' then '07'
        else type
    end,
    case when type <> 'PAP' then pg_temp.tsd(qty) end,
    case seen_by when 'C' then '1' when 'L' then '2' when 'K' then '3' else seen_by end,
    seen_at at time zone 'UTC',
    ticket_id
from erp.pick_fault
