{#- What a data test reads of a model. dbt asks this macro; in a build that goes on from the last
    publication ours leaves out rows that no delivery touched since: they were tested then. The
    config of a model says which rows those are: `unique_key`, a column of its key, and `touched`,
    the model of keys; without `touched`, keys are those that came in the one table a staging view
    shows. A model without `unique_key` is read whole, and so is everything in a whole build. -#}
{%- macro get_where_subquery(relation) -%}
    {%- set conditions = [config.get("where"), touched_rows(relation)] | select | join(" and ") -%}
    {%- if conditions -%}
        {{ return("(select * from " ~ relation ~ " where " ~ conditions ~ ") as tested") }}
    {%- endif -%}
    {{ return(relation) }}
{%- endmacro -%}

{#- The condition on a touched row; nothing where all rows are to be read. -#}
{%- macro touched_rows(relation) -%}
    {%- if not execute or is_whole_build() -%}
        {{ return("") }}
    {%- endif -%}
    {%- set model = graph.nodes.get("model." ~ project_name ~ "." ~ relation.identifier) -%}
    {%- set key = model.config.get("unique_key") if model else none -%}
    {%- set touched = model.config.get("touched") if model else none -%}
    {%- if touched -%}
        {%- set keys = graph.nodes["model." ~ project_name ~ "." ~ touched] -%}
        {{ return(among(key, "select * from " ~ keys.relation_name)) }}
    {%- elif key -%}
        {{ return(among(key, keys_since(model, key))) }}
    {%- endif -%}
    {{ return("") }}
{%- endmacro -%}

{#- Keys of the rows that came or changed since the last publication in the table a view shows. -#}
{%- macro keys_since(model, key) -%}
    {%- set tables = model.depends_on.nodes | select("in", graph.sources) | list -%}
    {%- set table = graph.sources[tables | first] -%}
    {%- set known = var("changed_since").get(table.source_name, 0) -%}
    {{ return("select " ~ key ~ " from " ~ table.relation_name ~ " where _load_id > " ~ known) }}
{%- endmacro -%}
