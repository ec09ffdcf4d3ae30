{{ changed_rows('purchasing', 'pur_inbound', ['po_id']) }}
