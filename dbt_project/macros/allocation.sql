{#- What a line in a queue lacks: all claims up to its own, less the supply, within its own. -#}
{%- macro shortage(claims, supply, own) -%}
    greatest(least({{ claims }} - ({{ supply }}), {{ own }}), 0)
{%- endmacro -%}
