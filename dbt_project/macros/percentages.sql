{#- A part of a whole in percent; null where there is no whole. -#}
{%- macro percentage(part, whole) -%}
    round(100.0 * {{ part }} / nullif({{ whole }}, 0), 2)
{%- endmacro -%}
