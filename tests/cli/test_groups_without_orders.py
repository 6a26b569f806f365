"""Groups of customers who never ordered anything: no column of revenue."""

from pathlib import Path

from typer.testing import CliRunner

from segmentry.cli.main import app


def test_revenue_is_not_shown_where_there_is_none(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("customer_id,education\n" + "".join(f"{n},school\n" for n in range(50)))
    where = ["-w", str(tmp_path / "shop")]
    for words in (["init", *where], ["load", str(people), *where]):
        assert CliRunner().invoke(app, words).exit_code == 0
    shown = CliRunner().invoke(app, ["groups", "education", *where]).output
    assert "Customers" in shown
    assert "Revenue" not in shown
