{{ changed_rows('warehouse', 'wh_pick_line', ['shipment_id', 'pick_line_id']) }}
