"""Hold the published marts against the simulator's answers, row by row and column by column.

The answers are copied into temporary tables of a session on the warehouse, and compared there:
memory stays flat whatever the size of the company.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
from psycopg import sql

from daymart.acceptance.questions import LEFT_OUT, OF_THE_PAST, QUESTIONS
from daymart.acceptance.questions.question import Question
from daymart.errors import ConfigError
from daymart.warehouse.connect import Role, Warehouse

SHOWN = 5
"""Differing rows of one table that are named."""

PUBLISHED = ("marts", Role.READER)
CANDIDATE = ("candidate", Role.PUBLISHER)
SIDES = ("mart_rows", "answer_rows")
"""Temporary tables of what one comparison compares."""

Session = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Comparison:
    """One table of answers held against the marts; `differences` are the first few, in words."""

    table: str
    matched: int
    total: int
    differences: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Tell whether something was compared and nothing differs."""
        return self.matched == self.total > 0


def compare(warehouse: Warehouse, source: str, evening: date) -> list[Comparison]:
    """Hold the published marts against every table of answers in the database `source`.

    The answers must describe `evening`. Raises ConfigError when they have a table nobody compares,
    or lack one.
    """
    with _side_by_side(warehouse, source, evening, PUBLISHED) as (session, answers):
        _require_known(answers)
        return _compare_all(session, answers, QUESTIONS)


def compare_past(warehouse: Warehouse, source: str, evening: date) -> list[Comparison]:
    """Hold the candidate of a past evening against the answers that can be asked for one."""
    questions = [question for question in QUESTIONS if question.table in OF_THE_PAST]
    with _side_by_side(warehouse, source, evening, CANDIDATE) as (session, answers):
        return _compare_all(session, answers, questions)


@contextmanager
def _side_by_side(
    warehouse: Warehouse, source: str, evening: date, marts: tuple[str, Role]
) -> Iterator[tuple[Session, Session]]:
    schema, role = marts
    with psycopg.connect(source) as answers, warehouse.session(role) as session:
        session.execute("select set_config('search_path', %s, false)", [schema])
        day = sql.Literal(evening)
        session.execute(sql.SQL("create temporary table evening as select {} as as_of").format(day))
        yield session, answers


def _require_known(answers: Session) -> None:
    found = {
        row[0]
        for row in answers.execute("select tablename from pg_tables where schemaname = 'answers'")
    }
    known = {table for question in QUESTIONS for table in question.tables} | LEFT_OUT.keys()
    if found != known:
        raise ConfigError(
            "schema answers",
            saw=f"tables {', '.join(sorted(found ^ known))} on one side only",
            expected="the tables named in daymart.acceptance.questions",
            remedy="Write how they compare with the marts, or why they cannot.",
        )


def _compare_all(
    session: Session, answers: Session, questions: Sequence[Question]
) -> list[Comparison]:
    """Bring all tables before the first is compared: a question may ask several."""
    for question in questions:
        for table in question.tables:
            _bring(session, answers, table)
    return [_compare(session, question) for question in questions]


def _compare(session: Session, question: Question) -> Comparison:
    for name, query in zip(SIDES, (question.mart, question.answer), strict=True):
        session.execute(sql.SQL("drop table if exists {}").format(sql.Identifier(name)))
        session.execute(
            sql.SQL("create temporary table {} as {}").format(sql.Identifier(name), sql.SQL(query))
        )
        session.execute(sql.SQL("analyze {}").format(sql.Identifier(name)))
    parts = _parts(question)
    counted = session.execute(
        sql.SQL("select count(*), count(*) filter (where {differs}) from {both}").format(**parts)
    ).fetchone()
    assert counted is not None
    total, different = counted
    return Comparison(
        question.table, total - different, total, tuple(_differences(session, question, parts))
    )


def _bring(session: Session, answers: Session, table: str) -> None:
    """Copy one table of answers into a temporary one, a block at a time."""
    columns = answers.execute(
        "select attname, format_type(atttypid, atttypmod) from pg_attribute"
        " where attrelid = %s::regclass and attnum > 0 order by attnum",
        [f"answers.{table}"],
    ).fetchall()
    there, here = sql.Identifier("answers", table), sql.Identifier(f"answer_{table}")
    typed = [sql.Identifier(name) + sql.SQL(" " + kind) for name, kind in columns]
    session.execute(
        sql.SQL("create temporary table {} ({})").format(here, sql.SQL(", ").join(typed))
    )
    with (
        answers.cursor().copy(sql.SQL("copy {} to stdout").format(there)) as rows,
        session.cursor().copy(sql.SQL("copy {} from stdin").format(here)) as written,
    ):
        for block in rows:
            written.write(block)


def _parts(question: Question) -> dict[str, sql.Composable]:
    """Compose what both queries of a comparison need; a missing side has no keys."""
    same = [_pair(key, "=") for key in question.keys]
    differ = [_pair(figure, "is distinct from") for figure in question.figures]
    first = question.keys[0]
    missing = [sql.Identifier(side, first) + sql.SQL(" is null") for side in SIDES]
    return {
        "both": sql.SQL("mart_rows full join answer_rows on {}").format(
            sql.SQL(" and ").join(same)
        ),
        "differs": sql.SQL(" or ").join([*missing, *differ]),
    }


def _pair(column: str, operator: str) -> sql.Composable:
    sides = [sql.Identifier(side, column) for side in SIDES]
    return sql.SQL(f" {operator} ").join(sides)


def _differences(
    session: Session, question: Question, parts: dict[str, sql.Composable]
) -> Iterator[str]:
    """Say in words which rows differ, the first few by their keys."""
    columns = (*question.keys, *question.figures)
    sides = [sql.Identifier(side, column) for side in SIDES for column in columns]
    keys = [
        sql.SQL("coalesce({})").format(sql.SQL(", ").join(sql.Identifier(s, key) for s in SIDES))
        for key in question.keys
    ]
    rows = session.execute(
        sql.SQL("select {columns} from {both} where {differs} order by {keys} limit {most}").format(
            columns=sql.SQL(", ").join(sides),
            keys=sql.SQL(", ").join(keys),
            most=sql.Literal(SHOWN),
            **parts,
        )
    )
    for row in rows:
        mart = dict(zip(columns, row[: len(columns)], strict=True))
        answer = dict(zip(columns, row[len(columns) :], strict=True))
        yield _in_words(question, mart, answer)


def _in_words(question: Question, mart: dict[str, Any], answer: dict[str, Any]) -> str:
    first = question.keys[0]
    known = mart if mart[first] is not None else answer
    key = " ".join(str(known[name]) for name in question.keys)
    if mart[first] is None:
        told = ", ".join(f"{name} {answer[name]}" for name in question.figures)
        return f"{key}: no row in the marts, answer {told}"
    if answer[first] is None:
        told = ", ".join(f"{name} {mart[name]}" for name in question.figures)
        return f"{key}: mart {told}, no answer"
    told = ", ".join(
        f"{name} mart {mart[name]}, answer {answer[name]}"
        for name in question.figures
        if mart[name] != answer[name]
    )
    return f"{key}: {told}"
