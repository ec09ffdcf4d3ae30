{{ changed_rows('logistics', 'lg_shipment_line', ['shipment_id', 'order_id']) }}
