{{ changed_rows('coordination', 'case_leg', ['case_id']) }}
