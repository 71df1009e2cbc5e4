"""`sounding labels stats` tells what the desk shows: figures with intervals and n."""

from pathlib import Path

from app.context import open_database
from app.services.labels import label_stats
from db.adjudicating import decide
from tests.app.workspaces import a_clip, make_workspace


def test_agreement_people_and_batches_are_told_with_their_intervals(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "w", 64, media=0)
    database = open_database(workspace)
    found = label_stats(database)
    with database.write() as session:
        decide(session, a_clip(0).clip_id, "yes")
    again = label_stats(database)
    database.close()
    told = found.to_json()
    kappa = told["agreement"]["fleiss_kappa"]
    assert kappa["n"] == found.complete and kappa["low"] < kappa["value"] < kappa["high"]
    assert told["agreement_of_picked"]["ratings"] == 0
    assert [row["name"] for row in told["agreement_by"]["batch"]] == ["test"]
    (batch,) = told["batches"]
    assert (batch["name"], batch["clips"], batch["chosen"]) == ("test", 64, "random")
    ada = told["people"][0]
    assert ada["name"] == "Ada" and ada["yes_share"]["total"] == ada["answers"] == found.complete
    assert ada["kappa"]["n"] <= found.complete and ada["pressed"] == 0  # a file is no work
    lines = "\n".join(found.lines())
    assert "Fleiss' kappa 0." in lines and f"n {found.complete}" in lines
    assert "Ada: " in lines and "kappa against the rest" in lines and "batch test: " in lines
    assert again.sounding + again.silent >= found.sounding + found.silent
