"""Playing the demo company's bulk trade."""

from measure import execute, line, run

from daymart.demo.local import LocalPostgres


def measure_simulator(postgres: LocalPostgres) -> None:
    """Measure how fast the demo company's bulk trade is drawn and written."""
    execute(postgres.uri("postgres"), "create database played")
    result = run("play_trade.py", postgres.uri("played"))
    line(f"play {result['lines']:,.0f} order lines of bulk trade", result["seconds"])
    rate = result["lines"] / result["seconds"]
    print(f"    {rate:,.0f} order lines a second; peak memory {result['peak_mb']:.0f} MB")
