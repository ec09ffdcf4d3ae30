{{ changed_rows(
    'logistics', 'lg_shipment',
    ['shipment_id', 'order_id', 'cancels_shipment_id as cancelled_shipment_id']
) }}
