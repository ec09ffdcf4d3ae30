"""A small OData server that speaks version 3 as 1C does, over queries on PostgreSQL.

    python -m daymart.demo.odata_server --dsn postgresql://… [--schema odata] [--port 0]

Every relation of the schema is an entity set of its own name. It is for the demo and for tests:
reading only, one order, one filter (`Field ge datetime'…'`).
"""

import argparse
import base64
import hmac
import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import quoteattr

import psycopg
from psycopg import sql

ROOT = "/odata/standard.odata"
SINCE = re.compile(r"^\(?(\w+) ge datetime'([0-9T:-]+)'\)?$")
KINDS = {"bool": "Boolean", "numeric": "Double", "int4": "Int32", "int8": "Int64"}
KINDS |= {"timestamp": "DateTime", "date": "DateTime", "uuid": "Guid"}


class Wrong(Exception):
    """A request the server does not serve."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True)
class Service:
    """What is served: a query for each entity set, a log-in, and how long a page may be.

    `most` caps a page silently, as servers do.
    """

    dsn: str
    sets: Mapping[str, str]
    login: str = "demo"
    password: str = "demo"
    most: int = 10_000

    def check(self, authorization: str) -> None:
        """Raise Wrong unless the log-in is the one expected."""
        given = authorization.removeprefix("Basic ")
        expected = base64.b64encode(f"{self.login}:{self.password}".encode()).decode()
        if not hmac.compare_digest(given.encode(), expected.encode()):
            raise Wrong(401, "Не указаны имя и пароль пользователя")

    def answer(
        self, database: psycopg.Connection, path: str, options: Mapping[str, str]
    ) -> tuple[str, str]:
        """Return content type and body; raises Wrong."""
        if not path.startswith(ROOT):
            raise Wrong(404, "Ресурс не найден")
        name, _, end = path.removeprefix(ROOT).strip("/").partition("/")
        if name in ("", "$metadata"):
            return self._metadata(database) if name else self._names()
        if name not in self.sets or end not in ("", "$count"):
            raise Wrong(404, f"Сущность {name} не найдена")
        if end:
            return "text/plain;charset=utf-8", f"\ufeff{self._count(database, name, options)}"
        return "application/json;charset=utf-8", self._page(database, name, options)

    def _names(self) -> tuple[str, str]:
        listed = [{"name": name, "url": name} for name in self.sets]
        return "application/json", json.dumps({"value": listed}, ensure_ascii=False)

    def _metadata(self, database: psycopg.Connection) -> tuple[str, str]:
        types = "".join(self._type(database, name) for name in self.sets)
        sets = "".join(
            f"<EntitySet Name={quoteattr(n)} EntityType={quoteattr('StandardODATA.' + n)}/>"
            for n in self.sets
        )
        schema = f'<Schema Namespace="StandardODATA">{types}<EntityContainer>{sets}'
        return "application/xml", (
            f"<Edmx><DataServices>{schema}</EntityContainer></Schema></DataServices></Edmx>"
        )

    def _type(self, database: psycopg.Connection, name: str) -> str:
        fields = "".join(
            f"<Property Name={quoteattr(field)} Type={quoteattr(f'Edm.{kind}')}/>"
            for field, kind in self._fields(database, name).items()
        )
        return f"<EntityType Name={quoteattr(name)}>{fields}</EntityType>"

    def _fields(self, database: psycopg.Connection, name: str) -> dict[str, str]:
        described = database.execute(self._from("select * from {} limit 0", name)).description
        kinds = {c.name: c.type_display.partition("(")[0] for c in described or ()}
        return {field: KINDS.get(kind, "String") for field, kind in kinds.items()}

    def _from(self, query: str, name: str, *parts: sql.Composable) -> sql.Composed:
        relation = sql.SQL("({}) as entities").format(sql.SQL(self.sets[name]))
        return sql.SQL(query).format(relation, *parts)

    def _count(self, database: psycopg.Connection, name: str, options: Mapping[str, str]) -> int:
        where = self._where(database, name, options)
        row = database.execute(self._from("select count(*) from {} where {}", name, where))
        return int((row.fetchone() or (0,))[0])

    def _page(self, database: psycopg.Connection, name: str, options: Mapping[str, str]) -> str:
        """Let PostgreSQL write the JSON: numbers keep every digit."""
        query = self._from(
            "select row_to_json(page)::text from (select {1} from {0} where {2}"
            " order by {3} limit {4} offset {5}) as page",
            name,
            self._identifiers(database, name, options.get("$select"), "*"),
            self._where(database, name, options),
            self._identifiers(database, name, options.get("$orderby"), "1"),
            sql.Literal(min(_whole(options.get("$top", str(self.most))), self.most)),
            sql.Literal(_whole(options.get("$skip", "0"))),
        )
        rows = ",".join(row[0] for row in database.execute(query))
        counted = ""
        if options.get("$inlinecount") == "allpages":
            counted = f'"odata.count":"{self._count(database, name, options)}",'
        return f'{{"odata.metadata":"{ROOT}/$metadata#{name}",{counted}"value":[{rows}]}}'

    def _identifiers(
        self, database: psycopg.Connection, name: str, listed: str | None, default: str
    ) -> sql.Composable:
        if not listed or listed == "*":
            return sql.SQL(default)
        known = self._fields(database, name)
        names = [part.strip() for part in listed.split(",")]
        if unknown := [part for part in names if part not in known]:
            raise Wrong(400, f"Поле {unknown[0]} не найдено")
        return sql.SQL(", ").join(sql.Identifier(part) for part in names)

    def _where(
        self, database: psycopg.Connection, name: str, options: Mapping[str, str]
    ) -> sql.Composable:
        if not options.get("$filter"):
            return sql.SQL("true")
        asked = SINCE.match(options["$filter"])
        if asked is None:
            raise Wrong(400, "Фильтр не распознан")
        field = self._identifiers(database, name, asked[1], "")
        return sql.SQL("{} >= {}::timestamp").format(field, sql.Literal(asked[2]))


def _whole(text: str) -> int:
    if not text.isdigit():
        raise Wrong(400, f"{text[:20]!r} не число")
    return int(text)


class Handler(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    service: Service

    def do_GET(self) -> None:
        """Answer, errors in the shape 1C gives them."""
        parts = urlsplit(self.path)
        options = {k: v[-1] for k, v in parse_qs(parts.query).items()}
        try:
            self.service.check(self.headers.get("Authorization", ""))
            self._send(200, *self.service.answer(self.database, unquote(parts.path), options))
        except Wrong as wrong:
            self._send_error(wrong.status, str(wrong))
        except psycopg.Error as broken:
            self._send_error(500, str(broken).splitlines()[0])

    @cached_property
    def database(self) -> psycopg.Connection:
        """One session for as long as the client keeps its connection."""
        return psycopg.connect(self.service.dsn, autocommit=True)

    def finish(self) -> None:
        """Close the session with the connection."""
        super().finish()
        if "database" in self.__dict__:
            self.database.close()

    def _send_error(self, status: int, text: str) -> None:
        error = {"odata.error": {"code": "-1", "message": {"lang": "ru", "value": text}}}
        self._send(status, "application/json", json.dumps(error, ensure_ascii=False))

    def _send(self, status: int, kind: str, body: str) -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Keep the demo's terminal quiet."""


@contextmanager
def serve(service: Service, port: int = 0) -> Iterator[str]:
    """Serve on this machine only for the block; yields the service's address."""
    handler = type("BoundHandler", (Handler,), {"service": service})
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{ROOT}"
        finally:
            server.shutdown()
            thread.join()


def sets_in(dsn: str, schema: str) -> dict[str, str]:
    """Return an entity set for every table and view of a schema."""
    with psycopg.connect(dsn) as database:
        found = database.execute(
            "select table_name from information_schema.tables where table_schema = %s order by 1",
            [schema],
        ).fetchall()
        return {
            str(name): sql.SQL("select * from {}")
            .format(sql.Identifier(schema, str(name)))
            .as_string(database)
            for (name,) in found
        }


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m daymart.demo.odata_server")
    parser.add_argument("--dsn", required=True, help="the database behind it")
    parser.add_argument("--schema", default="odata", help="its tables and views are entity sets")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--login", default="demo")
    parser.add_argument("--password", default="demo")
    given = parser.parse_args()
    service = Service(given.dsn, sets_in(given.dsn, given.schema), given.login, given.password)
    with serve(service, given.port) as url:
        print(url, flush=True)  # noqa: T201 - the address is what the caller waits for
        threading.Event().wait()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit(0) from None
