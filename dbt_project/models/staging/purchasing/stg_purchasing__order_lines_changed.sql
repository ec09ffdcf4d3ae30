{{ changed_rows('purchasing', 'pur_order_line', ['po_id']) }}
