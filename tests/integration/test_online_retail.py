"""Half a year of a shop's daily files through the real load, held against a count of the files."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from shutil import copy
from typing import NamedTuple

import pytest

from daymart.contracts.model import Feed
from daymart.warehouse.install import install
from tests.conftest import Databases, warehouse_at
from tests.integration.real_files import Desk, Folder, day_of, records

FEEDS = ["reference", "sales", "logistics", "warehouse", "accounting"]
FEES = {"POST", "DOT", "C2", "M", "D", "S", "B", "BANK CHARGES", "AMAZONFEE", "CRUK"}
SAMPLE_FROM, SAMPLE_UNTIL = date(2010, 12, 14), date(2011, 1, 11)
"""16 trading days around Christmas: copies and credits on each, a free fee on the last one."""
LATE = date(2011, 1, 5)
"""Its file comes an evening after the files of later days."""
WINTER_ENDS = date(2011, 3, 25)


class Line(NamedTuple):
    """One row of a file."""

    day: date
    place: tuple[str, int]
    paper: str
    stock_code: str
    qty: int
    price: Decimal
    customer: str
    row: tuple[str, ...]

    @property
    def worth(self) -> Decimal:
        return self.qty * self.price

    @property
    def is_fee(self) -> bool:
        return self.stock_code.upper() in FEES

    @property
    def is_credit(self) -> bool:
        return self.paper[0] == "C"


@dataclass
class Count:
    """What the files hold, counted without SQL."""

    lines: list[Line]

    def __post_init__(self) -> None:
        self.papers: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            self.papers[line.paper].append(line)
        self.corrections = {
            paper
            for paper, lines in self.papers.items()
            if not any(line.price or line.customer for line in lines)
        }
        self.goods = [line for line in self.lines if not line.is_fee]
        self.customers_lines = [x for x in self.goods if x.paper not in self.corrections]
        self.sold = [line for line in self.customers_lines if not line.is_credit]
        self.taken_back = [line for line in self.customers_lines if line.is_credit]
        self.bills = {p: x for p, x in self.papers.items() if p not in self.corrections}
        self.free_fees = [x for x in self.lines if x.is_fee and x.paper in self.corrections]
        """Papers that count postage as if it lay in stock: neither goods nor money."""

    @property
    def amounts(self) -> dict[str, Decimal]:
        """What each paper of a customer comes to, fees included."""
        worths = {p: sum((x.worth for x in lines), Decimal(0)) for p, lines in self.bills.items()}
        return {paper: worth.quantize(Decimal("0.01")) for paper, worth in worths.items()}

    def rows(self) -> dict[str, int]:
        """Return the rows every contract table must hold."""
        sold, returned = ({x.paper for x in found} for found in (self.sold, self.taken_back))
        return {
            "site": 1,
            "warehouse": 1,
            "customer": len({x.customer for lines in self.bills.values() for x in lines}),
            "product": len({x.stock_code.upper() for x in self.goods}),
            "so_order": len(sold),
            "so_order_line": len(self.sold),
            "lg_shipment": len(sold) + len(returned),
            "lg_shipment_line": len(self.sold) + len(self.taken_back),
            "wh_movement": len(self.goods),
            "acc_document": len(self.bills),
            "acc_instalment": len(self.bills),
        }


def count(paths: list[Path]) -> Count:
    lines = []
    for path in paths:
        day = day_of(path)
        assert day is not None
        for number, row in enumerate(records(path), start=2):
            lines.append(
                Line(
                    day,
                    (path.name, number),
                    row["InvoiceNo"],
                    row["StockCode"],
                    int(row["Quantity"]),
                    Decimal(row["UnitPrice"]),
                    row["CustomerID"],
                    tuple(row.values()),
                )
            )
    return Count(lines)


def files_of(shared_data: Path) -> list[Path]:
    return sorted((shared_data / "online_retail").glob("*.csv.gz"))


def desk_of(folder: Folder, uri: str, feeds: dict[str, Feed]) -> Desk:
    """Return the desk of a warehouse that knows the shop's own days off."""
    install(warehouse_at(uri), feeds.values(), folder.settings.calendars)
    return Desk(folder, warehouse_at(uri), feeds)


