-- Rates are quoted as so much of the other currency for one dollar; the contract wants dollars for
-- so much of the other currency. For a thousand of it, so that no digit of a bolivar's rate is
-- lost. The rate at the day's end counts.
-- DuckDB divides decimals as doubles: 15 digits, of which at most 13 are kept.
select
    "ToCurrencyCode" as currency,
    regexp_replace("CurrencyRateDate", ' 00:00:00\.000$', '') as rate_date,
    coalesce(
        try_cast(
            1000 / nullif(try_cast("EndOfDayRate" as decimal(18, 8)), 0) as decimal(18, 8)
        )::varchar,
        "EndOfDayRate"
    ) as rate,
    1000 as nominal,
    'end of day' as source,
    _file,
    _line,
    _defect
from currency_rate
