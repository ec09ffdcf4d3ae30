-- The in-house ERP of Northlight Trading: its own words, codes and signs.
-- What a table means is said once, here; systems/demo/*.sql turn it into contract tables.

drop schema if exists erp cascade;
create schema erp;

-- The company itself: what the generator needs to play the next day.
create table erp.company (
    seed integer primary key,
    name text not null,
    first_day date not null,
    anchor_day date not null,          -- last day of the first fill: edge cases count from it
    last_day date not null,
    holidays date[] not null
);

-- Named edge cases and bad rows, so that a reader finds them.
create table erp.demo_case (
    name text primary key,
    table_name text not null,
    key text not null
);

create table erp.site (code text primary key, title text not null, zone text not null);

create table erp.store (
    code text primary key,
    site_code text not null,
    title text not null,
    purpose text not null,             -- STOCK or TRANSIT
    entity smallint not null           -- own legal entity that sells from it
);

create table erp.staff (
    no text not null,
    since date not null,               -- a new row from the day something changes
    full_name text not null,
    dept text not null,
    sales_stage text,
    boss_no text,
    left_on date,
    primary key (no, since)
);

-- Customers and suppliers in one list.
create table erp.partner (
    id integer primary key,
    code text not null,
    title text,
    buys boolean not null,
    sells boolean not null,
    tax_no text,
    group_id integer,
    manager_no text,
    route text,
    area text,
    segment text,
    terms_days integer,
    grade text,
    risky boolean not null,
    terms_since date
);

create table erp.item (
    id integer primary key,
    sku text,
    title text,
    brand text,
    family text,
    unit text not null,                -- stock is kept in it
    value_class text,
    divisible boolean not null,
    keeps_lots boolean not null,
    supplier_id integer,
    list_price numeric(18, 4) not null -- EUR per base unit, net
);

create table erp.item_unit (
    id integer primary key,
    item_id integer not null,
    unit text not null,
    since date not null,
    times integer not null,            -- base quantity = quantity * times / per
    per integer not null
);

create table erp.rate (
    currency text not null,
    day date not null,
    value numeric(18, 8) not null,     -- EUR for `per` units
    per integer not null,
    origin text not null,
    primary key (currency, day)
);

-- Papers: amounts carry no sign; side D raises a customer's debt, C lowers it.
create table erp.paper (
    id integer primary key,
    type text not null,
    side char(1) not null,
    no text not null,
    paper_date date not null,
    booked_on date not null,
    entity smallint not null,
    partner_id integer not null,
    agreement text,
    currency text not null,
    total numeric(18, 2) not null,
    vat numeric(18, 2) not null,
    total_eur numeric(18, 2) not null,
    sale_id integer,
    cancels_id integer,
    refers_id integer,
    contested boolean not null,
    bank_text text,
    entered_at timestamptz not null
);

create table erp.paper_part (
    paper_id integer not null,
    part_no integer not null,
    due_on date,
    amount numeric(18, 2) not null,
    amount_eur numeric(18, 2) not null,
    primary key (paper_id, part_no)
);

-- A paying part meets a paid part; a negative link takes an earlier one back.
create table erp.paper_link (
    id integer primary key,
    payer_id integer not null,
    payer_part integer not null,
    paid_id integer not null,
    paid_part integer not null,
    amount numeric(18, 2) not null,
    amount_eur numeric(18, 2) not null,
    counts_from date not null
);

-- The ledger's own evening totals, kept from postings and never from parts or links.
create table erp.ledger_total (
    day date not null,
    entity smallint not null,
    partner_id integer not null,
    agreement text not null,
    currency text not null,
    balance numeric(18, 2) not null,
    balance_eur numeric(18, 2) not null,
    primary key (day, entity, partner_id, agreement, currency)
);

-- Stock: quantities in the item's base unit; quality A usable, Q quarantine, D damaged, O not ours,
-- R returned and not yet inspected, T on the way between own stores.
create table erp.stock_balance (
    day date not null,
    store text not null,
    item_id integer not null,
    lot text not null,
    quality char(1) not null,
    qty numeric(18, 6) not null,
    primary key (day, store, item_id, lot, quality)
);

create table erp.stock_entry (
    id integer primary key,
    moved_at timestamptz not null,
    store text not null,
    item_id integer not null,
    lot text not null,
    quality char(1) not null,
    way char(1) not null,              -- + came, - left
    qty numeric(18, 6) not null,       -- never signed
    type text not null,
    doc text,
    doc_line integer,
    cancels_id integer,
    touched_at timestamptz not null
);

-- What the stores expect from tomorrow on; rewritten every evening.
create table erp.stock_plan (
    code text primary key,
    day date,
    store text not null,
    item_id integer not null,
    way char(1) not null,
    type text not null,
    qty numeric(18, 6) not null,
    doc text,
    sale_id integer,
    purchase_id integer
);

-- Goods held for somebody, in the base unit; firm holds belong to a sale line.
create table erp.hold (
    id integer primary key,
    sale_id integer,
    sale_line integer,
    item_id integer not null,
    store text not null,
    qty numeric(18, 6) not null,
    firm boolean not null,
    made_at timestamptz not null,
    until timestamptz,
    made_by text not null,
    approved_by text,
    released_at timestamptz,
    why_released text
);

create table erp.purchase (
    id integer primary key,
    no text not null,
    partner_id integer not null,
    placed_on date not null,
    currency text not null,
    incoterm text,
    buyer_no text not null
);

create table erp.purchase_line (
    purchase_id integer not null,
    line_no integer not null,
    item_id integer not null,
    store text not null,
    qty numeric(18, 6) not null,
    unit text not null,
    price numeric(18, 4) not null,
    wanted_on date,
    confirmed_on date,                 -- day first confirmed by the supplier, written once
    stage char(1) not null,            -- N C S A R V X
    cancelled_qty numeric(18, 6) not null,
    primary key (purchase_id, line_no)
);

create table erp.purchase_date_change (
    id integer primary key,
    purchase_id integer not null,
    line_no integer not null,
    was date,
    becomes date,
    changed_at timestamptz not null,
    by_no text,
    cause text
);

create table erp.purchase_transport (
    id integer primary key,
    purchase_id integer not null,
    line_no integer not null,
    left_on date not null,
    qty numeric(18, 6) not null,
    unit text not null,
    carrier text,
    waybill text,
    owned_from date,
    arrived_on date
);

create table erp.purchase_receipt (
    id integer not null,
    line_no integer not null,
    purchase_id integer,               -- absent when goods came without papers
    purchase_line integer,
    transport_id integer,
    store text not null,
    item_id integer not null,
    lot text not null,
    qty numeric(18, 6) not null,
    unit text not null,
    quality char(1) not null,
    arrived_at timestamptz not null,
    typed_at timestamptz not null,
    primary key (id, line_no)
);

create table erp.sale (
    id integer primary key,
    no text not null,
    partner_id integer not null,
    seller_no text,
    confirmed_on date not null,
    currency text not null,
    agreement text,
    prepaid boolean not null
);

create table erp.sale_line (
    sale_id integer not null,
    line_no integer not null,
    item_id integer not null,
    store text not null,
    qty numeric(18, 6) not null,
    unit text not null,
    dropped_qty numeric(18, 6) not null,
    list_price numeric(18, 4) not null,
    discount_pct numeric(5, 2) not null,
    vat_pct numeric(5, 2) not null,
    wanted_on date,
    primary key (sale_id, line_no)
);

create table erp.sale_promise (
    id integer primary key,
    sale_id integer not null,
    line_no integer not null,
    day date not null,
    given_at timestamptz not null,
    by_customer boolean not null,
    cause text
);

create table erp.dispatch (
    id integer primary key,
    no text not null,
    sale_id integer,
    store text not null,
    partner_id integer not null,
    route text,
    carrier text,
    issued_at timestamptz not null,
    slot_from timestamptz,
    slot_to timestamptz,
    wants_signature boolean not null,
    cancels_id integer
);

-- Lines of a dispatch that takes another back are negative.
create table erp.dispatch_line (
    dispatch_id integer not null,
    line_no integer not null,
    sale_line integer,
    item_id integer not null,
    lot text not null,
    qty numeric(18, 6) not null,
    unit text not null,
    primary key (dispatch_id, line_no)
);

create table erp.dispatch_event (
    id integer primary key,
    dispatch_id integer not null,
    line_no integer,
    type text not null,
    happened_at timestamptz not null,
    qty numeric(18, 6),
    difference numeric(18, 6),
    cause text,
    signed_by text,
    proof text,
    reported_by text not null
);
