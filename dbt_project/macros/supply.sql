{#- Mechanics of supply figures; their numbers are rows of the seed `supply_rule`. -#}

{#- Number of a rule, as a scalar subquery. -#}
{%- macro supply_rule(rule) -%}
    (select r.rule_value from {{ ref("supply_rule") }} as r where r.rule = '{{ rule }}')
{%- endmacro -%}

{#- Discrete percentile of ranked rows: the smallest value that a share of them does not exceed.
    ANSI: percentile_disc takes no share from a table, and engines name it differently. `place` is
    row_number() by value within the group, `number` the count of the group. -#}
{%- macro smallest_covering(value, place, number, share) -%}
    min(case when {{ place }} >= {{ share }} * {{ number }} then {{ value }} end)
{%- endmacro -%}
