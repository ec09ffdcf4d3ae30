{{ changed_rows('registry', 'business_calendar', ['site_id', 'date as calendar_on']) }}
