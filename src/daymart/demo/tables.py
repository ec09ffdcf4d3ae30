"""Every table of the demo ERP, in the order it is written."""

from daymart.demo import goods, records
from daymart.demo.records import Row

TABLES: tuple[type[Row], ...] = (
    records.Company,
    records.DemoCase,
    records.Site,
    records.Store,
    records.Staff,
    records.Partner,
    records.Item,
    records.ItemUnit,
    records.Rate,
    records.Paper,
    records.PaperPart,
    records.PaperLink,
    records.LedgerTotal,
    goods.StockBalance,
    goods.StockEntry,
    goods.StockPlan,
    goods.Hold,
    goods.Purchase,
    goods.PurchaseLine,
    goods.PurchaseDateChange,
    goods.PurchaseTransport,
    goods.PurchaseReceipt,
    goods.Sale,
    goods.SaleLine,
    goods.SalePromise,
    goods.Dispatch,
    goods.DispatchLine,
    goods.DispatchEvent,
)
