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
