-- The registry desk's list of figures.
with

figures as (
    select * from erp.figure_list
)

select
    figures.code::text as figure_id,
    figures.report::text as mart,
    figures.field::text as column_name,
    figures.meaning::text as meaning,
    figures.formula::text as formula,
    figures.owner_no::text as owner_id,
    figures.second_no::text as deputy_id,
    figures.chief_no::text as head_id,
    figures.code::text as source_id
from figures
order by figures.code
