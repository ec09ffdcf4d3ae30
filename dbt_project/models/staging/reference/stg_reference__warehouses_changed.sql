{{ changed_rows('reference', 'warehouse', ['warehouse_id']) }}
