{{ changed_rows('sales', 'so_order', ['order_id']) }}
