"""What the bulk trade's answers must say, read from the tables of the demo ERP."""
