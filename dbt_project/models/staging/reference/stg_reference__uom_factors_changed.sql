{{ changed_rows('reference', 'uom_factor', ['product_id']) }}
