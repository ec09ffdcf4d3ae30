"""The raw and history tables of a contract table, with its words as comments."""

from psycopg import sql

from daymart.contracts.model import Column, Table

SYSTEM_COLUMNS = (
    ("source_system", "text", "The system the row came from."),
    ("source_id", "text", "The document or record in that system."),
    ("_load_id", "bigint", "Load that wrote this version."),
    ("_loaded_at", "timestamptz", "When this version was accepted."),
    ("_known_at", "timestamptz", "When the first version of this key was accepted."),
    ("_row_hash", "bigint", "Hash of the contract columns; equal hash, equal row."),
    ("_file", "text", "File the row stood in, for file feeds."),
    ("_line", "bigint", "Line of that file."),
    ("_version", "text", "Rank of that file: business date, then name; a later text is newer."),
)
"""Kept beside the contract's columns on every raw row."""

HISTORY_COLUMNS = (
    ("_superseded_by", "bigint", "Load that replaced or removed this version."),
    ("_superseded_at", "timestamptz", "When that load was accepted."),
    ("_reason", "text", "changed, deleted, or superseded: older than raw when it came."),
)

NULLABLE = {"_file", "_line", "_version"}


def raw_ddl(table: Table) -> list[sql.Composed]:
    """Return the statements that create the raw and the history table of `table`."""
    raw = sql.Identifier("raw", table.name)
    history = sql.Identifier("raw_history", table.name)
    key = raw_key(table)
    statements = [
        sql.SQL("create table if not exists {} (\n    {},\n    primary key ({})\n)").format(
            raw, _definitions(table, SYSTEM_COLUMNS), names(key)
        ),
        sql.SQL("create table if not exists {} (\n    {}\n)").format(
            history, _definitions(table, SYSTEM_COLUMNS + HISTORY_COLUMNS)
        ),
        sql.SQL("create index if not exists {} on {} ({})").format(
            sql.Identifier(f"{table.name}_key"), history, names(key)
        ),
        sql.SQL("create index if not exists {} on {} using brin (_load_id)").format(
            sql.Identifier(f"{table.name}_load"), raw
        ),
        sql.SQL("create index if not exists {} on {} (_superseded_by)").format(
            sql.Identifier(f"{table.name}_superseded"), history
        ),
    ]
    return [*statements, *_lookups(table, raw), *_comments(table, raw)]


def raw_key(table: Table) -> tuple[str, ...]:
    """Return the columns that tell the rows of a raw table apart."""
    return (*table.key, "source_system")


def add_column(table: Table, column: Column) -> list[sql.Composed]:
    """Return the statements that add a column a contract gained; older rows keep null."""
    kind = sql.SQL(column.physical_type)
    return [
        sql.SQL("alter table {} add column if not exists {} {}").format(
            sql.Identifier(schema, table.name), sql.Identifier(column.name), kind
        )
        for schema in ("raw", "raw_history")
    ]


def add_version(table: Table) -> list[sql.Composed]:
    """Return the statements that add `_version` to tables from before file feeds had one."""
    return [
        sql.SQL("alter table {} add column if not exists _version text").format(
            sql.Identifier(schema, table.name)
        )
        for schema in ("raw", "raw_history")
    ]


def landing_ddl(table: Table, landing: sql.Identifier) -> sql.Composed:
    """Return the landing table: unlogged, and its row hash computed while rows are copied in."""
    columns = [
        sql.SQL("{} {}").format(sql.Identifier(c.name), sql.SQL(c.physical_type))
        for c in table.columns
    ]
    return sql.SQL(
        "create unlogged table {landing} (\n"
        "    {columns},\n"
        "    source_id text, is_deleted boolean not null default false, _file text, _line bigint,\n"
        '    _version text collate "C", _is_late boolean not null default false,\n'
        "    _row_hash bigint generated always as\n"
        "        (hash_record_extended(row({names}), 0)) stored\n"
        ")"
    ).format(
        landing=landing,
        columns=sql.SQL(",\n    ").join(columns),
        names=names(table.column_names),
    )


def names(columns: tuple[str, ...], alias: str | None = None) -> sql.Composed:
    """Return the columns as a list of identifiers, each under `alias` when one is given."""
    parts = [sql.Identifier(alias, c) if alias else sql.Identifier(c) for c in columns]
    return sql.SQL(", ").join(parts)


def _definitions(table: Table, system: tuple[tuple[str, str, str], ...]) -> sql.Composed:
    own = [
        sql.SQL("{} {}{}").format(
            sql.Identifier(c.name),
            sql.SQL(c.physical_type),
            sql.SQL(" not null" if c.required else ""),
        )
        for c in table.columns
    ]
    loader = [
        sql.SQL("{} {}{}").format(
            sql.Identifier(name),
            sql.SQL(kind),
            sql.SQL("" if name in NULLABLE else " not null"),
        )
        for name, kind, _ in system
    ]
    return sql.SQL(",\n    ").join([*own, *loader])


def _lookups(table: Table, raw: sql.Identifier) -> list[sql.Composed]:
    return [
        sql.SQL("create index if not exists {} on {} ({})").format(
            sql.Identifier(f"{table.name}_{'_'.join(columns)}"[:63]), raw, names(columns)
        )
        for columns in table.lookups
    ]


def _comments(table: Table, raw: sql.Identifier) -> list[sql.Composed]:
    described = [(c.name, c.description) for c in table.columns]
    described += [(name, text) for name, _, text in SYSTEM_COLUMNS]
    comments = [
        sql.SQL("comment on column {}.{} is {}").format(
            raw, sql.Identifier(name), sql.Literal(text)
        )
        for name, text in described
    ]
    about = f"{table.description} Grain: {table.grain}"
    return [sql.SQL("comment on table {} is {}").format(raw, sql.Literal(about)), *comments]
