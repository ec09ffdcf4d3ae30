{{ changed_rows('reference', 'site', ['site_id']) }}
