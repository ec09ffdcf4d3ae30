"""`daymart new`: what it writes is sound, runs, and never takes a person's work away."""

import gzip
import shutil
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
import yaml
from typer.testing import CliRunner

from daymart.cli.app import app
from daymart.contracts.model import Feed
from daymart.contracts.problems import problems_in
from daymart.contracts.read import contract_paths, read_feeds
from daymart.errors import ConfigError
from daymart.scaffold.samples import sample_of, samples_in
from daymart.scaffold.system import binding
from daymart.settings import Binding
from daymart.sources.protocol import ReadParams
from daymart.sources.queries import read_queries
from daymart.sources.stage import open_stage
from tests.conftest import HOME


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy what a project needs, with no system yet."""
    for name in ("contracts", "expectations"):
        shutil.copytree(HOME / name, tmp_path / name)
    (tmp_path / "systems").mkdir()
    monkeypatch.setenv("DAYMART_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Leave files as a department does."""
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "customers.csv").write_bytes("id;name;Город\n007;Ромашка;Київ\n".encode("cp1251"))
    (folder / "stock_20261119.csv").write_text("sku,qty\nA,1\n", encoding="utf-8-sig")
    (folder / "stock_20261120.csv").write_text("sku,qty\nA,2\n", encoding="utf-8-sig")
    with gzip.open(folder / "2026-11-20.csv.gz", "wt") as file:
        file.write("day\tsum\n2026-11-20\t1.50\n")
    return folder


