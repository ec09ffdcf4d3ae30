-- The desks around the trade: counting, picking, returns, cases, CRM, plan and the registry.
-- Same ERP, same habits; read after schema.sql.

-- What a paper bills: amounts carry no sign, like their paper. Papers without goods have none.
create table erp.paper_line (
    paper_id integer not null,
    line_no integer not null,
    sale_id integer,
    sale_line integer,
    dispatch_id integer,
    item_id integer not null,
    qty numeric(18, 6) not null,
    unit text not null,
    net numeric(18, 2) not null,
    vat numeric(18, 2) not null,
    primary key (paper_id, line_no)
);

-- Credit a partner may take; a new row from the day it changes. Nothing allowed: prepayment;
-- no amount: nobody has set one.
create table erp.credit_line (
    partner_id integer not null,
    entity integer not null,
    since date not null,
    allowed numeric(18, 2),
    currency text not null,
    stopped boolean not null,
    why text,
    primary key (partner_id, entity, since)
);

-- Departments; where they sit decides whose working hours they keep.
create table erp.dept (
    code text primary key,
    title text not null,
    chief_no text not null,
    second_no text not null,
    site_code text not null
);

-- Every day of every site; a day off that is worked, or the other way round, names its pair.
create table erp.calendar_day (
    site_code text not null,
    day date not null,
    works boolean not null,
    opens time,
    closes time,
    swapped_with date,
    words text,
    primary key (site_code, day)
);

-- Delivery routes; days on the road are working days of the site.
create table erp.route (
    code text primary key,
    title text not null,
    area text not null,
    days integer not null,
    site_code text not null
);

-- Counts, in the base unit: status O open, E explained, P posted, X cancelled.
create table erp.stock_check (
    no text not null,
    store text not null,
    item_id integer not null,
    lot text not null,
    taken_at timestamptz not null,
    book numeric(18, 6) not null,
    found numeric(18, 6) not null,
    counter_no text not null,
    status text not null,
    entry_id integer,
    cause text,
    primary key (no, store, item_id, lot)
);

-- What was picked for a dispatch line, in its unit; the dispatch may leave another day.
create table erp.pick (
    id integer primary key,
    dispatch_id integer not null,
    line_no integer not null,
    qty numeric(18, 6) not null,
    picker_no text not null,
    checker_no text,
    picked_at timestamptz not null,
    sale_id integer not null,
    sale_line integer not null
);

-- Faults of picking: SHT short, OVR over, ITM item, LOT lot or unit, DMG damaged, PAP papers,
-- HID hidden; seen C at the check, L at loading, K by the customer.
create table erp.pick_fault (
    id integer primary key,
    pick_id integer not null,
    type text not null,
    qty numeric(18, 6) not null,
    seen_by text not null,
    seen_at timestamptz not null,
    ticket_id integer
);

-- Who is credited with a sale; the shares of a sale make 100.
create table erp.sale_share (
    sale_id integer not null,
    staff_no text not null,
    pct numeric(5, 2) not null,
    primary key (sale_id, staff_no)
);

-- Goods customers send back, in the unit of the dispatch line: state N draft, C confirmed, A came in,
-- L looked at, Z closed, X dropped; ending M money, G other goods, B back to the customer, W waste.
create table erp.claim (
    id integer not null,
    line_no integer not null,
    dispatch_id integer not null,
    dispatch_line integer not null,
    qty numeric(18, 6) not null,
    cause text not null,
    state text not null,
    opened_at timestamptz not null,
    came_at timestamptz,
    looked_at timestamptz,
    closed_at timestamptz,
    ending text,
    note_id integer,
    primary key (id, line_no)
);

-- What customers asked for and did not get: why N not there, L late, P price, R not in the range.
create table erp.ask (
    id integer primary key,
    asked_at timestamptz not null,
    staff_no text not null,
    partner_id integer not null,
    item_id integer,
    words text,
    qty numeric(18, 6) not null,
    why text not null,
    lost boolean not null
);

-- Answers of purchasing: O order, S substitute, D decline, Q question back.
create table erp.ask_reply (
    ask_id integer primary key,
    verdict text not null,
    words text,
    decided_at timestamptz not null,
    staff_no text not null
);

-- Leads; a partner is named when the lead becomes one.
create table erp.lead (
    id integer primary key,
    came_at timestamptz not null,
    origin text not null,
    owner_no text not null,
    partner_id integer
);

