{{ changed_rows('coordination', 'case_event', ['case_id']) }}
