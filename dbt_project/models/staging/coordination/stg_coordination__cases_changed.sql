{{ changed_rows('coordination', 'case_header', ['case_id', 'order_id']) }}
