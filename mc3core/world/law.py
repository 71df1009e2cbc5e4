"""The law of a world: how often what happens. The default's numbers are what every world before
this file was drawn with."""

from dataclasses import astuple, dataclass
from re import fullmatch

from mc3core.errors import InputError


@dataclass(frozen=True, slots=True)
class Law:
    """Shares (0 to 1) that `cast` keeps by quota.

    name          names the world's videos, so that worlds of two laws may share a cache
    region_*, mistimed  shares of the kinds of negatives (`plan.Region`), relative to their sum:
                  ii a machine sounds instead, iii only the room does, iii_other another action is
                  heard, iv heard but out of view (thinner for verbs that hardly ever sound),
                  mistimed another action is in view
    masked        likely sounds in view (p > .3) that are drowned instead of absent
    machine_on    positives, and mistimed ones, with a running machine in view
    machine_idle  of clips without a running machine: one stands there, switched off
    distractor    positives that also have another action heard from out of view
    event         clips with an unrelated sound from elsewhere, whatever their label
    vague         narrations that say next to nothing
    force_noise   chance beside the visible force (which spreads over 1) in who sounds; 0: none
    """

    name: str = "default"
    region_ii: float = 0.36
    region_iii: float = 0.16
    region_iii_other: float = 0.28
    region_iv: float = 0.13
    mistimed: float = 0.07
    masked: float = 0.3
    machine_on: float = 0.30
    machine_idle: float = 0.25
    distractor: float = 0.20
    event: float = 0.75
    vague: float = 0.1
    force_noise: float = 2.0

    def __post_init__(self) -> None:
        if not fullmatch("[a-z][a-z0-9_]*", self.name):
            raise InputError(f"A world's law is named by a-z, 0-9 and _, not {self.name!r}.")
        *shares, noise = astuple(self)[1:]
        if any(not 0 <= share <= 1 for share in shares) or not 0 <= noise < float("inf"):
            raise InputError(f"The law of world {self.name!r} has a share outside 0 to 1: {self}.")
        if sum(self.negatives) - self.region_iv <= 0:  # region IV cannot stand alone: it thins out
            raise InputError(f"The law of world {self.name!r} leaves no kind of negative clips.")

    @property
    def negatives(self) -> tuple[float, float, float, float, float]:
        """Shares of regions II, III, III_other, IV and mistimed, in this order."""
        return (
            self.region_ii, self.region_iii, self.region_iii_other, self.region_iv, self.mistimed,
        )  # fmt: skip


DEFAULT = Law()
