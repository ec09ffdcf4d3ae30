-- Faults of picking.
with

kinds (fehlerart, kind) as (
    values
    ('01', 'short'),
    ('02', 'over'),
    ('03', 'wrong_item'),
    ('04', 'wrong_lot_or_unit'),
    ('05', 'damaged'),
    ('06', 'missing_papers'),
    ('07', 'hidden_defect')
),

places (ort, found_at) as (
    values
    ('1', 'check'),
    ('2', 'loading'),
    ('3', 'customer')
)

select
    faults.fehlernr::text as error_id,
    faults.pick_nr::text as pick_line_id,
    coalesce(kinds.kind, faults.fehlerart)::text as kind,
    (faults.menge_tsd / 1000.0)::numeric(18, 6) as qty,
    coalesce(places.found_at, faults.ort)::text as found_at,
    faults.bemerkt at time zone 'UTC' as found_ts,
    faults.vorgang::text as case_id,
    faults.fehlernr::text as source_id
from lvs.pickfehler as faults
left join kinds on faults.fehlerart = kinds.fehlerart
left join places on faults.ort = places.ort
