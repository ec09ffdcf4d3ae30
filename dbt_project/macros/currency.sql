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

{#- A net value with its tax, as an invoice adds them up: the value of a line is rounded, then the
    tax of that. -#}
{%- macro with_tax(net, tax_rate) -%}
    cast(
        round({{ net }}, 2) + round(round({{ net }}, 2) * {{ tax_rate }}, 2) as numeric(18, 2)
    )
{%- endmacro -%}
