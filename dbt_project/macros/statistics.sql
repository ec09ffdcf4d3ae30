{#- Tell the planner what a table of this build holds: models built next join it at once. -#}
{%- macro collect_statistics() -%}
    {{ return(adapter.dispatch("collect_statistics", "daymart")()) }}
{%- endmacro -%}

{%- macro default__collect_statistics() -%}
{%- endmacro -%}

{%- macro postgres__collect_statistics() -%}
    {%- if model.config.materialized in ("table", "incremental") -%}
        analyze {{ this }}
    {%- endif -%}
{%- endmacro -%}