@pytest.fixture(scope="module")
def shop_files(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    place = tmp_path_factory.mktemp("shop")
    return [
        copy(path, place / path.name)
        for path in files_of(shared_data)
        if SAMPLE_FROM <= (day_of(path) or date.max) <= SAMPLE_UNTIL
    ]


@pytest.fixture(scope="module")
def shop(
    databases: Databases, installed_template: str, feeds: dict[str, Feed], shop_files: list[Path]
) -> Iterator[Desk]:
    """Offer a warehouse that took all feeds on two evenings: the one before the last, the last."""
    uri = databases.create(installed_template)
    desk = desk_of(Folder.of("online_retail").at(shop_files[0].parent), uri, feeds)
    (late,) = (path for path in shop_files if day_of(path) == LATE)
    aside = late.rename(late.with_suffix(".aside"))
    desk.load(FEEDS, SAMPLE_UNTIL - timedelta(days=1))
    aside.rename(late)
    desk.load(FEEDS, SAMPLE_UNTIL)
    yield desk
    databases.drop(uri)


@pytest.fixture(scope="module")
def counted(shop_files: list[Path]) -> Count:
    return count(shop_files)


def test_sample_holds_every_oddity_of_the_files(counted: Count) -> None:
    days = {line.day for line in counted.lines}
    assert len(days) == 16
    assert len(counted.lines) - len({line.row for line in counted.lines}) == 132
    assert len(counted.taken_back) > 500
    assert len(counted.corrections) > 50
    assert len(counted.free_fees) == 1
    assert any(line.is_fee for line in counted.sold + counted.lines)
    assert sum(not line.customer for line in counted.lines) > len(counted.lines) / 5
    assert any(line.stock_code != line.stock_code.upper() for line in counted.goods)


def test_shop_calendar_works_on_the_days_of_the_files(shared_data: Path) -> None:
    calendar = Folder.of("online_retail").settings.calendars["default"]
    found = [day for path in files_of(shared_data) if (day := day_of(path))]
    span = (found[0] + timedelta(days=n) for n in range((found[-1] - found[0]).days + 1))
    assert [day for day in span if calendar.is_working(day)] == found


def test_shop_day_without_a_file_is_named_until_it_comes(shop: Desk) -> None:
    evenings = [("warned", f"no file for {LATE}"), ("passed", "a file for every working day")]
    assert verdicts_on_days(shop) == dict.fromkeys(FEEDS, evenings)


def verdicts_on_days(desk: Desk) -> dict[str, list[tuple[str, str]]]:
    """Return, per feed, what its loads in turn said of days without a file."""
    told = defaultdict(list)
    for feed, verdict, saw in desk.ask(
        "select l.feed_id, c.verdict, c.detail ->> 'saw' from ops.check_result as c"
        " inner join ops.load as l using (load_id)"
        " where c.check_id = 'landing.missing_day' order by c.load_id"
    ):
        told[feed].append((verdict, saw))
    return told


def test_shop_every_row_of_the_files_is_loaded_once(shop: Desk, counted: Count) -> None:
    expected = counted.rows()
    held = Counter({"wh_movement": len(counted.free_fees)})
    assert shop.loaded() == expected
    assert shop.counts() == {
        table: (rows + held[table], held[table]) for table, rows in expected.items()
    }


def test_shop_every_line_of_the_files_is_loaded_or_held_back(shop: Desk, counted: Count) -> None:
    assert_none_is_lost(shop, counted)
    assert shop.ask(
        "select r.file_name, r.row_no, v ->> 'column', v ->> 'value'"
        " from quarantine.reject as r, jsonb_array_elements(r.violations) as v"
        " where r.state = 'open'"
    ) == [(*line.place, "kind", f"correction of {line.stock_code}") for line in counted.free_fees]


def assert_none_is_lost(desk: Desk, counted: Count) -> None:
    """Hold that each line moved goods, is in a paper's amount, or waits with a reason."""
    moved = desk.ask("select _file, _line from raw.wh_movement")
    held = desk.ask("select file_name, row_no from quarantine.reject where state = 'open'")
    amounts = dict(desk.ask("select document_id, amount_gross from raw.acc_document"))
    expected = counted.amounts
    billed = [
        line.place
        for line in counted.lines
        if line.is_fee and line.paper in amounts and amounts[line.paper] == expected[line.paper]
    ]
    assert {line.place for line in counted.lines} - {*moved, *held, *billed} == set()
    assert len(counted.lines) == len(moved) + len(held) + len(billed)


def test_shop_line_leads_back_to_its_file_and_line(shop: Desk, shop_files: list[Path]) -> None:
    for name, line, product, qty in shop.ask(
        "select _file, _line, product_id, qty::int from raw.so_order_line"
        " order by md5(order_id || line_no) limit 20"
    ):
        (path,) = (found for found in shop_files if found.name == name)
        row = records(path)[line - 2]
        assert (row["StockCode"].upper(), int(row["Quantity"])) == (product, qty)


def test_shop_equal_lines_of_a_paper_are_all_kept(shop: Desk, counted: Count) -> None:
    copies = Counter(line.row for line in counted.sold)
    (row, times) = max(copies.items(), key=lambda found: (found[1], found[0]))
    assert times > 2
    assert shop.ask(
        "select count(*) from raw.so_order_line"
        " where order_id = %s and product_id = %s and qty = %s and price_net = %s",
        row[0], row[1].upper(), row[3], row[5],
    ) == [(times,)]  # fmt: skip


def test_shop_money_is_that_of_the_files_fees_included(shop: Desk, counted: Count) -> None:
    expected = {
        (paper, kind_of(counted.bills[paper]), amount) for paper, amount in counted.amounts.items()
    }
    assert {kind for _, kind, _ in expected} == {"invoice", "credit_note", "other"}
    found = shop.ask("select document_id, kind, amount_gross from raw.acc_document")
    assert set(found) == expected
    ordered = sum(line.worth for line in counted.sold)
    assert shop.number("sum(qty * price_net) from raw.so_order_line") == ordered


def kind_of(lines: list[Line]) -> str:
    costs = {"AMAZONFEE", "BANK CHARGES"}
    if all(line.stock_code in costs and not line.customer for line in lines):
        return "other"
    return "credit_note" if lines[0].is_credit else "invoice"


def test_shop_goods_leave_come_back_and_are_corrected(shop: Desk, counted: Count) -> None:
    corrected = [line for line in counted.goods if line.paper in counted.corrections]
    assert shop.groups("kind", "wh_movement", "sum(qty)") == {
        "sale_issue": -sum(line.qty for line in counted.sold),
        "return_in": -sum(line.qty for line in counted.taken_back),
        "adjust": sum(line.qty for line in corrected),
    }
    shipped = sum(line.qty for line in counted.customers_lines)
    assert shop.number("sum(qty) from raw.lg_shipment_line") == shipped


def test_shop_sales_without_a_customer_belong_to_the_guest(shop: Desk, counted: Count) -> None:
    guests = {line.paper for line in counted.sold if not line.customer}
    assert len(guests) > 50
    assert shop.ask("select count(*) from raw.so_order where customer_id = 'GUEST'") == [
        (len(guests),)
    ]
    assert shop.ask("select count(*) from raw.customer where customer_id like '%%.0'") == [(0,)]


def test_shop_credit_is_linked_to_the_line_it_takes_back(shop: Desk, counted: Count) -> None:
    linked = {
        (paper, int(line)): Decimal(qty)
        for paper, line, qty in shop.ask(
            "select order_id, order_line_no, -sum(qty) from raw.lg_shipment_line"
            " where qty < 0 and order_id is not null group by 1, 2"
        )
    }
    cancelled = {
        (paper, int(line)): qty
        for paper, line, qty in shop.ask(
            "select order_id, line_no, cancelled_qty from raw.so_order_line where cancelled_qty > 0"
        )
    }
    assert linked == cancelled
    assert shop.ask("select count(*) from raw.so_order_line where cancelled_qty > qty") == [(0,)]
    possible = sum(has_origin(credit, counted) for credit in counted.taken_back)
    linked_lines = shop.number(
        "count(*) from raw.lg_shipment_line where qty < 0 and order_id is not null"
    )
    assert possible * 0.9 < linked_lines <= possible


def has_origin(credit: Line, counted: Count) -> bool:
    """Tell whether an earlier or equally late line of the customer could be taken back."""
    return bool(credit.customer) and any(
        sale.customer == credit.customer
        and sale.stock_code.upper() == credit.stock_code.upper()
        and sale.price == credit.price
        and sale.qty >= -credit.qty
        and sale.row[4] <= credit.row[4]
        for sale in counted.sold
    )


def test_shop_credit_of_one_invoice_cancels_its_shipment(shop: Desk) -> None:
    found = shop.ask(
        "select c.qty, o.qty, c.product_id = o.product_id, s.customer_id = n.customer_id"
        " from raw.lg_shipment as s"
        " inner join raw.lg_shipment as n on n.shipment_id = s.cancels_shipment_id"
        " inner join raw.lg_shipment_line as c on c.shipment_id = s.shipment_id"
        " inner join raw.lg_shipment_line as o"
        " on o.shipment_id = n.shipment_id and o.line_no = c.order_line_no"
    )
    assert len(found) > 50
    assert all(back <= 0 <= out + back and product and who for back, out, product, who in found)


def test_shop_winter_times_are_those_of_london(shop: Desk) -> None:
    assert shop.ask("select min(issued_at)::text from raw.lg_shipment") == [
        ("2010-12-14 09:26:00+00",)
    ]


def test_shop_file_of_a_later_day_is_not_known_before(shop: Desk, counted: Count) -> None:
    found = shop.ask(
        "select new_rows, unchanged_rows from ops.load_table as t"
        " where table_name = 'so_order_line' and is_provided order by load_id"
    )
    new = sum(line.day in (LATE, SAMPLE_UNTIL) for line in counted.sold)
    assert found[0] == (len(counted.sold) - new, 0)
    assert found[1][0] == new


@pytest.mark.campaign
@pytest.mark.timeout(1800)
def test_shop_all_days_are_loaded_in_two_evenings(
    databases: Databases, installed_template: str, feeds: dict[str, Feed], shared_data: Path
) -> None:
    files = files_of(shared_data)
    uri = databases.create(installed_template)
    desk = desk_of(Folder.of("online_retail"), uri, feeds)
    for evening in (WINTER_ENDS, date(2011, 5, 31)):
        desk.load(FEEDS, evening)
    counted = count(files)
    assert len(files) == 141
    assert len(counted.lines) == 209_029
    assert len(counted.free_fees) == 4
    assert desk.loaded() == counted.rows()
    assert_none_is_lost(desk, counted)
    assert {told for loads in verdicts_on_days(desk).values() for told in loads} == {
        ("passed", "a file for every working day")
    }
    worth = sum(line.worth for line in counted.sold)
    assert desk.number("sum(qty * price_net) from raw.so_order_line") == worth
    assert desk.number("sum(qty) from raw.lg_shipment_line") == sum(
        line.qty for line in counted.customers_lines
    )
    # Summer time: the shop's clock is an hour ahead of UTC from 27 March on.
    assert desk.ask(
        "select max(issued_at at time zone 'Europe/London')::text from raw.lg_shipment"
    ) == [(max(line.row[4] for line in counted.customers_lines),)]
    databases.drop(uri)
