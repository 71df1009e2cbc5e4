"""Regions of the data as strata of a batch: the clusters of the newest map."""

from app.services.atlas import Atlases
from app.services.exploration import DEFAULT_CLUSTERS
from app.services.map_list import map_list
from app.workspace import Workspace
from mc3core.errors import InputError


def regions(workspace: Workspace, atlases: Atlases) -> dict[str, str]:
    """The region of every clip that is on the map, by its number and name.

    InputError where there is no map yet.
    """
    for run in map_list(workspace)["runs"]:
        for stage in reversed(run["stages"]):
            for space in stage["maps"]:
                atlas = atlases.get(run["run"], stage["stage"], space)
                if atlas is None:
                    continue
                clips = atlas.space.clips
                return {
                    clips[row].clip_id: f"{group.id} {group.name}"
                    for group in atlas.cut(DEFAULT_CLUSTERS).groups
                    for row in group.rows
                }
    raise InputError(
        "There is no map yet, so the data has no regions: make one on Explore, or stratify by verb."
    )
