{#- Use the configured schema name exactly, and refuse any schema that is not the project's own. -#}
{%- macro generate_schema_name(custom_schema_name, node) -%}
    {%- set schema_name = (custom_schema_name or target.schema) | trim -%}
    {%- set own_schemas = ["staging", "intermediate", "candidate"] -%}
    {%- if schema_name not in own_schemas -%}
        {%- do exceptions.raise_compiler_error(
            "Schema '" ~ schema_name ~ "' of " ~ node.unique_id ~ " is not one of "
            ~ own_schemas | join(", ") ~ ". Models are built nowhere else; correct '+schema'."
        ) -%}
    {%- endif -%}
    {{ schema_name }}
{%- endmacro -%}
