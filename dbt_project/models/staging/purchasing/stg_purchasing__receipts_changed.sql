{{ changed_rows('purchasing', 'pur_receipt', ['po_id']) }}
