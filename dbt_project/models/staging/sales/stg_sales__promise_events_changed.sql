{{ changed_rows('sales', 'so_promise_event', ['order_id']) }}
