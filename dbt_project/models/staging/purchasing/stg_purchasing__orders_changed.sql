{{ changed_rows('purchasing', 'pur_order', ['po_id']) }}
