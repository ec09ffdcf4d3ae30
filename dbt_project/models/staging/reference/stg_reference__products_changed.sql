{{ changed_rows('reference', 'product', ['product_id']) }}
