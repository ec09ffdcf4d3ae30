"""What customers may owe, by what they buy."""

from dataclasses import dataclass

import numpy as np

from daymart.demo.trade.clock import NEVER, Flags, Ints
from daymart.demo.trade.masters import LIST_FACTOR, Masters
from daymart.demo.trade.scale import Scale

MONTHLY_WORTH = 36_000
"""EUR that an order a day makes in a month, roughly."""
RAISED_FROM = 25
"""Working day from which credit lines are raised."""


@dataclass(frozen=True)
class CreditLines:
    """One entry a customer; amounts in cents of its currency."""

    allowed: Ints
    is_set: Flags
    prepays: Flags
    stopped: Flags
    raised: Ints
    raised_on: Ints
    """Working day from which the raised line holds; NEVER for most."""


def credit_of(scale: Scale, masters: Masters) -> CreditLines:
    """Decide the credit line of each customer; some are given more after a while."""
    index = np.arange(scale.customers)
    weight = masters.customer_weight / masters.customer_weight.sum()
    percent = np.array([60, 100, 150, 250])[index % 4]
    worth = np.maximum(scale.orders_a_day * MONTHLY_WORTH * weight * percent / 100, 500)
    factor = LIST_FACTOR[masters.customer_currency]
    prepays, stopped = masters.customer_prepays > 0, index % 71 == 40
    allowed = np.rint(worth / 500).astype(np.int64) * 50_000 * factor // 100
    allowed = np.where(prepays, 0, allowed)
    raised = (index % 13 == 6) & ~prepays & ~stopped
    return CreditLines(
        allowed=allowed,
        is_set=(index % 47 != 20) | prepays,
        prepays=prepays,
        stopped=stopped & ~prepays,
        raised=allowed * 3 // 2,
        raised_on=np.where(raised, RAISED_FROM + index % 50, NEVER),
    )
