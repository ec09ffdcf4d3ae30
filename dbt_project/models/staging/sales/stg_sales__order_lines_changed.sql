{{ changed_rows('sales', 'so_order_line', ['order_id']) }}
