"""Right answers about credit: what a customer may owe, what is left of it, what stops it."""

import numpy as np

from daymart.demo.trade.answers.tables import as_of, listed
from daymart.demo.trade.clock import Ints
from daymart.demo.trade.credit import credit_of
from daymart.demo.trade.fill import BulkTrade
from daymart.demo.trade.masters import CURRENCIES
from daymart.demo.trade.matters import RISKY_HABIT
from daymart.demo.trade.money_tables import MOST_CONTRACTS
from daymart.demo.trade.scale import FIRST_PARTNER
from daymart.demo.trade.tables import Table, decimals, labelled, words

CREDIT_SCHEMA = """
create table answers.credit (
    as_of date, legal_entity text, customer_id text, currency_code text,
    limit_amount numeric(18, 2), exposure_amount numeric(18, 2), headroom_amount numeric(18, 2),
    utilisation_share numeric(18, 4), over_limit_amount numeric(18, 2), stop_reasons text,
    primary key (as_of, legal_entity, customer_id)
);
comment on table answers.credit is
    'Credit of each customer in the currency of its limit, which is that of its orders: what it may'
    ' cost by answers.exposure against the limit that holds on the evening; no limit was never set,'
    ' 0 means prepayment. An account overdue by 1.00, in UAH by 50.00, stops the customer.';
"""
REASONS = ("over_limit", "overdue_material", "blocked_by_hand", "risk_flag")
MATERIAL = np.array([100, 100, 5000])
"""Cents overdue on one contract that stop a customer, by currency."""


def credit_table(trade: BulkTrade, evening: int, exposure: Ints, overdue: Ints) -> Table:
    """Give the credit of each customer from its exposure and its accounts' overdue, in cents."""
    masters, credit = trade.masters, credit_of(trade.scale, trade.masters)
    index = np.arange(trade.scale.customers)
    raised = credit.raised_on <= evening
    limit, is_set = np.where(raised, credit.raised, credit.allowed), credit.is_set | raised
    over = is_set & (exposure > limit)
    currency = masters.customer_currency
    late = overdue.reshape(len(index), MOST_CONTRACTS + 1).max(axis=1)
    stops = (
        over,
        late >= MATERIAL[currency],
        credit.stopped,
        masters.customer_habit == RISKY_HABIT,
    )
    columns = {
        "as_of": as_of(trade, evening, len(index)),
        "legal_entity": labelled("NL", masters.store_entity[masters.customer_store]),
        "customer_id": labelled("T", index + FIRST_PARTNER),
        "currency_code": words(CURRENCIES, currency),
        "limit_amount": decimals(limit, 2, is_set),
        "exposure_amount": decimals(exposure, 2),
        "headroom_amount": decimals(limit - exposure, 2, is_set),
        "utilisation_share": decimals(_share(exposure, limit), 4, is_set & (limit > 0)),
        "over_limit_amount": decimals(exposure - limit, 2, over),
        "stop_reasons": listed(REASONS, stops),
    }
    return Table("credit", columns, index)


def _share(part: Ints, whole: Ints) -> Ints:
    """Divide to ten-thousandths, rounded half away from zero; 0 of nothing."""
    whole = np.maximum(whole, 1)
    share: Ints = np.sign(part) * ((2 * 10_000 * np.abs(part) + whole) // (2 * whole))
    return share
