{#- An amount of one currency in another, at rates that stand under two aliases of
    int_money__rates_closing; null without a rate. -#}
{%- macro in_currency(amount, from_code, to_code, from_rate, to_rate) -%}
    case
        when {{ from_code }} = {{ to_code }} then {{ amount }}
        else
            round(
                {{ amount }} * {{ from_rate }}.closing_rate * {{ to_rate }}.closing_rate_nominal
                / ({{ from_rate }}.closing_rate_nominal * {{ to_rate }}.closing_rate), 2
            )
    end
{%- endmacro -%}
