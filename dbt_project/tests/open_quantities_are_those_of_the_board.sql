{{ config(severity='warn') }}

-- Warn of every order line of which delivery_otif and the board leave another quantity open. Each
-- nets what was taken back in its own way; they differ where a cancellation names no order line.
with judged as (
    select * from {{ get_where_subquery(ref('delivery_otif')) }}
),

board as (
    select * from {{ ref('order_line_board') }}
)

select
    judged.order_id,
    judged.order_line_no,
    judged.open_qty,
    board.open_qty as board_open_qty
from judged
inner join board
    on
        judged.order_id = board.order_id
        and judged.order_line_no = board.order_line_no
-- The board rounds each of the three quantities it takes from one another.
where abs(judged.open_qty - board.open_qty) > 0.000002
