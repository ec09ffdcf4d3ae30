{{ changed_rows('accounting', 'acc_invoice_line', ['order_id']) }}
