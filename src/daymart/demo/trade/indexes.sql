-- Indexes that keep the daily queries of systems/demo and the writing of a next day from reading
-- all history. They are made after the history is written: filling them row by row costs more.

create index stock_entry_touched on erp.stock_entry (touched_at, id);
create index dispatch_issued on erp.dispatch (issued_at, id);
create index dispatch_event_happened on erp.dispatch_event (happened_at, id);
create index sale_promise_given on erp.sale_promise (given_at, id);
create index purchase_date_change_changed on erp.purchase_date_change (changed_at, id);
create index paper_entered on erp.paper (entered_at);
create index paper_link_payer on erp.paper_link (payer_id);