def new(*arguments: object) -> str:
    result = CliRunner().invoke(app, ["new", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_samples_tell_encoding_delimiter_and_day_of_files(desk: Path) -> None:
    assert {s.entity: s.binding() for s in samples_in(desk)} == {
        "desk": {"path": "{as_of:%Y-%m-%d}.csv.gz", "delimiter": "\t"},
        "customers": {"path": "customers.csv", "encoding": "cp1251", "delimiter": ";"},
        "stock": {"path": "stock_{as_of:%Y%m%d}.csv"},
    }


def test_new_system_offers_a_binding_the_settings_accept(home: Path, desk: Path) -> None:
    output = new("system", "desk", "--feed", "reference", "--files", desk)
    (block,) = yaml.safe_load(output.split("daymart.yaml:")[1].split("Then:")[0])
    bound = Binding.model_validate(block)
    assert bound.files["customers"].delimiter == ";"


def test_new_system_writes_queries_that_run_and_yield_the_contract(home: Path, desk: Path) -> None:
    new("system", "desk", "--feed", "reference", "--table", "customer", "--files", desk)
    query = read_queries(home / "systems" / "desk")["customer"]
    rows = pa.table({"id": ["007"], "name": ["Ромашка"]} | FOUND)
    with open_stage() as stage:
        stage.fill("customers", rows.to_reader())
        stage.set_parameters(ReadParams(date(2026, 11, 20)))
        (batch,) = stage.read(query)
    promised = read_feeds(home / "contracts")["reference"].table("customer").column_names
    assert batch.schema.names == [*promised, "_file", "_line", "_defect"]
    assert batch.column("customer_id").to_pylist() == ["007"]
    assert batch.column("name").to_pylist() == ["Ромашка"]


FOUND = {"_file": ["customers.csv"], "_line": [2], "_defect": pa.nulls(1, pa.string())}


def test_new_system_for_a_database_names_its_connection(home: Path) -> None:
    output = new("system", "shop", "--feed", "sales")
    (block,) = yaml.safe_load(output.split("daymart.yaml:")[1].split("Then:")[0])
    assert block == {"system": "shop", "feeds": ["sales"], "connection": "shop"}
    assert "so_order" in read_queries(home / "systems" / "shop")


def test_new_system_never_overwrites(home: Path) -> None:
    new("system", "shop", "--feed", "sales", "--table", "so_order")
    (home / "systems/shop/so_order.sql").write_text("select 1", encoding="utf-8")
    assert "nothing to write" in new("system", "shop", "--feed", "sales", "--table", "so_order")
    assert (home / "systems/shop/so_order.sql").read_text(encoding="utf-8") == "select 1"


@pytest.mark.parametrize("with_sample", [False, True])
def test_new_feed_passes_the_checks_of_contracts(home: Path, desk: Path, with_sample: bool) -> None:
    sample = ["--sample", desk / "stock_20261120.csv"] if with_sample else []
    new("feed", "service", "--owner", "service.manager", *sample)
    assert problems_in(contract_paths(home / "contracts")) == []
    feed: Feed = read_feeds(home / "contracts")["service"]
    assert feed.owner == "service.manager"
    if with_sample:
        (table,) = feed.tables
        kinds = [(c.name, c.physical_type) for c in table.columns]
        assert (table.key, kinds) == (("sku",), [("sku", "text"), ("qty", "integer")])


@pytest.mark.parametrize(
    ("arguments", "saw"),
    [
        (["feed", "sales", "--owner", "a.b"], "a feed of this name"),
        (["feed", "My Feed", "--owner", "a.b"], "a name with other signs"),
        (["system", "../x", "--feed", "sales"], "a name with other signs"),
        (["system", "x", "--feed", "nope"], "no such feed"),
        (["system", "x", "--feed", "sales", "--table", "customer"], "no such table"),
    ],
    ids=["taken", "spaces", "path", "unknown_feed", "foreign_table"],
)
def test_new_refuses_what_it_cannot_write(home: Path, arguments: list[str], saw: str) -> None:
    with pytest.raises(ConfigError, match=saw):
        new(*arguments)


def test_sample_guesses_no_number_where_a_zero_leads(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('code,n,q,d,t\n007,5,"1.5",2026-11-20,x\n', encoding="utf-8")
    sample = sample_of(tmp_path / "a.csv")
    kinds = ["text", "integer", "numeric(18,6)", "date", "text"]
    assert [sample.type_of(c) for c in sample.header] == kinds


def test_samples_of_one_folder_share_a_notation_unless_they_show_another(tmp_path: Path) -> None:
    for name, line in {
        "moves": "1;20.11.2026 09:30;1,5",
        "items": "2;;",
        "prices": "3;2026-11-20T09:30:00;1.5",
    }.items():
        (tmp_path / f"{name}.csv").write_text(f"id;at;qty\n{line}\n", encoding="utf-8")
    (block,) = yaml.safe_load(binding("desk", ["warehouse"], "desk", samples_in(tmp_path)))
    house = {"delimiter": ";", "timestamp": "%d.%m.%Y %H:%M", "decimal": ","}
    assert block["files"] == {
        "moves": {"path": "moves.csv"} | house,
        "items": {"path": "items.csv"} | house,
        "prices": {"path": "prices.csv", "delimiter": ";"},
    }


def test_new_feed_offers_a_binding_of_its_own_columns(home: Path, tmp_path: Path) -> None:
    sample = tmp_path / "calls_20261120.csv"
    sample.write_text("Number;Opened;hours\n0001;20.11.2026 09:30;1,5\n", encoding="utf-8")
    output = new("feed", "service", "--owner", "service.manager", "--sample", sample)
    assert problems_in(contract_paths(home / "contracts")) == []
    (block,) = yaml.safe_load(output.split("daymart.yaml:")[1].split("Then:")[0])
    (described,) = Binding.model_validate(block).files.items()
    (table,) = read_feeds(home / "contracts")["service"].tables
    assert described[0] == table.name == "service_calls"
    assert described[1].columns == {"number": "Number", "opened": "Opened"}
    assert (described[1].decimal, described[1].timestamp) == (",", "%d.%m.%Y %H:%M")
    assert [c.physical_type for c in table.columns] == ["text", "timestamptz", "numeric(18,6)"]
