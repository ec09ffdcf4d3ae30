"""Build the candidate marts with dbt."""
