{{ changed_rows('sales', 'so_order', ['order_id', 'prepaid as is_prepaid']) }}
