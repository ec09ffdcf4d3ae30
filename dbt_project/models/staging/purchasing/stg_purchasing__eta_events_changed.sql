{{ changed_rows('purchasing', 'pur_eta_event', ['po_id']) }}
