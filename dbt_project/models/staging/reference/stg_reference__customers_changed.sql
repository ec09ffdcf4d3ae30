{{ changed_rows('reference', 'customer', ['customer_id']) }}
