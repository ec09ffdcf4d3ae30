"""Right answers about counting: how many counts found what the books said."""

from fractions import Fraction

import numpy as np

from daymart.demo.trade.answers.prices import ItemPrices, in_cents
from daymart.demo.trade.answers.tables import as_of
from daymart.demo.trade.clock import Flags, Ints
from daymart.demo.trade.counts import COUNTED_AT, EXPLAINED, CountedBooks, Counts
from daymart.demo.trade.fill import BulkTrade
from daymart.demo.trade.journal import rounded
from daymart.demo.trade.master_tables import VALUE_CLASSES, store_codes, value_class_of
from daymart.demo.trade.tables import Column, Table, decimals, instants, words

ACCURACY_SCHEMA = """
create table answers.accuracy (
    as_of date, warehouse_id text, abc_class text, counted_count bigint, accurate_count bigint,
    accuracy_pct numeric(5, 2), week_accuracy_pct numeric(5, 2), last_counted_at timestamptz,
    valued_count bigint, book_amount numeric(18, 2), absolute_variance_amount numeric(18, 2),
    value_accuracy_pct numeric(18, 2),
    primary key (as_of, warehouse_id, abc_class)
);
comment on table answers.accuracy is
    'Counts of the last 90 days by store and class of goods, and those that found the books right'
    ' within 1, 3 or 5 percent of book (A, B, C); the week''s figure ends with the last Sunday. A'
    ' difference that was neither posted nor explained until the place was counted again counts'
    ' once, with the later count. Amounts are of counts whose goods have a price: that of the last'
    ' purchase then, before the first one that of the last sale, in company currency.';
"""
TOLERANCE = np.array([1, 3, 5])
"""Percent of book by class."""
WINDOW = 90
Value = tuple[Fraction, Fraction]
"""Of a count: book and absolute difference, in company currency."""
EPOCH_WEEKDAY = 3
"""Day 0 of the calendar, 1 January 1970, was a Thursday; Mondays are 0."""


def accuracy_table(
    trade: BulkTrade, evening: int, books: CountedBooks, prices: ItemPrices
) -> Table:
    """Give counts and right counts by store and class; nobody counts where the books say 0."""
    counts = trade.counting.taken(0, evening)
    book = books.at(counts)
    counts, book = counts.chosen(book != 0), book[book != 0]
    group = _groups(trade, counts)
    right = np.abs(counts.variance) * 100 <= np.abs(book) * TOLERANCE[group % len(TOLERANCE)]
    recent, week = _windows(trade, evening, counts)
    zone = trade.masters.store_zone[counts.place // trade.scale.items]
    taken = trade.clock.instants(counts.day, zone, COUNTED_AT)
    last = np.zeros(trade.scale.stores * len(TOLERANCE), dtype=np.int64)
    np.maximum.at(last, group[recent], taken[recent])
    there = np.flatnonzero(last)

    def tally(which: Flags) -> Ints:
        return np.bincount(group[which], minlength=len(last))[there]

    counted, good = tally(recent), tally(recent & right)
    values = _values(counts.chosen(recent), book[recent], group[recent], prices, trade.scale.items)
    columns = {
        "as_of": as_of(trade, evening, len(there)),
        "warehouse_id": words(store_codes(trade.scale), there // len(TOLERANCE)),
        "abc_class": words(VALUE_CLASSES, there % len(TOLERANCE)),
        "counted_count": counted,
        "accurate_count": good,
        "accuracy_pct": _percent(good, counted),
        "week_accuracy_pct": _percent(tally(week & right), tally(week)),
        "last_counted_at": instants(last[there]),
        **_amounts([values.get(number, []) for number in there.tolist()]),
    }
    return Table("accuracy", columns, there)


def _values(
    counts: Counts, book: Ints, group: Ints, prices: ItemPrices, items: int
) -> dict[int, list[Value]]:
    """Give what the books said and what differed of each count with a price, by store and class."""
    found: dict[int, list[Value]] = {}
    worth = prices.at(counts.place % items, counts.day)
    for number, qty, variance, price in zip(group, book, counts.variance, worth, strict=True):
        if price is not None:
            value = (int(qty) * price, abs(int(variance)) * price)
            found.setdefault(int(number), []).append(value)
    return found


def _amounts(values: list[list[Value]]) -> dict[str, Column]:
    books, differed = (np.array([_total(of_group, side) for of_group in values]) for side in (0, 1))
    accuracy = [
        in_cents(100 - Fraction(100 * int(off), int(book))) if book else 0
        for book, off in zip(books, differed, strict=True)
    ]
    return {
        "valued_count": np.array([len(of_group) for of_group in values]),
        "book_amount": decimals(books, 2),
        "absolute_variance_amount": decimals(differed, 2),
        "value_accuracy_pct": decimals(np.array(accuracy), 2, books > 0),
    }


def _total(values: list[Value], side: int) -> int:
    return in_cents(sum((value[side] for value in values), start=Fraction(0)))


def _groups(trade: BulkTrade, counts: Counts) -> Ints:
    """Number the store and class of each count."""
    item = counts.place % trade.scale.items
    group: Ints = counts.place // trade.scale.items * len(TOLERANCE)
    return group + value_class_of(trade.masters)[item]


def _windows(trade: BulkTrade, evening: int, counts: Counts) -> tuple[Flags, Flags]:
    """Tell the counts of 90 days until the evening, and of 90 days until the last Sunday."""
    on, today = trade.clock.dated(counts.day), trade.clock.dated(np.array([evening]))
    monday = today - (today + EPOCH_WEEKDAY) % 7
    once = ~_counted_again(counts, evening, trade.masters.places)
    return once & (on > today - WINDOW), once & (on < monday) & (on >= monday - WINDOW)


def _percent(part: Ints, whole: Ints) -> Column:
    return decimals(rounded(part * 10_000, np.maximum(whole, 1)), 2, whole > 0)


def _counted_again(counts: Counts, evening: int, places: int) -> Flags:
    """Tell which counts left a difference open until the next count of their place."""
    explained = counts.explained & (counts.day + EXPLAINED <= evening)
    waits = (counts.variance != 0) & ~counts.posted & ~explained
    turns = counts.turn * places + counts.place
    again: Flags = waits & np.isin(turns + places, turns)
    return again
