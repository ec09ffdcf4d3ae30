"""What a build may leave as it is: everything older than the last publication's deliveries."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import psycopg

from daymart.publish.ledger import Publication
from daymart.settings import Settings


@dataclass(frozen=True)
class Since:
    """Where a build begins: nowhere (build everything), or what readers see now.

    `loads` names for each feed the oldest delivery, over its systems, behind what readers see.
    """

    loads: Mapping[str, int] = field(default_factory=dict)
    shown_until: date | None = None

    @property
    def is_whole(self) -> bool:
        return not self.loads


WHOLE = Since()


def fingerprint(manifest: Mapping[str, Any], settings: Settings) -> str:
    """Return what the definitions of the marts come to: SQL, seeds, macros, calendars, settings.

    When it differs from the last publication's, rows that no delivery touched may differ, too.
    """
    nodes = {
        node_id: node["checksum"]["checksum"]
        for node_id, node in manifest["nodes"].items()
        if node["resource_type"] in ("model", "seed")
    }
    macros = {
        name: macro["macro_sql"]
        for name, macro in manifest["macros"].items()
        if macro["package_name"] == "daymart"
    }
    company = settings.model_dump(mode="json", include={"calendars", "currency"})
    told = json.dumps([nodes, macros, company], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def since_last_publication(
    session: psycopg.Connection,
    publication: Publication,
    manifest: Mapping[str, Any],
    definitions: str,
) -> Since:
    """Return what readers see now, if the candidate can be brought on from there; else WHOLE.

    It cannot when nothing is published, the marts are defined otherwise by now, an evening
    earlier than one built since is asked for, the last publication was a rollback, or a table to
    go on with is gone.
    """
    row = session.execute(
        """
        select publication_id, as_of, kind, (
            select max(later.as_of) from ops.publication as later
            where later.publication_id >= shown.publication_id
        )
        from ops.publication as shown
        where state = 'published' order by publication_id desc limit 1
        """
    ).fetchone()
    if row is None:
        return WHOLE
    shown, as_of, kind, latest = row
    if kind != "morning" or publication.as_of < latest:
        return WHOLE
    if _was_defined_otherwise(session, shown, definitions) or not _all_stand(session, manifest):
        return WHOLE
    loads = session.execute(
        """
        select feed_id, min(load_id) from ops.publication_load inner join ops.load using (load_id)
        where publication_id = %s group by feed_id
        """,
        [shown],
    )
    return Since(dict(loads.fetchall()), as_of)


def _was_defined_otherwise(session: psycopg.Connection, shown: int, definitions: str) -> bool:
    """Tell whether what readers see, or a build since then, had other definitions."""
    row = session.execute(
        """
        select count(*) from ops.publication
        where publication_id >= %s and state <> 'building' and kind = 'morning'
            and definitions is distinct from %s
        """,
        [shown, definitions],
    ).fetchone()
    return row is None or row[0] > 0


def _all_stand(session: psycopg.Connection, manifest: Mapping[str, Any]) -> bool:
    """Tell whether every model that is brought on from build to build is there."""
    tables = [
        f"{node['schema']}.{node['name']}"
        for node in manifest["nodes"].values()
        if node["config"].get("materialized") == "incremental"
    ]
    row = session.execute(
        "select count(*) from unnest(%s::text[]) as t (name) where to_regclass(name) is null",
        [tables],
    ).fetchone()
    return row is not None and row[0] == 0
