{#- Fail for every version that does not end where the next one of its key begins, is empty, or is
    the first and does not reach back to the beginning of time. -#}
{% test versions_meet(model, key) %}
    with placed as (
        select
            {{ key }},
            valid_from,
            valid_to,
            lead(valid_from) over (partition by {{ key }} order by valid_from) as next_from,
            row_number() over (partition by {{ key }} order by valid_from) as version_place
        from {{ model }}
    )

    select *
    from placed
    where
        valid_to is distinct from next_from
        or valid_from >= valid_to
        or (version_place = 1 and valid_from <> {{ beginning_of_time() }})
{% endtest %}
