"""What a checkpoint has for one tower, put into the tower; and the report of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import torch
from torch import Tensor, nn

from mc3core.errors import InputError

NAMED = 8  # entries an error lists


@dataclass(frozen=True, slots=True)
class Found:
    """Entries for a tower by our own names, `encoder.` or `head.` first.

    `lacking`: beginnings of names that a checkpoint of this `layout` cannot have, and why.
    `ignored`: names of the file that are no part of the tower, and why. `resized`: how an entry
    was brought to our size.
    """

    layout: str
    entries: dict[str, Tensor]
    lacking: dict[str, str] = field(default_factory=dict[str, str])
    ignored: dict[str, str] = field(default_factory=dict[str, str])
    resized: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class WeightReport:
    """What a tower was started from: every entry of the tower is `loaded` or `missing`, every entry
    of the file is loaded or `ignored`; with the reasons."""

    tower: str
    source: str
    layout: str
    loaded: tuple[str, ...]
    resized: Mapping[str, str]
    missing: Mapping[str, str]
    ignored: Mapping[str, str]

    def __str__(self) -> str:
        lines = [f"{self.tower}: {len(self.loaded)} entries from {self.source} ({self.layout})"]
        for title, rows in (
            ("resized", self.resized),
            ("left as they start", self.missing),
            ("not used", self.ignored),
        ):
            by_reason: dict[str, list[str]] = {}
            for name, reason in rows.items():
                by_reason.setdefault(reason, []).append(name)
            lines += [f"  {title}: {listed(n)}: {reason}" for reason, n in by_reason.items()]
        return "\n".join(lines)


def fill(
    tower: str, encoder: nn.Module, head: nn.Module, found: Found, source: str
) -> WeightReport:
    """Copy what was found into an encoder and its head.

    InputError, with names and shapes, where an entry has another shape or no place, or where one of
    the tower would stay random although a checkpoint of this kind has it. Nothing is copied then.
    """
    key = f"encoders.{tower}.weights={source}"
    own = {
        f"{part}.{name}": value
        for part, module in (("encoder", encoder), ("head", head))
        for name, value in cast(Mapping[str, Tensor], module.state_dict()).items()
    }
    missing = {name: _reason(name, found.lacking) for name in own if name not in found.entries}
    unexplained = [name for name, reason in missing.items() if reason is None]
    misshapen = [
        f"{name} is {tuple(value.shape)}, not {tuple(own[name].shape)}"
        for name, value in found.entries.items()
        if name in own and value.shape != own[name].shape
    ]
    if misshapen:
        raise InputError(
            f"{key} does not fit the configured encoder ({found.layout}): {listed(misshapen)}. "
            f"Set encoders.{tower}.* and encoders.dimension to the size of the weights."
        )
    if unexplained:
        raise InputError(
            f"{key} lacks weights of the configured encoder ({found.layout}): "
            f"{listed(unexplained)}. Set encoders.{tower}.* to the size of the weights."
        )
    placeless = [name for name in found.entries if name not in own]
    if placeless:
        raise InputError(
            f"{key} has weights for which the configured encoder has no place ({found.layout}): "
            f"{listed(placeless)}. Set encoders.{tower}.* to the size of the weights."
        )
    with torch.no_grad():
        for name, value in found.entries.items():
            own[name].copy_(value)
    return WeightReport(
        tower=tower,
        source=source,
        layout=found.layout,
        loaded=tuple(found.entries),
        resized=found.resized,
        missing={name: reason for name, reason in missing.items() if reason is not None},
        ignored=found.ignored,
    )


def listed(names: list[str]) -> str:
    """Some names and how many more there are."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return (", ".join(names[:NAMED]) or "nothing") + more


def _reason(name: str, lacking: Mapping[str, str]) -> str | None:
    return next((why for start, why in lacking.items() if name.startswith(start)), None)
