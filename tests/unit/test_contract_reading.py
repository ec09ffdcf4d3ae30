"""What is derived from a contract: values, Arrow schema, DDL in the catalog, dbt sources."""

import shutil
from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
import yaml
from fixtures.contracts.shop import FOLDER, install_shop, shop_feed
from psycopg import sql
from typer.testing import CliRunner, Result

from daymart.cli.contracts import app
from daymart.connections import parse_connection
from daymart.contracts.arrow import arrow_schema
from daymart.contracts.dbt_sources import TARGET, dbt_sources
from daymart.contracts.ddl import HISTORY_COLUMNS, SYSTEM_COLUMNS, landing_ddl
from daymart.contracts.model import Feed, LoadMode, Reference, Severity
from daymart.contracts.pages import FOLDER as PAGES
from daymart.contracts.read import parse_overlap, read_feeds
from daymart.contracts.types import arrow_type, is_known, logical_type
from daymart.errors import ConfigError
from daymart.settings import Calendar
from daymart.warehouse.connect import Warehouse
from daymart.warehouse.install import install

HOME = Path(__file__).parents[2]


@pytest.fixture
def shop_warehouse(postgres_database: str) -> Warehouse:
    warehouse = Warehouse(parse_connection("warehouse", postgres_database))
    install_shop(warehouse)
    return warehouse


def ask(warehouse: Warehouse, statement: str) -> list[tuple]:
    with warehouse.session(None) as session:
        return session.execute(statement.encode()).fetchall()


def test_feed_read_from_contract_keeps_people_promise_and_limits() -> None:
    feed = shop_feed()
    assert (feed.name, feed.owner, feed.deputy, feed.head, feed.channel) == (
        "shop",
        "shop.owner",
        "shop.deputy",
        "shop.head",
        "shop",
    )
    assert (feed.deadline, feed.schedule, feed.timezone.key, feed.calendar) == (
        time(7, 15),
        "45 6 * * 1-5",
        "Europe/Kyiv",
        "default",
    )
    assert (feed.max_reject_share, feed.max_reject_rows) == (0.2, 3)
    assert feed.netting_level == ("item_id",)


def test_tables_read_from_contract_keep_mode_cursor_partition_and_measure() -> None:
    feed = shop_feed()
    facts = {t.name: (t.mode, t.cursor, t.overlap, t.partition) for t in feed.tables}
    assert facts == {
        "item": (LoadMode.SNAPSHOT, None, timedelta(0), None),
        "stock": (LoadMode.SNAPSHOT, None, timedelta(0), "as_of"),
        "movement": (LoadMode.INCREMENTAL, "changed_at", timedelta(hours=2), None),
        "visit": (LoadMode.EVENTS, "at", timedelta(days=1), None),
    }
    assert [t.control_measure for t in feed.tables] == ["price", "qty", "qty", None]
    assert [t.min_key_share for t in feed.tables] == [None, 0.5, None, None]
    assert feed.table("stock").key == ("as_of", "item_id")


def test_columns_read_from_contract_keep_row_rules() -> None:
    item = shop_feed().table("item")
    assert item.column("item_id").max_length == 8
    assert (item.column("price").minimum, item.column("price").maximum) == (
        Decimal(0),
        Decimal(99999),
    )
    assert item.column("currency").pattern == "^[A-Z]{3}$"
    assert item.column("shelf").allowed == ("front", "back")
    assert shop_feed().table("visit").column("mood").classification == "confidential"
    price = item.column("price")
    assert (price.unit, price.example, price.labels["en"]) == ("currency", "1.50", "Price")
    assert shop_feed().table("stock").references == (Reference(("item_id",), "item", ("item_id",)),)


def test_references_over_several_columns_are_read_in_pairs(feeds: dict[str, Feed]) -> None:
    found = feeds["warehouse"].table("wh_reservation").references
    line = Reference(("order_id", "order_line_no"), "so_order_line", ("order_id", "line_no"))
    assert line in found
    assert Reference(("order_id",), "so_order", ("order_id",)) in found


def test_promises_read_from_contract_keep_bounds_and_severity() -> None:
    volume, nulls = shop_feed().table("item").promises
    assert (volume.metric, volume.lower, volume.severity) == ("rowCount", 1, Severity.FAIL)
    assert (nulls.metric, nulls.column, nulls.upper, nulls.severity) == (
        "nullValues",
        "name",
        50,
        Severity.WARN,
    )


def test_unknown_table_or_column_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        shop_feed().table("till")
    with pytest.raises(KeyError):
        shop_feed().table("item").column("weight")


@pytest.mark.parametrize(
    ("text", "expected"), [("P2D", timedelta(days=2)), ("PT6H", timedelta(hours=6))]
)
def test_overlap_in_days_or_hours_is_read(text: str, expected: timedelta) -> None:
    assert parse_overlap(text) == expected


def test_overlap_of_weeks_is_refused() -> None:
    with pytest.raises(ValueError, match="P1W"):
        parse_overlap("P1W")


