select
    pg_temp.artikel(id),
    case unit when 'kg' then 'KG' else 'ST' end
from erp.item
