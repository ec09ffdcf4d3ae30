"""Tell what a publication changed in figures of days that readers had already seen."""

from datetime import date, timedelta

import psycopg
from psycopg import sql

from daymart.build.definitions import MartDefinition, Restated
from daymart.contracts.ddl import names
from daymart.publish.ledger import Publication
from daymart.publish.relations import SELLER_COLUMN

NOTE = """
insert into published.restatement (
    publication_id, mart, key_values, measure, business_on, old_value, new_value, document_number,
    source_system, source_id, manager_id
)
select
    %(publication)s, %(mart)s,
    case when new_row.{first_key} is null then {old_key} else {new_key} end,
    figure.measure, told.business_on, told.old_value, told.new_value,
    {document}, {source_system}, {source_id}, {manager}
from (select * from {history} where _replaced_by = %(publication)s) as old_row
full join (select * from {published} where _publication_id = %(publication)s) as new_row
    on {same}
cross join lateral (values {figures}) as figure (measure, old_value, new_value)
cross join lateral (
    select coalesce(new_row.{on}, old_row.{on}), figure.old_value, figure.new_value
    where (old_row.{on} = new_row.{on}) is not false
    union all
    select old_row.{on}, figure.old_value, null where old_row.{on} <> new_row.{on}
    union all
    select new_row.{on}, null, figure.new_value where old_row.{on} <> new_row.{on}
) as told (business_on, old_value, new_value)
where told.business_on between %(oldest)s and %(shown)s
    and coalesce(told.old_value, 0) <> coalesce(told.new_value, 0)
"""


def shown_until(session: psycopg.Connection, mart: MartDefinition) -> date | None:
    """Return the last evening that readers see in `mart`; None before its first publication."""
    row = session.execute(
        "select as_of from ops.mart_state where mart = %s", [mart.mart]
    ).fetchone()
    return row[0] if row else None


def note_restatements(
    session: psycopg.Connection,
    mart: MartDefinition,
    columns: tuple[str, ...],
    publication: Publication,
    shown: date | None,
) -> int:
    """Write what the merge of `mart` changed in days up to `shown`; return how many figures.

    Call it after the merge, in the same transaction. A missing side counts as nothing; a row whose
    day moved is gone from the one day and new on the other.
    """
    if mart.restated is None or shown is None:
        return 0
    statement = sql.SQL(NOTE).format(**_parts(mart, mart.restated, columns))
    values = {
        "publication": publication.publication_id,
        "mart": mart.mart,
        "shown": shown,
        "oldest": _oldest(mart.restated, publication.as_of),
    }
    return session.execute(statement, values).rowcount


def _oldest(restated: Restated, as_of: date) -> date:
    """Return the first day whose rows are told; what is older may have left the mart by age."""
    if restated.window_days is None:
        return date.min
    return as_of - timedelta(days=restated.window_days)


def _parts(
    mart: MartDefinition, restated: Restated, columns: tuple[str, ...]
) -> dict[str, sql.Composable]:
    return {
        "published": sql.Identifier("published", mart.mart),
        "history": sql.Identifier("published_history", mart.mart),
        "first_key": sql.Identifier(mart.key_columns[0]),
        "old_key": _key(mart, "old_row"),
        "new_key": _key(mart, "new_row"),
        "on": sql.Identifier(restated.on),
        "same": sql.SQL("({}) = ({})").format(
            names(mart.key_columns, "old_row"), names(mart.key_columns, "new_row")
        ),
        "figures": sql.SQL(", ").join(_figure(measure) for measure in restated.measures),
        "document": _either(restated.document, columns),
        "source_system": _either("source_system", columns),
        "source_id": _either("source_id", columns),
        "manager": _either(SELLER_COLUMN, columns),
    }


def _key(mart: MartDefinition, side: str) -> sql.Composed:
    pairs = [
        sql.SQL("{}, {}").format(sql.Literal(name), sql.Identifier(side, name))
        for name in mart.key_columns
    ]
    return sql.SQL("jsonb_build_object({})").format(sql.SQL(", ").join(pairs))


def _figure(measure: str) -> sql.Composed:
    return sql.SQL("({}, old_row.{column}::numeric, new_row.{column}::numeric)").format(
        sql.Literal(measure), column=sql.Identifier(measure)
    )


def _either(column: str, columns: tuple[str, ...]) -> sql.Composable:
    if column not in columns:
        return sql.SQL("null")
    return sql.SQL("coalesce(new_row.{column}, old_row.{column})").format(
        column=sql.Identifier(column)
    )
