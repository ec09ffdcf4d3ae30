"""Named edge cases, told over the last weeks before the anchor: who asks for one finds its rows."""

from daymart.demo.core.stories import desks, goods, money, stock, trade

STORIES = (
    *money.STORIES, *goods.STORIES, *trade.STORIES, *stock.STORIES, *desks.STORIES,
)  # fmt: skip
"""In the order they are told, which numbers their rows."""
