{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    unique_key='po_id',
    touched='int_supply__orders_touched',
    on_schema_change='fail',
    indexes=[{'columns': ['po_id', 'line_no', 'inbound_id'], 'unique': true}]
) }}

with lines as (
    select * from {{ ref('int_supply__lines_progressed') }}
    where {{ joins_touched('po_id', 'int_supply__orders_touched') }}
),

inbounds as (
    select * from {{ ref('stg_purchasing__inbounds') }}
    where
        coalesce(shipped_on <= {{ as_of() }}, true)
        and {{ joins_touched('po_id', 'int_supply__orders_touched') }}
),

-- What arrived fills the inbound that left first; one without a date comes last.
queued as (
    select
        inbounds.*,
        round(inbounds.base_qty, 6) as inbound_qty,
        coalesce(
            sum(round(inbounds.base_qty, 6)) over (
                partition by inbounds.po_id, inbounds.line_no
                order by
                    case when inbounds.shipped_on is null then 1 else 0 end,
                    inbounds.shipped_on,
                    inbounds.inbound_id
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as ahead_qty
    from inbounds
),

filled as (
    select
        lines.po_id,
        lines.line_no,
        queued.inbound_id,
        queued.shipped_on,
        queued.arrived_on,
        queued.title_passed_on,
        queued.carrier,
        queued.transport_document_no,
        queued.inbound_qty as shipped_qty,
        least(queued.inbound_qty, greatest(lines.received_qty - queued.ahead_qty, 0))
            as received_qty
    from lines
    inner join queued
        on
            lines.po_id = queued.po_id
            and lines.line_no = queued.line_no
),

without_inbound as (
    select
        po_id,
        line_no,
        greatest(received_qty - inbound_qty, 0) as received_qty,
        not_shipped_qty
    from lines
    where
        inbound_qty = 0
        or received_qty > inbound_qty
        or not_shipped_qty > 0
)

select
    po_id,
    line_no,
    inbound_id,
    shipped_on,
    arrived_on,
    title_passed_on,
    carrier,
    transport_document_no,
    cast(shipped_qty as numeric(18, 6)) as shipped_qty,
    cast(received_qty as numeric(18, 6)) as received_qty,
    cast(shipped_qty - received_qty as numeric(18, 6)) as in_transit_qty,
    cast(0 as numeric(18, 6)) as not_shipped_qty
from filled

union all

select
    po_id,
    line_no,
    '' as inbound_id,
    cast(null as date) as shipped_on,
    cast(null as date) as arrived_on,
    cast(null as date) as title_passed_on,
    cast(null as {{ text_type() }}) as carrier,
    cast(null as {{ text_type() }}) as transport_document_no,
    cast(received_qty as numeric(18, 6)) as shipped_qty,
    cast(received_qty as numeric(18, 6)) as received_qty,
    cast(0 as numeric(18, 6)) as in_transit_qty,
    cast(not_shipped_qty as numeric(18, 6)) as not_shipped_qty
from without_inbound
