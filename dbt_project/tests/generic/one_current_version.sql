{#- Fail for every key that has no current version, or several. -#}
{% test one_current_version(model, key) %}
    select
        {{ key }},
        sum(case when is_current then 1 else 0 end) as current_count
    from {{ model }}
    group by {{ key }}
    having sum(case when is_current then 1 else 0 end) <> 1
{% endtest %}
