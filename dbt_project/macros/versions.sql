{#- Versions of dimension rows: what was true of a member, from when until when. -#}

{#- Every version of a table's rows, superseded ones too, and an unlisted one from the delivery that
    no longer held the row. `version_no` is the load that told it, `delivered_on` the evening of
    that load; `is_last` marks the newest of its `key`, which is what is known today. Versions that
    were older than what was known when they came never counted. For staging models only. -#}
{%- macro versions_told(feed, table, key, columns) -%}
    {%- set relation = source(feed, table) -%}
    {%- set history = relation.incorporate(path={"schema": "raw_history"}) -%}
    {%- set names = columns | join(", ") -%}
    select
        told.*,
        coalesce(loads.as_of, {{ business_date("told.told_at", "'UTC'") }}) as delivered_on,
        row_number() over (
            partition by {{ key | join(", ") }}
            order by told.version_no desc, told.is_listed desc
        ) = 1 as is_last
    from (
        select
            {{ names }}, source_system, source_id,
            _load_id as version_no, _loaded_at as told_at, true as is_listed
        from {{ relation }}

        union all

        select
            {{ names }}, source_system, source_id,
            _load_id as version_no, _loaded_at as told_at, true as is_listed
        from {{ history }}
        where _reason <> 'superseded'

        union all

        select
            {{ names }}, source_system, source_id,
            _superseded_by as version_no, _superseded_at as told_at, false as is_listed
        from {{ history }}
        where _reason = 'deleted'
    ) as told
    left join {{ source("ops", "load") }} as loads
        on told.version_no = loads.load_id
{%- endmacro -%}

{#- First day of the first version of a member: nothing older is known, so it reaches back. -#}
{%- macro beginning_of_time() -%}
    cast('1900-01-01' as date)
{%- endmacro -%}

{#- The versions a table tells in `versions`, dated: a version begins where one of the `compared`
    columns or being listed changed. It begins on the day it states itself (`stated_on`), where that
    changed with it or is still to come, else on the evening it was delivered. What was told later
    stands: it overtakes every version that begins on its first day or after. -#}
{%- macro dated_versions(versions, key, compared, stated_on="cast(null as date)") -%}
    {%- set told_before = "over (partition by " ~ key ~ " order by version_no, is_listed)" -%}
    select
        told.*,
        case
            when row_number() {{ told_before }} = 1 then {{ beginning_of_time() }}
            else told.begins_on
        end as valid_from,
        lead(told.begins_on) {{ told_before }} as valid_to
    from (
        select
            standing.*,
            lag(standing.version_print) {{ told_before }} as print_before
        from (
            select
                begun.*,
                min(begun.begins_on) over (
                    partition by {{ key }}
                    order by version_no, is_listed
                    rows between 1 following and unbounded following
                ) as overtaken_on
            from (
                select
                    printed.*,
                    case
                        when printed.print_told_before is null
                            then coalesce(printed.stated_on, printed.delivered_on)
                        when not printed.is_listed then printed.delivered_on
                        when
                            printed.stated_on is distinct from printed.stated_before
                            or printed.stated_on > printed.delivered_on
                            then coalesce(printed.stated_on, printed.delivered_on)
                        else printed.delivered_on
                    end as begins_on
                from (
                    select
                        compared.*,
                        lag(compared.version_print) {{ told_before }} as print_told_before,
                        lag(compared.stated_on) {{ told_before }} as stated_before
                    from (
                        select
                            versions.*,
                            {{ stated_on }} as stated_on,
                            {{ surrogate_key(compared + ["is_listed"]) }} as version_print
                        from {{ versions }} as versions
                    ) as compared
                ) as printed
                where printed.version_print is distinct from printed.print_told_before
            ) as begun
        ) as standing
        where standing.overtaken_on is null or standing.begins_on < standing.overtaken_on
    ) as told
    where told.version_print is distinct from told.print_before
{%- endmacro -%}

{#- One hash of several columns; absent values count as values. -#}
{%- macro surrogate_key(columns) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append(
            "coalesce(cast(" ~ column ~ " as " ~ dbt.type_string() ~ "), '_absent_')"
        ) -%}
    {%- endfor -%}
    {{ dbt.hash(parts | join(" || '|' || ")) }}
{%- endmacro -%}

{#- True while a version is valid on a day; versions are half-open. -#}
{%- macro is_valid_on(versions, day) -%}
    {{ versions }}.valid_from <= {{ day }}
    and ({{ day }} < {{ versions }}.valid_to or {{ versions }}.valid_to is null)
{%- endmacro -%}

{#- Join condition of a fact with the version of its member on the fact's own day, however late the
    fact came. -#}
{%- macro version_at(versions, key, id, day) -%}
    {{ versions }}.{{ key }} = {{ id }}
    and {{ is_valid_on(versions, day) }}
{%- endmacro -%}
