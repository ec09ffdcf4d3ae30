{#- Name from a dimension, or a visible placeholder: a fact is never dropped for want of a name. -#}
{%- macro name_or_placeholder(name, what, id) -%}
    coalesce({{ name }}, 'Unknown {{ what }}' || coalesce(' ' || {{ id }}, ''))
{%- endmacro -%}

{#- The engine's unbounded text type. -#}
{%- macro text_type() -%}
    {{ dbt.type_string() }}
{%- endmacro -%}

{#- Values of a group in one text, in an order. -#}
{%- macro listed(value, order_by) -%}
    {{ dbt.listagg(value, "', '", "order by " ~ order_by) }}
{%- endmacro -%}

{#- Lists the members that relations name, of each kind in its column `KIND_id`. -#}
{% macro members_named(kinds_of) -%}
    {%- for relation, kinds in kinds_of.items() -%}
        {%- set is_first = loop.first -%}
        {%- for kind in kinds -%}
            {%- if not (is_first and loop.first) %}

union distinct

            {% endif -%}
select
    '{{ kind }}' as member_kind,
    {{ kind }}_id as member_id
from {{ relation }}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}
