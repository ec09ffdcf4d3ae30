"""Orders of a span of days with everything that will happen to their goods, by the column."""

from dataclasses import dataclass

import numpy as np

from daymart.demo.trade.clock import EPOCH, NEVER, Clock, Flags, Floats, Ints
from daymart.demo.trade.dice import LINES, ORDERS, another, picked, scaled, thrower
from daymart.demo.trade.masters import LIST_FACTOR, Masters
from daymart.demo.trade.scale import FIRST_ID, SLOTS, Scale

ORDER_DRAWS, LINE_DRAWS = 26, 6
LONGEST_WAIT = 20
"""Working days at most from an order to its last dispatch."""
SIGNED = 0.75
"""Share of the dispatches somebody must sign for."""
HELD = 10
"""Working days a reservation holds at most."""
BLOCK = 10
"""Working days whose issues one replenishment of a place covers."""


@dataclass(frozen=True)
class Orders:
    """One entry an order; days are numbers of working days, NEVER where it does not happen."""

    id: Ints
    born: Ints
    customer: Ints
    store: Ints
    entity: Ints
    zone: Ints
    currency: Ints
    contract: Ints
    """0 for none, else the number of the customer's contract."""
    prepaid: Flags
    wanted: Ints
    promised: Ints
    moved: Ints
    """Day the promise was moved."""
    promised_again: Ints
    moved_by_customer: Flags
    ship: Ints
    taken_back: Ints
    ship_again: Ints
    road: Ints
    arrived: Ints
    difference: Flags
    refused: Flags
    silent: Flags
    returned: Ints
    """Day refused goods are back in the store."""
    inspected: Ints
    passed: Flags
    proven: Ints
    draws: Floats

    def id_of(self, slot: int | Ints) -> Ints:
        """Give the number of one of the order's rows in some table."""
        return self.id + slot


@dataclass(frozen=True)
class Lines:
    """One entry an order line, in the order of their orders; quantities in the line's unit."""

    order: Ints
    """Index of the line's order."""
    starts: Ints
    """Index of the first line of each order."""
    number: Ints
    item: Ints
    place: Ints
    unit: Ints
    times: Ints
    """Base units in the line's unit."""
    qty: Ints
    dropped: Ints
    dropped_on: Ints
    first: Ints
    """Quantity of the first dispatch."""
    second: Ints
    """Quantity of the second dispatch."""
    block: Ints
    """Replenishment of the place that covers the line."""
    list_price: Ints
    """Ten-thousandths of the order's currency for the line's unit."""
    held: Ints
    """Quantity held for the first dispatch, in the line's unit."""
    held_on: Ints
    released: Ints

    def per_order(self, values: Ints) -> Ints:
        """Add up values of the lines to their orders."""
        return np.add.reduceat(values, self.starts) if len(values) else values[:0]


