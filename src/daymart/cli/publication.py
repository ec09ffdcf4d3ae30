"""`daymart publication`: what was published, and the way back."""

from typing import Annotated

import typer

from daymart import reports, stages
from daymart.cli.output import answer, say, show_json
from daymart.publish.ledger import get_publication
from daymart.warehouse.connect import Role

app = typer.Typer(help="Publications: list, show, and roll back.")

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Number = Annotated[int, typer.Argument(help="Number of the publication.")]


@app.command("list")
def list_publications(
    limit: Annotated[int, typer.Option(help="How many, newest first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List publications, newest first."""
    company = stages.open_company()
    with company.warehouse.session(Role.PUBLISHER) as session:
        answer(as_json, {"publications": reports.publications(session, limit)})


@app.command()
def show(number: Number, as_json: AsJson = False) -> None:
    """Show one publication: marts, restated figures, verdicts with both sides, why it was held."""
    company = stages.open_company()
    with company.warehouse.session(Role.PUBLISHER) as session:
        publication = get_publication(session, number)
        rows = [r for r in reports.publications(session, 10**6) if r["publication"] == number]
        sections = {
            f"publication {number}, evening of {publication.as_of}": rows,
            "marts": reports.marts(session, number),
            "verdicts": reports.verdicts(session, number),
            "figures changed after they were seen": reports.restatements(session, number),
            "checks to look at": reports.open_verdicts(session, [], number),
        }
    answer(as_json, sections)


@app.command()
def rollback(
    number: Number,
    reason: Annotated[str, typer.Option(prompt=True, help="Why; readers see it.")],
    as_json: AsJson = False,
) -> None:
    """Publish the rows of an earlier publication again; the step back is itself a publication."""
    from daymart.publish.run import rollback as roll_back

    company = stages.open_company()
    publication = roll_back(company.warehouse, number, reason)
    if as_json:
        show_json({"publication": publication.publication_id, "of": number})
    else:
        say(f"publication {publication.publication_id} shows the rows of publication {number}")
