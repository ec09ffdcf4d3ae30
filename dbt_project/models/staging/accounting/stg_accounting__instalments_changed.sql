{{ changed_rows('accounting', 'acc_instalment', ['document_id']) }}
