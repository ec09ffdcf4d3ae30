"""Draws by counter: the same day and table throw the same, whatever else was thrown."""

import numpy as np

from daymart.demo.trade.clock import Floats, Ints

MASTERS, ORDERS, LINES, SUPPLY, COUNTS, LEADS, TOUCHES, ASKS, TARGETS = range(9)
GOLDEN = 0.6180339887498949


def thrower(seed: int, day: int, table: int) -> np.random.Generator:
    """Return the generator of one day (days since 1970) and one table."""
    return np.random.Generator(np.random.Philox(key=[seed & (2**63 - 1), day * 16 + table]))


def scaled(draw: Floats, low: int, high: int) -> Ints:
    """Turn draws of [0, 1) into integers from low to high, both included."""
    return low + (draw * (high - low + 1)).astype(np.int64)


def another(draw: Floats, number: int | Ints) -> Floats:
    """Derive further draws of [0, 1) from a draw, one for each number."""
    return np.mod(draw + GOLDEN * number, 1.0)


def picked(draw: Floats, weights: Floats) -> Ints:
    """Pick an index for each draw, with chances as the weights."""
    bounds = np.cumsum(weights)
    return np.minimum(np.searchsorted(bounds / bounds[-1], draw, side="right"), len(weights) - 1)
