"""The whole loop on nine real videos, by the commands that a person would type."""

from pathlib import Path

from tests.app.conftest import Sounding


def test_real_videos_become_clips_a_run_a_map_and_a_score(
    sounding: Sounding, shared_data: Path, tmp_path: Path
) -> None:
    clips, place = shared_data / "real_clips", ("--workspace", tmp_path / "workspace")
    ingested = sounding(
        "ingest", *place, "--narrations", clips / "narration.json", "--videos", clips, "--json"
    )
    assert ingested.code == 0
    assert ingested.json["narrations"] == ingested.json["clips"] == 48

    trained = sounding("train", *place, "--preset", "demo", "--set", "max_steps=6", "--json")
    assert trained.code == 0, trained.err
    run = ("--run", trained.json["run"])
    assert sounding("embed", *place, *run, "--json").code == 0

    explored = sounding("explore", *place, *run, "--clusters", "5", "--json").json
    assert sum(cluster["size"] for cluster in explored["clusters"]) == explored["n"] == 48
    assert len(explored["clusters"]) == 5

    scored = sounding("evaluate", *place, *run, "--truth", clips / "judged.csv", "--json").json
    assert scored["positives"] + scored["negatives"] + scored["unclear"] == 48
    assert scored["masked"] == 2  # stirring-pan is digitally silent
    assert 0 <= scored["av_roc_auc_ci"][0] <= scored["av_roc_auc"] <= scored["av_roc_auc_ci"][1]
