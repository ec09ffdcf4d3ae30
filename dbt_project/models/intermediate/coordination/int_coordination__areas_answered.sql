with areas as (
    select * from {{ ref('board_area') }}
),

figures as (
    select * from {{ ref('stg_registry__figures') }}
),

listed_feeds as (
    select * from {{ ref('stg_registry__feeds') }}
    where
        coalesce(valid_from <= {{ as_of() }}, true)
        and coalesce(valid_to > {{ as_of() }}, true)
),

promised_feeds as (
    select * from {{ ref('stg_ops__feeds') }}
    where
        valid_from <= {{ as_of() }}
        and coalesce(valid_to > {{ as_of() }}, true)
),

employees as (
    select * from {{ ref('stg_reference__employees') }}
    where
        is_active
        and {{ as_of() }} >= valid_from
        and ({{ as_of() }} < valid_to or valid_to is null)
),

-- The figure's own people, then the feed's by the company's list, then by its contract.
answering as (
    select
        areas.area,
        1 as list_rank,
        figures.owner_id,
        figures.deputy_id,
        figures.head_id
    from areas
    inner join figures
        on
            areas.mart = figures.mart
            and areas.column_name = figures.column_name

    union all

    select
        areas.area,
        2 as list_rank,
        listed_feeds.owner_id,
        listed_feeds.deputy_id,
        listed_feeds.head_id
    from areas
    inner join listed_feeds
        on areas.feed_id = listed_feeds.feed_id

    union all

    select
        areas.area,
        3 as list_rank,
        promised_feeds.owner_id,
        promised_feeds.deputy_id,
        promised_feeds.head_id
    from areas
    inner join promised_feeds
        on areas.feed_id = promised_feeds.feed_id
),

people as (
    select
        area,
        owner_id as employee_id,
        10 * list_rank + 1 as turn
    from answering

    union all

    select
        area,
        deputy_id as employee_id,
        10 * list_rank + 2 as turn
    from answering

    union all

    select
        area,
        head_id as employee_id,
        10 * list_rank + 3 as turn
    from answering
),

employed as (
    select
        people.area,
        people.employee_id,
        max(employees.employee_name) as employee_name,
        min(people.turn) as turn
    from people
    inner join employees
        on people.employee_id = employees.employee_id
    group by people.area, people.employee_id
),

ranked as (
    select
        employed.*,
        row_number() over (partition by area order by turn, employee_id) as ask_rank
    from employed
)

select
    area,
    max(case when ask_rank = 1 then employee_id end) as ask_id,
    max(case when ask_rank = 1 then employee_name end) as ask_name,
    max(case when ask_rank = 2 then employee_id end) as ask_deputy_id,
    max(case when ask_rank = 2 then employee_name end) as ask_deputy_name
from ranked
where ask_rank <= 2
group by area
