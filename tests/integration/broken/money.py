"""Faults in money."""

from tests.integration.broken.fault import Fault

FAULTS = (
    Fault(
        "R1",
        # A payment was lost on the way to the mart.
        "with lost as (delete from candidate.receipts_daily where payment_id = '11631' returning *)"
        " select paid_on, currency_code, -sum(paid_amount) as difference from lost"
        " group by paid_on, currency_code",
        "accounting.chief",
        "Receipts of the days named here differ from the posted payments",
        also=("R1.manifest", "R2"),
    ),
    Fault(
        "R1.manifest",
        # A payment that accounting counted was never delivered: mart and feed lack it alike.
        "update raw.batch_manifest set control_total = control_total - 100"
        " where feed_id = 'accounting' and business_date = '2026-11-19' and control_unit = 'EUR'"
        " returning business_date as paid_on, control_unit as currency_code, -100 as difference",
        "accounting.chief",
        "not those accounting says it sent",
        severity="warn",
    ),
    Fault(
        "R2",
        # Money of one payment is shown under another: the day's total stays the same.
        "update candidate.receipts_daily as r set paid_amount = r.paid_amount + d.moved"
        " from (values ('11625', '737', 100.00), ('11631', '750', -100.00))"
        " as d (payment_id, allocation_id, moved)"
        " where r.payment_id = d.payment_id and r.allocation_id = d.allocation_id"
        " returning r.payment_id, d.moved as difference",
        "accounting.chief",
        "Payments named here do not add up from what they paid",
    ),
    Fault(
        "R2.settled",
        # The same allocation was delivered under two numbers.
        "with doubled as (insert into raw.acc_allocation"
        " select '0' || allocation_id, from_document_id, from_instalment_no, to_document_id,"
        " to_instalment_no, amount, from_amount, amount_company, effective_date, source_system,"
        " source_id, _load_id, _loaded_at, _known_at, _row_hash, _file, _line"
        " from raw.acc_allocation where allocation_id = '750' returning *)"
        " select to_document_id as document_id, to_instalment_no as instalment_no from doubled",
        "accounting.chief",
        "Instalments named here are paid beyond their amount",
        also=("R2.spent",),
    ),
    Fault(
        "R2.spent",
        # Money that had paid one invoice was linked to another one as well.
        "with linked as (insert into raw.acc_allocation"
        " select '0' || a.allocation_id, a.from_document_id, a.from_instalment_no, o.document_id,"
        " o.instalment_no, 1, 1, a.amount_company, a.effective_date, a.source_system,"
        " a.source_id, a._load_id, a._loaded_at, a._known_at, a._row_hash, a._file, a._line"
        " from raw.acc_allocation as a, (select document_id, instalment_no"
        " from candidate.receivables_open where document_kind = 'invoice' and open_amount > 1"
        " order by document_id, instalment_no limit 1) as o"
        " where a.allocation_id = (select min(w.allocation_id) from raw.acc_allocation as w"
        " inner join raw.acc_instalment as i on i.document_id = w.from_document_id"
        " and i.instalment_no = w.from_instalment_no and i.amount = -w.from_amount"
        " where w.effective_date <= '2026-11-20') returning *)"
        " select from_document_id as document_id, from_instalment_no as instalment_no from linked",
        "accounting.chief",
        "settle more than they are",
    ),
    Fault(
        "R3",
        # A customer's group vanished from the mart: a missing side counts as nothing.
        "with one as (select * from candidate.receivables_customer where balance_amount > 0"
        " and future_amount = 0 and exposure_amount = open_items_amount"
        " order by customer_id, contract_id limit 1)"
        " delete from candidate.receivables_customer as m using one"
        " where (m.legal_entity, m.customer_id, m.contract_id, m.currency_code)"
        " = (one.legal_entity, one.customer_id, one.contract_id, one.currency_code)"
        " returning m.customer_id, m.contract_id, m.currency_code,"
        " -m.balance_amount as difference",
        "accounting.chief",
        "Customers named here owe another sum in the ledger",
        also=("R3.company", "R4.items"),
    ),
    Fault(
        "R3.company",
        # A balance was converted at another day's rate, a cent apart.
        "update candidate.receivables_customer set"
        " balance_company_amount = balance_company_amount + 0.01"
        " where ctid = (select min(ctid) from candidate.receivables_customer)"
        " returning customer_id, contract_id, currency_code, 0.01 as difference",
        "accounting.chief",
        "Customers named here owe another sum in the ledger",
    ),
    Fault(
        "R4",
        # An open amount fell into no ageing bucket.
        "update candidate.receivables_customer set not_due_amount = 0"
        " where ctid = (select min(ctid) from candidate.receivables_customer"
        " where not_due_amount > 0)"
        " returning old.customer_id, old.contract_id, -old.not_due_amount as difference",
        "accounting.chief",
        "An open amount fell into no bucket",
    ),
    Fault(
        "R4.items",
        # An open instalment is missing from the list under the balance.
        "delete from candidate.receivables_open"
        " where ctid = (select min(ctid) from candidate.receivables_open where open_amount > 0)"
        " returning customer_id, contract_id, -open_amount as difference",
        "accounting.chief",
        "receivables_open and receivables_customer disagree",
    ),
    Fault(
        "R4.past",
        # A debt that was owed five weeks ago is gone, and nobody reversed it.
        "insert into raw.acc_balance_control (as_of, legal_entity, customer_id, contract_id,"
        " currency, balance, balance_company, source_system, source_id, _load_id, _loaded_at,"
        " _known_at, _row_hash) select date '2026-10-19', 'NL1', 'C0049', 'K-GONE', 'EUR', 100.00,"
        " 100.00, 'demo', 'gone', 0, '2026-10-20', '2026-10-20', 0"
        " returning customer_id, contract_id, -balance as difference",
        "accounting.chief",
        "Balances of the past moved without a paper",
    ),
    Fault(
        "R4.window",
        # An invoice dated back by six weeks came with a later delivery.
        "update raw.acc_document set _load_id = (select max(load_id) from ops.load)"
        " where document_id = (select max(document_id) from raw.acc_document"
        " where posting_date < '2026-10-16' and kind = 'invoice')"
        " returning document_id, customer_id",
        "accounting.chief",
        "Papers dated back behind the window",
        severity="warn",
    ),
    Fault(
        "R5",
        # Half of what waits to be shipped is shown as shipped too, and a line that left in part
        # fell out of the list.
        "with doubled as (update intermediate.int_money__order_lines_exposed"
        " set shipped_not_invoiced_qty = shipped_not_invoiced_qty + 2"
        " where (order_id, line_no) = ('900006', 1) returning order_id, line_no),"
        " lost as (delete from intermediate.int_money__order_lines_exposed"
        " where ctid = (select min(ctid) from intermediate.int_money__order_lines_exposed"
        " where not_shipped_qty > 0 and shipped_qty > 0"
        " and open_order_exposed_amount + shipment_exposed_amount = 0"
        " and invoiced_qty + invoiced_not_posted_qty = 0"
        " and (order_id, line_no) <> ('900006', 1)) returning *)"
        " select order_id, line_no, 'ordered' as part, 2 as difference from doubled"
        " union all select order_id, line_no, 'ordered', -ordered_qty from lost"
        " union all select order_id, line_no, 'shipped', -shipped_qty from lost",
        "accounting.chief",
        "do not split into shipped, billed, cancelled and the rest",
        severity="warn",
    ),
    Fault(
        "R5.exposure",
        # The orders of one account were counted twice.
        "update candidate.receivables_customer"
        " set exposure_amount = exposure_amount + open_orders_amount"
        " where ctid = (select min(ctid) from candidate.receivables_customer"
        " where open_orders_amount > 0)"
        " returning customer_id, contract_id, currency_code, open_orders_amount as difference",
        "accounting.chief",
        "missing from the exposure or counted twice",
        severity="warn",
    ),
)
