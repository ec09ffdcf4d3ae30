{{ changed_rows('accounting', 'acc_allocation', ['from_document_id', 'to_document_id']) }}
