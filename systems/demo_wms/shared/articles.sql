-- Articles by the number people use, with their base unit in the contract's words.
select
    artikel,
    ltrim(artikel, '0') as product_id,
    case basiseinheit when 'ST' then 'pcs' when 'KG' then 'kg' else basiseinheit end as uom
from lvs.artikelstamm
