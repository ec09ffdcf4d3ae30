"""The warehouse's own system: another database, other words, other signs."""

from datetime import date
from importlib.resources import files

import psycopg

from daymart.demo.departments.copying import Copied, bring

KEYS: dict[str, tuple[str, ...]] = {
    "artikelstamm": (),
    "bestand": ("stichtag",),
    "bewegung": ("lfdnr",),
    "vorschau": (),
    "reservierung": ("resnr",),
    "inventur": (),
    "kommission": ("pick_nr",),
    "pickfehler": (),
}
"""Tables of schema lvs; rows that come again replace those of the same key."""


def keep_warehouse(erp_dsn: str, wms_dsn: str, evening: date) -> None:
    """Bring the warehouse's system to the state of `evening`; the first time, all of it."""
    with psycopg.connect(erp_dsn) as erp, psycopg.connect(wms_dsn) as wms:
        erp.execute(_script("words"))
        wms.execute(_script("schema"))
        (known,) = wms.execute("select max(stichtag) from lvs.stand").fetchone() or (None,)
        tables = [Copied(f"lvs.{name}", _script(name).decode(), key) for name, key in KEYS.items()]
        bring(erp, wms, tables, known)
        wms.execute("insert into lvs.stand values (%s) on conflict do nothing", [evening])


def _script(name: str) -> bytes:
    return files("daymart.demo.departments.wms").joinpath(f"{name}.sql").read_bytes()