@dataclass(frozen=True)
class Trade:
    """What orders are drawn from."""

    seed: int
    scale: Scale
    clock: Clock
    masters: Masters

    def born(self, first: int, last: int) -> tuple[Orders, Lines]:
        """Draw the orders born on the working days from first to last, both included."""
        heads, counts, draws, line_draws = [], [], [], []
        for number in range(max(first, 0), last + 1):
            of_orders, of_lines, lines = self._throw(number)
            heads.append(_numbers(number, len(of_orders), self.scale))
            draws.append(of_orders)
            counts.append(lines)
            line_draws.append(of_lines)
        if not heads:
            heads, counts = [np.zeros((2, 0), dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
            draws, line_draws = [np.zeros((0, ORDER_DRAWS))], [np.zeros((0, LINE_DRAWS))]
        born, ids = np.concatenate(heads, axis=1)
        orders = self._orders(born, ids, np.concatenate(draws))
        return self._with_lines(orders, np.concatenate(counts), np.concatenate(line_draws))

    def _throw(self, number: int) -> tuple[Floats, Floats, Ints]:
        day = (self.clock.date_of(number) - EPOCH).days
        dice = thrower(self.seed, day, ORDERS)
        mean = self.scale.orders_a_day * (0.85, 1.1, 1.1, 1.05, 0.9)[(day + 3) % 7 % 5]
        count = min(int(dice.poisson(mean)), self.scale.most_orders_a_day)
        of_orders = dice.random((count, ORDER_DRAWS))
        lines = np.array([1, 2, 2, 3, 3, 4])[scaled(of_orders[:, 1], 0, 5)]
        of_lines = thrower(self.seed, day, LINES).random((int(lines.sum()), LINE_DRAWS))
        return of_orders, of_lines, lines

    def _orders(self, born: Ints, ids: Ints, u: Floats) -> Orders:
        masters = self.masters
        customer = picked(u[:, 0], masters.customer_weight)
        store = masters.customer_store[customer]
        entity, road = masters.store_entity[store], masters.customer_road[customer]
        wanted = born + 1 + road + scaled(u[:, 2], 1, 7)
        promised = wanted + np.where(u[:, 3] < 0.8, 0, scaled(another(u[:, 3], 1), 1, 3))
        moves = u[:, 4] < 0.1
        again = promised + scaled(u[:, 5], 1, 4)
        ship = np.where(moves, again, promised) - road
        back = (entity == 1) & (u[:, 9] < 0.006)
        fate = u[:, 6]
        refused, difference = ~back & (fate < 0.012), ~back & (fate >= 0.012) & (fate < 0.03)
        arrived = ship + road + np.where(fate > 0.9, scaled(u[:, 7], 1, 2), 0)
        silent = ~back & (fate >= 0.03) & (fate < 0.04)
        delivered = ~back & ~refused & ~silent
        proven = delivered & (u[:, 8] < 0.7)
        contracts = masters.customer_contracts[customer]
        return Orders(
            id=ids,
            born=born,
            customer=customer,
            store=store,
            entity=entity,
            zone=masters.store_zone[store],
            currency=masters.customer_currency[customer],
            contract=np.where(contracts > 0, scaled_to(u[:, 17], contracts), 0),
            prepaid=masters.customer_prepays[customer] > 0,
            wanted=wanted,
            promised=promised,
            moved=_if(moves, born + 1),
            promised_again=_if(moves, again),
            moved_by_customer=u[:, 10] < 0.5,
            ship=ship,
            taken_back=_if(back, ship + 1),
            ship_again=ship + 3,
            road=road,
            arrived=_if(~back, arrived),
            difference=difference,
            refused=refused,
            silent=silent,
            returned=_if(refused, arrived + 1),
            inspected=_if(refused, arrived + 3),
            passed=u[:, 20] < 0.9,
            proven=_if(proven, arrived + scaled(u[:, 11], 0, 3)),
            draws=u,
        )

    def _with_lines(self, orders: Orders, counts: Ints, u: Floats) -> tuple[Orders, Lines]:
        masters = self.masters
        order = np.repeat(np.arange(len(counts)), counts)
        starts = np.cumsum(counts) - counts
        item = picked(u[:, 0], masters.item_weight)
        packs = (masters.item_pack[item] > 0) & (u[:, 1] < 0.25)
        times = np.where(packs, masters.item_times[item], 1)
        qty = np.where(packs, scaled(another(u[:, 1], 3), 1, 3), scaled(u[:, 2] ** 2, 1, 24))
        ship, back = orders.ship[order], orders.taken_back[order] < NEVER
        dropped = np.where(u[:, 3] < 0.03, qty, np.where((u[:, 3] < 0.045) & (qty > 1), 1, 0))
        wait = (u[:, 4] * (ship - orders.born[order] - 1)).astype(np.int64)
        dropped_on = _if(dropped > 0, orders.born[order] + 1 + wait)
        left = qty - dropped
        first = np.where((u[:, 5] < 0.06) & ~back, left // 2, left)
        place = masters.place(orders.store[order], item)
        block = (ship - item % BLOCK) // BLOCK
        held_on = np.maximum(orders.born[order], block * BLOCK + item % BLOCK)
        holds = (first > 0) & (held_on < ship) & (another(u[:, 5], 7) < 0.85)
        # What is given up before the goods are held lets go of nothing.
        let_go = np.minimum(held_on + HELD, np.where(dropped_on < held_on, NEVER, dropped_on))
        price = masters.item_price[item] * times * LIST_FACTOR[orders.currency[order]]
        lines = Lines(
            order=order,
            starts=starts,
            number=np.arange(len(order)) - starts[order] + 1,
            item=item,
            place=place,
            unit=np.where(packs, masters.item_pack[item], masters.item_unit[item]),
            times=times,
            qty=qty,
            dropped=dropped,
            dropped_on=dropped_on,
            first=first,
            second=np.where(back, first, left - first),
            block=block,
            list_price=price,
            held=np.where(holds, first, 0),
            held_on=_if(holds, held_on),
            released=_if(holds, np.minimum(ship, let_go)),
        )
        return orders, lines


def seller_of(scale: Scale, customer: Ints, day: Ints | int) -> Ints:
    """Find the seller of each customer on a working day: some customers change hands once."""
    moved = (customer % 9 == 4) & (handed_over(customer) <= day)
    seller: Ints = (customer + moved) % scale.sellers
    return seller


def handed_over(customer: Ints) -> Ints:
    """Tell the working day on which a customer that changes hands does so."""
    return 20 + customer % 97


def scaled_to(draw: Floats, most: Ints) -> Ints:
    """Turn draws into integers from 1 to a bound of each."""
    return 1 + (draw * most).astype(np.int64)


def _if(happens: Flags, day: Ints) -> Ints:
    return np.where(happens, day, NEVER)


def _numbers(number: int, count: int, scale: Scale) -> Ints:
    first = FIRST_ID + number * scale.ids_a_day
    ids = first + np.arange(count, dtype=np.int64) * SLOTS
    return np.stack([np.full(count, number, dtype=np.int64), ids])
