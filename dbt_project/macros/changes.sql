{#- Build only what changed since the last publication: `changed_since` names for each feed the load
    that publication was built from. Without it everything is built. -#}

{%- macro is_whole_build() -%}
    {{ return(not var("changed_since", {})) }}
{%- endmacro -%}

{#- Values of columns on rows of a feed that came, changed or went since the last publication. -#}
{%- macro changed_rows(feed, table, columns) -%}
    {%- set relation = source(feed, table) -%}
    {%- set history = relation.incorporate(path={"schema": "raw_history"}) -%}
    {%- set known = var("changed_since", {}).get(feed, 0) -%}
    select {{ columns | join(", ") }}
    from {{ relation }}
    where _load_id > {{ known }}

    union distinct

    select {{ columns | join(", ") }}
    from {{ history }}
    where _superseded_by > {{ known }}
{%- endmacro -%}

{#- The evening readers see now; figures dated later have not taken effect there. -#}
{%- macro shown_until() -%}
    cast('{{ var("shown_until", "0001-01-01") }}' as date)
{%- endmacro -%}

{#- True where a column holds one of the keys that `keys`, a model of one column, lists; always
    true in a whole build. -#}
{%- macro is_touched(column, keys) -%}
    {%- set relation = ref(keys) -%}
    {%- if is_whole_build() -%}
        true
    {%- else -%}
        {{ among(column, "select * from " ~ relation) }}
    {%- endif -%}
{%- endmacro -%}

{#- The same, joined: the planner knows how many keys come and how many rows they bring. For models
    that join what they look up, from tables and plain views; where a view has unions or windows,
    the looked-up form above reads less. -#}
{%- macro joins_touched(column, keys) -%}
    {%- set relation = ref(keys) -%}
    {%- if is_whole_build() -%}
        true
    {%- else -%}
        {{ column }} in (select * from {{ relation }})
    {%- endif -%}
{%- endmacro -%}

{#- Inner join of days with the touched months that `months` lists by their last days; of every day
    in a whole build. Joined by a range, so that an index on the day finds a month. -#}
{%- macro join_touched_months(column, months) -%}
    {%- set relation = ref(months) -%}
    {%- if not is_whole_build() -%}
        inner join {{ relation }} as months_touched
            on
                {{ column }} >= {{ first_of_month("months_touched.month_end_on") }}
                and {{ column }} <= months_touched.month_end_on
    {%- endif -%}
{%- endmacro -%}

{%- macro among(column, query) -%}
    {{ return(adapter.dispatch("among", "daymart")(column, query)) }}
{%- endmacro -%}

{%- macro default__among(column, query) -%}
    {{ column }} in ({{ query }})
{%- endmacro -%}

{#- PostgreSQL looks up an array's values in an index, through views and unions; a subquery it
    joins only after the view has read everything. -#}
{%- macro postgres__among(column, query) -%}
    {{ column }} = any(array({{ query }}))
{%- endmacro -%}

{#- The same for keys that nearly all rows have and deliveries rarely touch: without keys, nothing
    is read. -#}
{%- macro among_if_any(column, query) -%}
    exists ({{ query }})
    and {{ among(column, query) }}
{%- endmacro -%}

{#- True where a day lies in one of the ranges (first day, day after the last). Bounds are asked
    for once, not joined: a planner takes an index for a value and reads everything for a join. -#}
{%- macro is_in_days(column, ranges) -%}
    (
    {%- for from_on, until_on in ranges %}
        ({{ column }} >= {{ from_on }} and {{ column }} < {{ until_on }})
        {{- " or" if not loop.last }}
    {%- endfor %}
    )
{%- endmacro -%}

{#- Incremental strategy `replace_touched`: rows of touched keys are deleted and built anew, so that
    what vanished is gone. Config: `unique_key` is the key's column, `touched` the model of keys. -#}
{%- macro get_incremental_replace_touched_sql(arg_dict) -%}
    {%- set columns = get_quoted_csv(arg_dict["dest_columns"] | map(attribute="name")) -%}
    delete from {{ arg_dict["target_relation"] }}
    where {{ among(arg_dict["unique_key"], "select * from " ~ ref(config.get("touched"))) }};

    insert into {{ arg_dict["target_relation"] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict["temp_relation"] }}
{%- endmacro -%}
