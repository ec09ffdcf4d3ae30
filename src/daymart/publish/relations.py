"""The stable relations of a mart: table, history, reader's view, past-morning function.

Nothing a reader can name is ever dropped, renamed or truncated here; a mart may only gain columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psycopg
from psycopg import sql

from daymart.build.definitions import MartDefinition
from daymart.contracts.ddl import names
from daymart.errors import GateError

STATUS = """case
        when s.stale_reason is not null or s.data_as_of is null or now() >= s.stale_from
            then 'stale'
        when now() >= s.due_from then 'due'
        else 'fresh'
    end"""

COMMON_COLUMNS = {
    "as_of": "s.as_of",
    "data_as_of": "s.data_as_of",
    "promised_by": "s.promised_by",
    "freshness_status": STATUS,
    "stale_reason": "s.stale_reason",
    "publication_id": "s.publication_id",
    "owner_id": "s.owner_id",
    "deputy_id": "s.deputy_id",
}
"""What the reader's view adds to every row; a mart that stores such a column shows its own."""

SELLER_COLUMN = "manager_id"
"""A mart with this column shows a seller only the rows of their own customers."""


@dataclass(frozen=True)
class MartColumn:
    """One stored column of a mart."""

    name: str
    kind: str
    comment: str | None


def columns_of(session: psycopg.Connection, schema: str, table: str) -> list[MartColumn]:
    """Return the columns of a relation in their order; empty when it does not exist."""
    rows = session.execute(
        """
        select a.attname, format_type(a.atttypid, a.atttypmod),
            col_description(a.attrelid, a.attnum)
        from pg_attribute as a
        where a.attrelid = to_regclass(%s) and a.attnum > 0 and not a.attisdropped
        order by a.attnum
        """,
        [f"{schema}.{table}"],
    )
    return [MartColumn(*row) for row in rows]


def ensure_relations(session: psycopg.Connection, mart: MartDefinition) -> tuple[str, ...]:
    """Create or widen the relations of `mart` and return its stored columns.

    Raises GateError when the candidate lost a column or changed a type: readers rely on both.
    """
    candidate = columns_of(session, "candidate", mart.mart)
    published = [c for c in columns_of(session, "published", mart.mart) if c.name[0] != "_"]
    gained = [c for c in candidate if c.name not in {p.name for p in published}]
    if published:
        _refuse_narrowing(mart, candidate, published)
    else:
        _create(session, mart, candidate)
    if gained and published:
        _widen(session, mart, gained)
    stored = tuple(c.name for c in (*published, *gained))
    shown = {c.name for c in columns_of(session, "marts", mart.mart)}
    if (
        gained
        or not shown.issuperset({*mart.view_columns, *COMMON_COLUMNS})
        or mart.view_columns != _view_columns_shown(session, mart)
    ):
        _view(session, mart, stored)
        _past_morning(session, mart, stored)
        _comment(session, mart, candidate)
    return tuple(c.name for c in candidate)


def _view_columns_shown(
    session: psycopg.Connection, mart: MartDefinition
) -> Mapping[str, str] | None:
    """Return the expressions of the reader's view: those of the last morning published.

    Replacing a view waits for its readers, so it is done only when an expression changed.
    """
    row = session.execute(
        """
        select d.view_columns from ops.mart_state as s
        inner join ops.mart_definition as d
            on d.mart = s.mart and d.publication_id <= s.publication_id
        inner join ops.publication as p on p.publication_id = d.publication_id
        where s.mart = %s and p.state = 'published'
        order by d.publication_id desc limit 1
        """,
        [mart.mart],
    ).fetchone()
    return row[0] if row else None


def _refuse_narrowing(
    mart: MartDefinition, candidate: Sequence[MartColumn], published: Sequence[MartColumn]
) -> None:
    kinds = {c.name: c.kind for c in candidate}
    for column in published:
        if kinds.get(column.name) != column.kind:
            raise GateError(
                f"mart {mart.mart}",
                saw=f"column {column.name} is {kinds.get(column.name, 'gone')} in the candidate",
                expected=f"{column.kind}, as readers know it",
                remedy="Keep the column, or add one of another name beside it.",
            )


def _create(
    session: psycopg.Connection, mart: MartDefinition, columns: Sequence[MartColumn]
) -> None:
    for schema, extra, key in (
        ("published", "_publication_id bigint not null", True),
        (
            "published_history",
            "_publication_id bigint not null, _replaced_by bigint not null",
            False,
        ),
    ):
        session.execute(
            sql.SQL("create table {} ({}, {}{})").format(
                sql.Identifier(schema, mart.mart),
                sql.SQL(", ").join(_definition(c) for c in columns),
                sql.SQL(extra),
                sql.SQL(", primary key ({})").format(names(mart.key_columns))
                if key
                else sql.SQL(""),
            )
        )
    session.execute(
        sql.SQL("create index on {} (_replaced_by)").format(
            sql.Identifier("published_history", mart.mart)
        )
    )
    session.execute(
        sql.SQL("create index on {} using brin (_publication_id)").format(
            sql.Identifier("published", mart.mart)
        )
    )
    for schema in ("published", "published_history"):
        _grant(session, schema, mart, columns)