-- Steps of leads: NEW, QLF, OFF, NEG, WON, LST.
create table erp.lead_step (
    id integer primary key,
    lead_id integer not null,
    was text,
    becomes text not null,
    at timestamptz not null,
    by_no text not null,
    worth numeric(18, 2)
);

-- A lead handed from one person to another.
create table erp.lead_pass (
    id integer primary key,
    lead_id integer not null,
    giver_no text not null,
    taker_no text not null,
    given_at timestamptz not null,
    taken_at timestamptz
);

-- What sellers do: CAL call, MTG meeting, OFF offer, DEM demo, EQP equipment, POS shelf material.
create table erp.touch (
    id integer primary key,
    type text not null,
    planned_at timestamptz,
    done_at timestamptz,
    staff_no text not null,
    partner_id integer,
    lead_id integer,
    seconds integer,
    result text
);

-- Versions of the plan with their size on the day they were frozen.
create table erp.target_set (
    version text primary key,
    month date not null,
    frozen_at timestamptz not null,
    row_count integer not null,
    total numeric(18, 2) not null
);

-- Targets: NET net shipped value, PCS pieces, MNY money received, CLI active clients, CAL calls.
-- What is empty is not split; all empty is the whole company.
create table erp.target (
    id integer primary key,
    version text not null,
    measure text not null,
    starts_on date not null,
    ends_on date not null,
    brand text,
    partner_id integer,
    route text,
    staff_no text,
    amount numeric(18, 2) not null,
    unit text not null
);

create table erp.target_signature (
    version text not null,
    staff_no text not null,
    signed_at timestamptz not null,
    primary key (version, staff_no)
);

-- What sellers expect of a month.
create table erp.outlook (
    id integer primary key,
    staff_no text not null,
    brand text,
    month date not null,
    sent_at timestamptz not null,
    amount numeric(18, 2) not null
);

-- What is done about a gap between target and fact: state O open, D done, X dropped.
create table erp.gap_note (
    id integer primary key,
    staff_no text not null,
    month date not null,
    cause text not null,
    remedy text not null,
    owner_no text not null,
    fix_by date not null,
    state text not null,
    closed_at timestamptz
);

-- Matters of two departments: urgency 1 low to 4 urgent; what the kinds are, the mapping says.
create table erp.ticket (
    id integer primary key,
    kind text not null,
    partner_id integer,
    sale_id integer,
    sale_line integer,
    about text,
    urgency integer not null,
    opened_at timestamptz not null,
    opened_by text not null
);

-- Each side of a ticket is a department of its own.
create table erp.ticket_side (
    ticket_id integer not null,
    side_no integer not null,
    dept text not null,
    owner_no text not null,
    primary key (ticket_id, side_no)
);

-- What happened: OPN opened, ACK taken note, PAU paused, RES resumed, PAS passed on, URG new urgency,
-- FIN done, REO opened again, CAN cancelled.
create table erp.ticket_log (
    id integer primary key,
    ticket_id integer not null,
    side_no integer,
    what text not null,
    at timestamptz not null,
    by_no text not null,
    words text
);

-- Working minutes a department has, by kind and urgency.
create table erp.reply_time (
    id integer primary key,
    kind text not null,
    dept text not null,
    urgency integer not null,
    since date not null,
    ladder text not null,
    ack_min integer not null,
    done_min integer not null
);

-- Who is told when, in percent of the allowed minutes.
create table erp.climb (
    ladder text not null,
    rung integer not null,
    after_pct integer not null,
    who text not null,
    primary key (ladder, rung)
);

-- The registry desk's plain lists: what is delivered, by whom, until when.
create table erp.feed_list (
    name text primary key,
    title text not null,
    dept text not null,
    owner_no text not null,
    second_no text not null,
    chief_no text not null,
    channel text not null,
    whole boolean not null,
    sent_when text not null,
    until_hour time not null,
    zone text not null,
    netting text,
    closing_rule text,
    valid_from date not null,
    valid_to date
);

-- Which figures are published, and who answers for them.
create table erp.figure_list (
    code text primary key,
    report text not null,
    field text not null,
    meaning text not null,
    formula text not null,
    owner_no text not null,
    second_no text not null,
    chief_no text not null
);

-- What was sent each day.
create table erp.batch_list (
    feed text not null,
    day date not null,
    no integer not null,
    table_name text not null,
    row_count integer not null,
    measure text,
    unit text,
    total numeric(18, 6),
    complete_to date not null,
    closed_until date,
    file_hash text,
    sent_at timestamptz not null,
    primary key (feed, day, no)
);
