"""The guide for newcomers does what it says: its binding and its queries load the real files."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from daymart.contracts.model import Feed
from daymart.load.accept import accept
from daymart.load.pull import pull
from daymart.scaffold.samples import samples_in
from daymart.scaffold.system import binding
from daymart.settings import Binding, Project, Settings
from daymart.sources.registry import sources_of
from tests.conftest import HOME, Databases, rows, warehouse_at

GUIDE = (HOME / "docs" / "connect_your_own_system.md").read_text(encoding="utf-8")
FILES = ("inventory_transactions.csv", "order_details.csv")


@pytest.fixture
def home(tmp_path: Path, shared_data: Path) -> Path:
    """Follow the guide as far as its files go."""
    (tmp_path / "drop").mkdir()
    for name in FILES:
        content = (shared_data / "northwind_2010" / name).read_bytes()
        (tmp_path / "drop" / name).write_bytes(content)
    for path, query in re.findall(r"`(systems/\w+/\w+\.sql)`.*?```sql\n(.*?)```", GUIDE, re.S):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(query, encoding="utf-8")
    return tmp_path


def test_guide_shows_the_binding_that_is_offered(home: Path) -> None:
    offered = binding("northwind", ["warehouse"], "drop", samples_in(home / "drop"))
    assert offered in GUIDE


def test_guide_queries_load_the_files_and_hold_a_spoilt_line_back(
    databases: Databases, installed_template: str, feeds: dict[str, Feed], home: Path
) -> None:
    (block,) = yaml.safe_load(
        binding("northwind", ["warehouse"], "drop", samples_in(home / "drop"))
    )
    for described in block["files"].values():
        described["stable_for"] = 0
    company = Settings(company="Guide", currency="USD", bindings=(Binding(**block),))
    uri = databases.create(installed_template)
    warehouse, feed = warehouse_at(uri), feeds["warehouse"]

    def load(evening: date) -> int:
        (source,) = sources_of(feed, Project(home, company))
        return accept(warehouse, feed, pull(warehouse, feed, source, evening).load_id).quarantined

    assert load(date(2006, 6, 23)) == 0
    assert rows(
        warehouse,
        "select table_name, read_rows from ops.load_table where is_provided order by 1",
    ) == [("wh_movement", 92), ("wh_reservation", 10), ("wh_stock", 28)]
    spoilt = home / "drop" / FILES[0]
    spoilt.write_text(spoilt.read_text().replace(",80,75,", ",80,ten,", 1))
    assert load(date(2006, 6, 24)) == 2
    assert rows(
        warehouse,
        "select table_name, violations -> 0 ->> 'value' from quarantine.reject order by 1",
    ) == [("wh_movement", "ten"), ("wh_stock", "unknown")]
    databases.drop(uri)
