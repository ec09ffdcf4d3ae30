{{ changed_rows('reference', 'employee', ['employee_id']) }}
