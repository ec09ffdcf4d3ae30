{{ changed_rows(
    'accounting', 'acc_document',
    [
        'document_id', 'reverses_document_id as reversed_document_id', 'original_document_id',
        'posting_date as posted_on',
    ]
) }}
