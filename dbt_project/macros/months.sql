{#- Whole months. Measures of collection end with one, so that they do not move every morning. -#}

{#- Last day of the newest month that was over at the end of a day. -#}
{%- macro last_month_end(day) -%}
    {{ add_days(dbt.date_trunc("month", add_days(day, 1)), -1) }}
{%- endmacro -%}

{#- First day of the month a number of months before the month of a day. -#}
{%- macro month_start(day, months_before) -%}
    cast({{ dbt.dateadd("month", "-(" ~ months_before ~ ")", dbt.date_trunc("month", day)) }} as date)
{%- endmacro -%}

{#- Last day of the month of a day. -#}
{%- macro month_end(day) -%}
    {{ add_days(dbt.dateadd("month", 1, dbt.date_trunc("month", day)), -1) }}
{%- endmacro -%}