def test_arrow_schema_follows_contract_types_and_nulls() -> None:
    feed = shop_feed()
    assert arrow_schema(feed.table("movement")) == pa.schema(
        [
            pa.field("movement_id", pa.int64(), nullable=False),
            pa.field("qty", pa.decimal128(18, 6), nullable=False),
            pa.field("is_urgent", pa.bool_()),
            pa.field("changed_at", pa.timestamp("us", tz="UTC"), nullable=False),
        ]
    )
    assert arrow_schema(feed.table("stock")).types == [
        pa.date32(),
        pa.string(),
        pa.decimal128(18, 6),
    ]


@pytest.mark.parametrize("kind", ["money", "numeric", "varchar(10)", "double precision", ""])
def test_type_outside_the_list_is_unknown(kind: str) -> None:
    assert not is_known(kind)
    with pytest.raises(KeyError):
        arrow_type(kind)


def test_every_project_column_has_an_arrow_and_a_logical_type(feeds: dict[str, Feed]) -> None:
    columns = [c for feed in feeds.values() for t in feed.tables for c in t.columns]
    assert len(columns) > 200
    for column in columns:
        assert arrow_type(column.physical_type) is not None
        assert logical_type(column.physical_type)
        assert column.description


def test_raw_table_installed_has_contract_columns_then_the_loader_s(
    shop_warehouse: Warehouse,
) -> None:
    found = ask(
        shop_warehouse,
        "select a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull"
        " from pg_attribute as a where a.attrelid = 'raw.item'::regclass and a.attnum > 0"
        " order by a.attnum",
    )
    own = [
        ("item_id", "text", True),
        ("name", "text", False),
        ("price", "numeric(18,2)", True),
        ("currency", "text", True),
        ("shelf", "text", False),
    ]
    assert found[:5] == own
    assert [name for name, _, _ in found[5:]] == [name for name, _, _ in SYSTEM_COLUMNS]


def test_raw_table_installed_is_keyed_by_contract_key_and_system(
    shop_warehouse: Warehouse,
) -> None:
    found = ask(
        shop_warehouse,
        "select pg_get_constraintdef(oid) from pg_constraint"
        " where conrelid = 'raw.stock'::regclass and contype = 'p'",
    )
    assert found == [("PRIMARY KEY (as_of, item_id, source_system)",)]


def test_history_table_installed_adds_who_superseded_and_why(shop_warehouse: Warehouse) -> None:
    found = ask(
        shop_warehouse,
        "select attname from pg_attribute where attrelid = 'raw_history.item'::regclass"
        " and attnum > 0 order by attnum desc limit 3",
    )
    assert [name for (name,) in reversed(found)] == [name for name, _, _ in HISTORY_COLUMNS]


def test_raw_comments_in_the_catalog_are_the_contract_s_words(
    warehouse: Warehouse, feeds: dict[str, Feed]
) -> None:
    found = ask(
        warehouse,
        "select c.relname, a.attname, col_description(c.oid, a.attnum)"
        " from pg_class as c inner join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0"
        " where c.relnamespace = 'raw'::regnamespace and c.relkind = 'r'",
    )
    comments = {(table, column): text for table, column, text in found}
    promised = {
        (t.name, c.name): c.description
        for feed in feeds.values()
        for t in feed.tables
        for c in t.columns
    }
    assert {place: comments[place] for place in promised} == promised
    assert None not in comments.values()
    about = ask(warehouse, "select obj_description('raw.wh_stock'::regclass)")[0][0]
    table = feeds["warehouse"].table("wh_stock")
    assert about == f"{table.description} Grain: {table.grain}"


def test_landing_table_computes_the_row_hash_of_contract_columns(
    shop_warehouse: Warehouse,
) -> None:
    table = shop_feed().table("stock")
    with shop_warehouse.session(None) as session:
        session.execute(landing_ddl(table, sql.Identifier("landing", "probe")))
        session.execute(
            "insert into landing.probe (as_of, item_id, qty, source_id) values"
            " ('2026-11-20', 'A', 1.5, 'x'), ('2026-11-20', 'A', 1.500000, 'other'),"
            " ('2026-11-20', 'A', 1.6, 'x')"
        )
        hashes = [h for (h,) in session.execute("select _row_hash from landing.probe").fetchall()]
        unlogged = session.execute(
            "select relpersistence::text from pg_class where oid = 'landing.probe'::regclass"
        ).fetchone()
    assert hashes[0] == hashes[1] != hashes[2]
    assert unlogged == ("u",)


def test_install_twice_changes_nothing_and_keeps_rows(shop_warehouse: Warehouse) -> None:
    with shop_warehouse.session(None) as session:
        session.execute(
            "insert into raw.stock values ('2026-11-20', 'A', 1, 'shop', 'A', 1, now(), now(), 7)"
        )
    install_shop(shop_warehouse)
    assert ask(shop_warehouse, "select count(*) from raw.stock") == [(1,)]


