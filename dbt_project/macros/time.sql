{#- Dates and instants. Zone arithmetic has no ANSI form, so those macros are dispatched. -#}

{#- Local calendar date of an instant at an IANA zone. -#}
{%- macro business_date(instant, zone) -%}
    {{ return(adapter.dispatch("business_date", "daymart")(instant, zone)) }}
{%- endmacro -%}

{%- macro default__business_date(instant, zone) -%}
    cast({{ instant }} at time zone {{ zone }} as date)
{%- endmacro -%}

{%- macro spark__business_date(instant, zone) -%}
    to_date(from_utc_timestamp({{ instant }}, {{ zone }}))
{%- endmacro -%}

{#- Zone of the warehouse that joined rows name; UTC where it is not known. -#}
{%- macro zone_of(rows_alias) -%}
    coalesce({{ rows_alias }}.warehouse_tz, 'UTC')
{%- endmacro -%}

{#- Instant at which a zone's clock shows a date and a time of day. -#}
{%- macro local_instant(day, time_of_day, zone) -%}
    {{ return(adapter.dispatch("local_instant", "daymart")(day, time_of_day, zone)) }}
{%- endmacro -%}

{%- macro default__local_instant(day, time_of_day, zone) -%}
    ({{ day }} + {{ time_of_day }}) at time zone {{ zone }}
{%- endmacro -%}

{%- macro spark__local_instant(day, time_of_day, zone) -%}
    to_utc_timestamp(concat({{ day }}, ' ', {{ time_of_day }}), {{ zone }})
{%- endmacro -%}

{#- Minutes from one instant to another, begun ones counted; dbt's datediff counts in the
    session's zone. -#}
{%- macro minutes_between(first_instant, second_instant) -%}
    {{ return(adapter.dispatch("minutes_between", "daymart")(first_instant, second_instant)) }}
{%- endmacro -%}

{%- macro default__minutes_between(first_instant, second_instant) -%}
    cast(ceil(extract(epoch from {{ second_instant }} - {{ first_instant }}) / 60) as integer)
{%- endmacro -%}

{%- macro spark__minutes_between(first_instant, second_instant) -%}
    cast(
        ceil((unix_timestamp({{ second_instant }}) - unix_timestamp({{ first_instant }})) / 60)
        as int
    )
{%- endmacro -%}

{#- Calendar days from one date to another. -#}
{%- macro days_between(first_day, second_day) -%}
    {{ dbt.datediff(first_day, second_day, "day") }}
{%- endmacro -%}

{#- The date a number of days later. -#}
{%- macro add_days(day, number_of_days) -%}
    cast({{ dbt.dateadd("day", number_of_days, day) }} as date)
{%- endmacro -%}

{#- The date a number of months later; the last day of a shorter month. -#}
{%- macro add_months(day, number_of_months) -%}
    cast({{ dbt.dateadd("month", number_of_months, day) }} as date)
{%- endmacro -%}

{#- Wall clock of an instant at an IANA zone, HH:MM, comparable as text. -#}
{%- macro time_of_day(instant, zone) -%}
    {{ return(adapter.dispatch("time_of_day", "daymart")(instant, zone)) }}
{%- endmacro -%}

{%- macro default__time_of_day(instant, zone) -%}
    to_char({{ instant }} at time zone {{ zone }}, 'HH24:MI')
{%- endmacro -%}

{%- macro spark__time_of_day(instant, zone) -%}
    date_format(from_utc_timestamp({{ instant }}, {{ zone }}), 'HH:mm')
{%- endmacro -%}

{#- First day of the month a number of months away. -#}
{%- macro first_of_month(day, number_of_months=0) -%}
    cast({{ dbt.date_trunc("month", dbt.dateadd("month", number_of_months, day)) }} as date)
{%- endmacro -%}

{#- Monday of a date's week. -#}
{%- macro week_start(day) -%}
    cast({{ dbt.date_trunc("week", day) }} as date)
{%- endmacro -%}

{#- Last day of the month of a day. -#}
{%- macro month_end(day) -%}
    {{ add_days(first_of_month(day, 1), -1) }}
{%- endmacro -%}

{#- Last day of the newest month that was over at the end of a day. Measures that end with it do
    not move every morning. -#}
{%- macro last_month_end(day) -%}
    {{ add_days(first_of_month(add_days(day, 1)), -1) }}
{%- endmacro -%}

{#- First day of a date's quarter. -#}
{%- macro first_of_quarter(day) -%}
    cast({{ dbt.date_trunc("quarter", day) }} as date)
{%- endmacro -%}
