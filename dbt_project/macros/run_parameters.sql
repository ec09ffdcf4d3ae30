{#- What the caller says about this run. Models never read the database clock. -#}

{%- macro required_var(name, example) -%}
    {%- set value = var(name, none) -%}
    {%- if value is none and execute -%}
        {%- do exceptions.raise_compiler_error(
            "Run parameter '" ~ name ~ "' is missing: no model may guess it. "
            ~ "Pass it, for example --vars '{" ~ name ~ ": \"" ~ example ~ "\"}'."
        ) -%}
    {%- endif -%}
    {{- return(value | string | replace("'", "''")) -}}
{%- endmacro -%}

{#- Business date at whose end every figure is true. -#}
{%- macro as_of() -%}
    cast('{{ required_var("as_of", "2026-11-20") }}' as date)
{%- endmacro -%}

{#- Instant the run began; stands for "now". -#}
{%- macro run_at() -%}
    cast('{{ required_var("run_at", "2026-11-21T06:00:00Z") }}' as timestamp with time zone)
{%- endmacro -%}

{#- Currency of the books, ISO 4217. -#}
{%- macro company_currency() -%}
    '{{ required_var("company_currency", "USD") }}'
{%- endmacro -%}