def test_install_column_gained_by_contract_is_added_to_raw_and_history(
    shop_warehouse: Warehouse, tmp_path: Path
) -> None:
    feed = amended(tmp_path, "- name: shelf\n", "- name: weight\n", keep=True)
    install(shop_warehouse, [feed], {"default": Calendar()})
    found = ask(
        shop_warehouse,
        "select table_schema from information_schema.columns"
        " where column_name = 'weight' and table_name = 'item' order by 1",
    )
    assert found == [("raw",), ("raw_history",)]


def test_install_column_that_changed_type_is_refused(
    shop_warehouse: Warehouse, tmp_path: Path
) -> None:
    feed = amended(tmp_path, "physicalType: numeric(18,2)", "physicalType: numeric(18,4)")
    with pytest.raises(ConfigError, match=r"raw\.item\.price: numeric\(18,2\) in the warehouse"):
        install(shop_warehouse, [feed], {"default": Calendar()})


def test_dbt_sources_hold_every_feed_table_column_owner_and_freshness(
    feeds: dict[str, Feed],
) -> None:
    document = yaml.safe_load(dbt_sources(feeds.values()))
    sources = {source["name"]: source for source in document["sources"]}
    assert set(sources) == set(feeds)
    for name, feed in feeds.items():
        config = sources[name]["config"]
        assert config["meta"] == {"owner": feed.owner, "deputy": feed.deputy, "head": feed.head}
        assert config["freshness"]["warn_after"]["period"] == "day"
        listed = {
            t["name"]: tuple(c["name"] for c in t["columns"]) for t in sources[name]["tables"]
        }
        assert listed == {t.name: t.column_names for t in feed.tables}


def test_contracts_generate_check_committed_file_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAYMART_HOME", str(HOME))
    result = generate("--check")
    assert result.exit_code == 0, result.exception
    assert "up to date" in result.stdout


def test_contracts_generate_check_stale_file_fails_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = project(tmp_path, monkeypatch) / "dbt_project" / TARGET
    generate()
    fresh = target.read_text(encoding="utf-8")
    target.write_text(fresh.replace("What it costs", "x") + "# by hand\n", encoding="utf-8")
    stale = target.read_text(encoding="utf-8")
    result = generate("--check")
    assert isinstance(result.exception, ConfigError)
    assert "Run: daymart contracts generate" in str(result.exception)
    assert target.read_text(encoding="utf-8") == stale
    assert generate().exit_code == 0
    assert target.read_text(encoding="utf-8") == fresh


def test_contracts_generate_page_of_a_contract_that_went_is_stale_then_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project(tmp_path, monkeypatch) / PAGES
    generate()
    assert sorted(p.name for p in folder.iterdir()) == ["README.md", "shop.md"]
    (folder / "till.md").write_text("left behind", encoding="utf-8")
    assert "till.md" in str(generate("--check").exception)
    assert generate().exit_code == 0
    assert not (folder / "till.md").exists()


def test_contracts_generate_check_missing_file_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = project(tmp_path, monkeypatch) / "dbt_project" / TARGET
    assert isinstance(generate("--check").exception, ConfigError)
    assert not target.exists()


def test_contracts_generate_contract_changed_makes_file_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = project(tmp_path, monkeypatch)
    generate()
    contract = home / "contracts" / "shop.odcs.yaml"
    text = contract.read_text(encoding="utf-8")
    contract.write_text(text.replace("shop.owner", "new.owner"), encoding="utf-8")
    assert isinstance(generate("--check").exception, ConfigError)


def test_raw_ddl_hostile_identifiers_are_quoted(postgres_database: str, tmp_path: Path) -> None:
    hostile = 'x\\"; drop table raw.stock; --'
    feed = amended(tmp_path, "- name: shelf\n", f'- name: "{hostile}"\n')
    warehouse = Warehouse(parse_connection("warehouse", postgres_database))
    install(warehouse, [feed], {"default": Calendar()})
    found = ask(
        warehouse,
        "select count(*) from information_schema.columns where table_schema = 'raw'"
        " and (table_name = 'stock' or column_name = 'x\"; drop table raw.stock; --')",
    )
    assert found == [(len(feed.table("stock").columns) + len(SYSTEM_COLUMNS) + 1,)]


def amended(folder: Path, old: str, new: str, *, keep: bool = False) -> Feed:
    """Return the shop's feed from a contract in which `old` reads `new` (or comes after it)."""
    text = (FOLDER / "shop.odcs.yaml").read_text(encoding="utf-8")
    assert old in text
    extra = """        logicalType: string
        physicalType: text
        description: New.
        examples: [new]
        customProperties:
          - {property: labels, value: {en: New, ru: Новое, uk: Нове}}
"""
    replaced = f"{new}{extra}      {old}" if keep else new
    (folder / "shop.odcs.yaml").write_text(text.replace(old, replaced, 1), encoding="utf-8")
    return read_feeds(folder)["shop"]


def project(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(FOLDER, home / "contracts")
    (home / "dbt_project" / TARGET).parent.mkdir(parents=True)
    monkeypatch.setenv("DAYMART_HOME", str(home))
    return home


def generate(*options: str) -> Result:
    return CliRunner().invoke(app, ["generate", *options])
