"""Laws of what can be promised, over generated places, on the model's own compiled SQL."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daymart.build.dbt import run_variables
from tests.conftest import Databases, dbt_for, warehouse_at

EVENING = date(2026, 11, 20)
DAYS, HORIZON = 12, 9
QUANTITIES = st.decimals(0, 500, places=2)
EVENTS = st.lists(st.tuples(st.integers(-3, DAYS), QUANTITIES), max_size=6)
PLACES = st.lists(st.tuples(QUANTITIES, EVENTS, EVENTS), min_size=1, max_size=40)
TABLES = """
create temp table int_stock__stock_closed (
    warehouse_id text, product_id text, on_hand_qty numeric, usable_qty numeric
);
create temp table int_supply__demand_open (
    warehouse_id text, product_id text, ship_on date, demand_qty numeric
);
create temp table int_supply__supply_expected (
    warehouse_id text, product_id text, expected_on date, eta_safe_on date, expected_qty numeric
);
create temp table stg_reference__warehouses as
select 'W1' as warehouse_id, 'KYV' as site_id, false as is_transit;
create temp table stg_reference__products (product_id text, product_code text,
    product_name text, base_uom text);
create temp table supply_rule as select 'atp_horizon_days' as rule, 9 as rule_value;
create temp table int_supply__working_days as
select 'KYV' as site_id, (date '2026-11-20' + n) as calendar_on, true as is_working,
    n as working_day_no, (date '2026-11-20' + n) as next_working_on,
    (date '2026-11-20' + n) as previous_working_on
from generate_series(1, 12) as n;
"""

Place = tuple[Decimal, list[tuple[int, Decimal]], list[tuple[int, Decimal]]]


@pytest.fixture(scope="module")
def promised(
    databases: Databases, installed_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
    """Offer a session with a view over empty inputs that computes atp_daily as dbt compiled it."""
    uri = databases.create(installed_template)
    target = tmp_path_factory.mktemp("dbt")
    at = datetime(2026, 11, 21, 6, tzinfo=UTC)
    dbt_for(warehouse_at(uri), target).build(run_variables(EVENING, at, "EUR"), "atp_daily")
    compiled = Path(target / "compiled/daymart/models/marts/supply/atp_daily.sql").read_text()
    own = re.sub(r'"[^"]+"\."(?:staging|intermediate)"\."(\w+)"', r"pg_temp.\1", compiled)
    assert own != compiled
    with psycopg.connect(uri) as session, session.cursor() as cursor:
        cursor.execute(TABLES)
        cursor.execute(f"create temp view promised as {own}".encode())
        yield cursor
    databases.drop(uri)


def promises_of(
    cursor: psycopg.Cursor[tuple[Any, ...]], places: list[Place]
) -> dict[int, list[tuple[Decimal, ...]]]:
    """Give each place's days: supply, demand, cumulative, ATP, safe ATP, free supply."""
    cursor.execute(
        "truncate int_stock__stock_closed, int_supply__demand_open, int_supply__supply_expected"
    )
    stock = [(f"{n}", place[0]) for n, place in enumerate(places)]
    demand = [
        (f"{n}", EVENING + timedelta(days=day), qty)
        for n, place in enumerate(places)
        for day, qty in place[1]
    ]
    supply = [
        (f"{n}", EVENING + timedelta(days=day), EVENING + timedelta(days=day + n % 4), qty)
        for n, place in enumerate(places)
        for day, qty in place[2]
        if day > 0
    ]
    cursor.executemany(
        "insert into int_stock__stock_closed values ('W1', %s, 1, %s)",
        stock,
    )
    cursor.executemany("insert into int_supply__demand_open values ('W1', %s, %s, %s)", demand)
    cursor.executemany(
        "insert into int_supply__supply_expected values ('W1', %s, %s, %s, %s)", supply
    )
    cursor.execute(
        "select product_id, supply_qty, demand_qty, cumulative_qty, atp_qty, atp_safe_qty,"
        " free_supply_qty from promised order by product_id, available_on"
    )
    found: dict[int, list[tuple[Decimal, ...]]] = {}
    for product, *figures in cursor:
        found.setdefault(int(product), []).append(tuple(figures))
    return found


def by_hand(place: Place) -> list[Decimal]:
    """Compute what can be promised on each day of the horizon, by the definition."""
    stock, demand, supply = place
    change = [Decimal(0)] * (HORIZON + 1)
    for day, qty in demand:
        if day <= HORIZON:
            change[max(day, 1)] -= qty
    for day, qty in supply:
        if 0 < day <= HORIZON:
            change[day] += qty
    left = list(accumulate(change[1:], initial=stock))[1:]
    return [min(left[day:]) for day in range(HORIZON)]


@given(places=PLACES)
@settings(
    max_examples=40,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
def test_promises_of_any_place_keep_their_laws(
    promised: psycopg.Cursor[tuple[Any, ...]], places: list[Place]
) -> None:
    found = promises_of(promised, places)

    assert set(found) == set(range(len(places)))
    for number, days in found.items():
        supply, demand, left, atp, safe, free = zip(*days, strict=True)
        assert list(atp) == by_hand(places[number])
        assert all(eve <= day for eve, day in pairwise(atp)), "ATP fell over time"
        assert all(eve <= day for eve, day in pairwise(safe)), "safe ATP fell over time"
        assert all(promise <= rest for promise, rest in zip(atp, left, strict=True))
        assert atp[-1] == places[number][0] + sum(supply) - sum(demand)
        assert all(0 <= part <= whole for part, whole in zip(free, supply, strict=True))
        assert all(late <= soon for late, soon in zip(safe, atp, strict=True)), (
            "a later supply promised more"
        )
