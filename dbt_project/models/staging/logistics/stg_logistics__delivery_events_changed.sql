{{ changed_rows('logistics', 'lg_delivery_event', ['shipment_id']) }}
