{#- The three dates a delivery is judged by. -#}
{%- macro delivery_bases() -%}
    {{ return(["requested", "first_promised", "last_promised"]) }}
{%- endmacro -%}

{#- How one order line fared by one of its dates; exactly one word for every line.
    Expects the columns that int_delivery__lines_judged prepares for that basis. -#}
{%- macro delivery_outcome(basis) -%}
    case
        when wanted_qty <= 0 then 'cancelled'
        when {{ basis }}_due_on is null then 'no_date'
        when {{ basis }}_until > {{ as_of() }} then 'not_due'
        when {{ basis }}_qty >= needed_qty and {{ basis }}_judged_on < {{ basis }}_from then 'early'
        when {{ basis }}_qty >= needed_qty and {{ basis }}_qty > most_qty then 'over'
        when {{ basis }}_qty >= needed_qty then 'on_time_in_full'
        when {{ basis }}_reported_qty >= needed_qty then 'unconfirmed'
        when {{ basis }}_judged_on >= {{ basis }}_from then 'short'
        when {{ basis }}_qty = 0 and {{ basis }}_reported_qty > 0 then 'unconfirmed'
        when {{ basis }}_qty = 0 and {{ basis }}_refused_qty > 0 then 'refused'
        else 'late'
    end
{%- endmacro -%}

{#- What a pick can have wrong, as the warehouse feed names it. -#}
{%- macro pick_error_kinds() -%}
    {{ return([
        "short", "over", "wrong_item", "wrong_lot_or_unit", "damaged", "missing_papers",
        "hidden_defect",
    ]) }}
{%- endmacro -%}

{#- A number of the seed, as one value. -#}
{%- macro delivery_setting(setting) -%}
    (select max(number) from {{ ref("delivery_setting") }} where setting = '{{ setting }}')
{%- endmacro -%}

{#- Days for which shipments_daily shows what is settled: the window of restatement. -#}
{%- macro shipments_kept_days() -%}
    {{ return(35) }}
{%- endmacro -%}

{#- True of shipments issued from a day to the eve of another: by the clock first, which has an
    index, then by the day of their site. -#}
{%- macro is_issued_in(from_on, until_on) -%}
    (
        issued_at >= {{ add_days(from_on, -1) }}
        and issued_at < {{ add_days(until_on, 1) }}
        and issued_on >= {{ from_on }}
        and issued_on < {{ until_on }}
    )
{%- endmacro -%}

{#- Query of the shipments that `reached`, a step of one column, lists, with those they take back
    and those that take them back: what is left of one rests on the others. -#}
{%- macro with_take_backs(reached) -%}
    {%- set known = "select shipment_id from " ~ reached -%}
    {%- set taken_back -%}
        select cancelled_shipment_id
        from {{ ref("stg_logistics__shipments") }}
        where {{ among("shipment_id", known) }}
    {%- endset -%}
    {{ known }}

    union distinct

    {{ taken_back }}

    union distinct

    select shipment_id
    from {{ ref("stg_logistics__shipments") }}
    where {{ among("cancelled_shipment_id", known ~ " union distinct " ~ taken_back) }}
{%- endmacro -%}

{#- The morning that shows the evening of as_of: the next working day of the company. -#}
{%- macro next_morning() -%}
    coalesce(
        (
            select min(calendars.calendar_on)
            from {{ ref("stg_ops__calendars") }} as calendars
            where
                calendars.calendar_id = 'default'
                and calendars.is_working
                and calendars.calendar_on > {{ as_of() }}
        ),
        {{ add_days(as_of(), 1) }}
    )
{%- endmacro -%}

{#- Days of which the sites' working hours are kept at hand. -#}
{%- macro site_days_kept() -%}
    {{ return(1100) }}
{%- endmacro -%}