def _definition(column: MartColumn) -> sql.Composed:
    return sql.SQL("{} {}").format(sql.Identifier(column.name), sql.SQL(column.kind))


def _grant(
    session: psycopg.Connection, schema: str, mart: MartDefinition, columns: Sequence[MartColumn]
) -> None:
    table = sql.Identifier(schema, mart.mart)
    session.execute(sql.SQL("grant select on {} to daymart_reader, daymart_seller").format(table))
    if SELLER_COLUMN not in {c.name for c in columns}:
        return
    for statement in (
        "alter table {} enable row level security",
        "alter table {} force row level security",
        "create policy publishing on {} to daymart_publisher using (true) with check (true)",
        "create policy reading on {} for select to daymart_reader using (true)",
        "create policy own_customers on {} for select to daymart_seller"
        " using (manager_id = nullif(current_setting('daymart.employee_id', true), ''))",
    ):
        session.execute(sql.SQL(statement).format(table))


def _widen(session: psycopg.Connection, mart: MartDefinition, gained: Sequence[MartColumn]) -> None:
    for schema in ("published", "published_history"):
        for column in gained:
            session.execute(
                sql.SQL("alter table {} add column {}").format(
                    sql.Identifier(schema, mart.mart), _definition(column)
                )
            )


def _view(session: psycopg.Connection, mart: MartDefinition, stored: Sequence[str]) -> None:
    """Create the reader's view, or add columns at its end: dependent views stay valid."""
    columns: dict[str, sql.Composable] = {
        name: sql.SQL("m.{}").format(sql.Identifier(name)) for name in stored
    }
    for name, expression in {**mart.view_columns, **COMMON_COLUMNS}.items():
        # Expressions are the project's own: from its YAML and from this file.
        columns.setdefault(
            name,
            sql.SQL("{} as {}").format(sql.SQL(expression), sql.Identifier(name)),
        )
    existing = [c.name for c in columns_of(session, "marts", mart.mart) if c.name in columns]
    order = [*existing, *(name for name in columns if name not in existing)]
    parts = [columns[name] for name in order]
    session.execute(
        sql.SQL(
            "create or replace view {} with (security_invoker = true) as\n"
            "select {}\nfrom {} as m\ncross join ops.mart_state as s\nwhere s.mart = {}"
        ).format(
            sql.Identifier("marts", mart.mart),
            sql.SQL(",\n    ").join(parts),
            sql.Identifier("published", mart.mart),
            sql.Literal(mart.mart),
        )
    )
    session.execute(
        sql.SQL("grant select on {} to daymart_reader, daymart_seller").format(
            sql.Identifier("marts", mart.mart)
        )
    )


def _past_morning(session: psycopg.Connection, mart: MartDefinition, stored: Sequence[str]) -> None:
    """Create `marts.<mart>_at(publication_id)`: the mart as it was then, under the same rights."""
    columns = names((*stored, "_publication_id"))
    order = [c.name for c in columns_of(session, "published", mart.mart)]
    session.execute(
        sql.SQL(
            "create or replace function {}(publication_id bigint)\n"
            "returns setof {} language sql stable security invoker as $$\n"
            "select {} from (\n"
            "    select {} from {} as m where m._publication_id <= $1\n"
            "    union all\n"
            "    select {} from {} as h where h._publication_id <= $1 and h._replaced_by > $1\n"
            ") as then_published\n$$"
        ).format(
            sql.Identifier("marts", f"{mart.mart}_at"),
            sql.Identifier("published", mart.mart),
            names(tuple(order)),
            columns,
            sql.Identifier("published", mart.mart),
            columns,
            sql.Identifier("published_history", mart.mart),
        )
    )


def _comment(
    session: psycopg.Connection, mart: MartDefinition, columns: Sequence[MartColumn]
) -> None:
    row = session.execute(
        "select obj_description(to_regclass(%s))", [f"candidate.{mart.mart}"]
    ).fetchone()
    view = sql.Identifier("marts", mart.mart)
    session.execute(
        sql.SQL("comment on view {} is {}").format(view, sql.Literal(row[0] if row else None))
    )
    for column in columns:
        session.execute(
            sql.SQL("comment on column {}.{} is {}").format(
                view, sql.Identifier(column.name), sql.Literal(column.comment)
            )
        )
