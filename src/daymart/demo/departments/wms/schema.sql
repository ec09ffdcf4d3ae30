-- The warehouse's own system, bought from a German vendor: its words, its codes.
-- Quantities are whole thousandths of the base unit and carry no sign: the kind of movement tells.
-- Times are the store's wall clock as text, with the minutes it was ahead of UTC.

create schema if not exists lvs;

create table if not exists lvs.stand (stichtag date primary key);

create table if not exists lvs.artikelstamm (
    artikel char(18) primary key,
    basiseinheit text not null         -- ST pieces, KG kilograms
);

create table if not exists lvs.bestand (
    stichtag integer not null,         -- 20261120
    lager text not null,
    artikel char(18) not null,
    charge text,                       -- absent where lots are not kept
    bestandsart char(1) not null,      -- F free, Q inspection, S blocked, R returns, U on the road,
                                       -- K at a customer, X not ours
    menge_tsd bigint not null
);
create index if not exists bestand_stichtag on lvs.bestand (stichtag);

-- Kinds: 101 in from a supplier, 102 taken back; 601 out to a customer, 602 taken back; 651 back
-- from a customer; 303 and 305 out and in between stores; 701 and 702 found more and less;
-- 321 and 322 into and out of a state.
create table if not exists lvs.bewegung (
    lfdnr bigint primary key,
    zeit char(14) not null,
    utc_versatz smallint not null,
    lager text not null,
    artikel char(18) not null,
    charge text,
    bestandsart char(1) not null,
    art smallint not null,
    menge_tsd bigint not null,
    beleg text,
    position integer,
    storno_von bigint,
    geaendert timestamp not null       -- UTC
);
create index if not exists bewegung_geaendert on lvs.bewegung (geaendert);

create table if not exists lvs.vorschau (
    kennung text primary key,
    datum integer,
    utc_versatz smallint,              -- at noon of that day
    lager text not null,
    gegenlager text,
    artikel char(18) not null,
    richtung char(1) not null,         -- Z comes, A leaves
    grund text not null,               -- B order, V sale, U transfer
    menge_tsd bigint not null,
    beleg text,
    auftrag text,
    bestellung text
);

create table if not exists lvs.reservierung (
    resnr bigint primary key,
    auftrag text,
    position integer,
    artikel char(18) not null,
    lager text not null,
    menge_tsd bigint not null,
    art char(1) not null,              -- H hard, W soft
    angelegt timestamp not null,       -- UTC, as all times below
    gueltig_bis timestamp,
    angelegt_von text not null,
    genehmigt_von text,
    freigegeben timestamp,
    freigabegrund text
);

create table if not exists lvs.inventur (
    belegnr text not null,
    lager text not null,
    artikel char(18) not null,
    charge text,
    gezaehlt timestamp not null,       -- UTC
    soll_tsd bigint not null,
    ist_tsd bigint not null,
    zaehler text not null,
    status text not null,              -- 10 open, 20 explained, 30 posted, 90 cancelled
    bewegung bigint,                   -- lfdnr of the posted difference
    ursache text
);

create table if not exists lvs.kommission (
    pick_nr bigint primary key,
    lieferung bigint not null,
    position integer not null,
    menge_tsd bigint not null,         -- of the unit of the delivery's line
    kommissionierer text not null,
    pruefer text,
    gepickt timestamp not null,        -- UTC
    auftrag bigint not null,
    auftragsposition integer not null
);

create table if not exists lvs.pickfehler (
    fehlernr bigint primary key,
    pick_nr bigint not null,
    fehlerart text not null,           -- 01 short, 02 over, 03 article, 04 lot, 05 damaged,
                                       -- 06 papers, 07 hidden
    menge_tsd bigint,                  -- absent for papers
    ort text not null,                 -- 1 check, 2 loading, 3 at the customer
    bemerkt timestamp not null,        -- UTC
    vorgang bigint
);
