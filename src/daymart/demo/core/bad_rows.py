"""Rows that break a contract on purpose, so that quarantine is seen at work.

No other row refers to them, and none carries money or stock.
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from daymart.demo.core.business import Business
from daymart.demo.core.goods import Dispatch, DispatchEvent
from daymart.demo.core.people import HEAD_OF_SALES, MAIN
from daymart.demo.core.records import DemoCase, Item, ItemUnit, Partner, Rate, Row

CUSTOMER_ID, ITEM_ID, UNIT_ITEM_ID = 990, 1990, 1080


def bad_rows(b: Business) -> Iterator[int]:
    """Write every bad row on the eve of the anchor."""
    yield 1
    customer = Partner(CUSTOMER_ID, "C0990", "Typing Error Ltd", buys=True, sells=False)
    customer.manager_no, customer.terms_days = HEAD_OF_SALES, 99999
    _write(b, "bad_row_terms_out_of_range", customer)
    nameless = Item(ITEM_ID, "009900", None, None, None, "pcs", "C", False, False)
    _write(b, "bad_row_name_missing", nameless)
    euro = Rate("EURO", b.world.today, Decimal(1), 1, "typed by hand")
    _write(b, "bad_row_currency_pattern", euro)
    _write(b, "bad_row_negative_factor", _unit(b, "pallet", -48))
    _write(b, "bad_row_duplicate_key", _unit(b, "carton", 6))
    b.world.add(_unit(b, "carton", 8))
    first = b.world.every(Dispatch)[0]
    at = b.world.clock(MAIN, 12) + timedelta(minutes=7)
    event = DispatchEvent(b.world.next_id(DispatchEvent), first.id, None, "LOST?", at)
    _write(b, "bad_row_unknown_event", event)


def _unit(b: Business, unit: str, times: int) -> ItemUnit:
    return ItemUnit(b.world.next_id(ItemUnit), UNIT_ITEM_ID, unit, b.world.first_day, times)


def _write(b: Business, name: str, row: Row) -> None:
    b.world.add(row)
    key = "/".join(str(part) for part in row.identity())
    b.world.add(DemoCase(name, row.TABLE, key))
