{{ changed_rows('warehouse', 'wh_pick_error', ['pick_line_id']) }}
