"""What can be trained: one hand-written dict. Torch-free until a method is built."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mc3core.data.clips import Modality
from mc3core.errors import InputError

if TYPE_CHECKING:
    from mc3core.config import RunConfig
    from mc3core.methods.mc3 import Mc3


@dataclass(frozen=True, slots=True)
class MethodInfo:
    """What a person choosing a method wants to know, and how to build it.

    `stages` are trained in this order; `presets` maps a preset's name to a sentence about it, the
    default first.
    """

    id: str
    name: str
    paper: str
    modalities: tuple[Modality, ...]
    stages: tuple[str, ...]
    presets: dict[str, str]
    build: "Callable[[RunConfig], Mc3]"


def _mc3(config: "RunConfig") -> "Mc3":
    from mc3core.methods.mc3 import Mc3

    return Mc3(config)


METHODS = {
    "mc3": MethodInfo(
        id="mc3",
        name="Multimodal contrastive-consensus coding",
        paper="Chen et al., SoundingActions: Learning How Actions Sound from Narrated Egocentric "
        "Videos, CVPR 2024, arXiv:2404.05206",
        modalities=("audio", "video", "text"),
        stages=("align", "refine"),
        presets={
            "scaled": "The consensus term counts 1/temperature, in the units of the contrastive "
            "logits; the gradient flows through the consensus. The default.",
            "paper": "As published: the consensus term counts 1 beside six contrastive terms.",
            "calibrated": "Counts 1/temperature, the consensus is a fixed target and each modality "
            "inverts its own scaling. Strong for discovery, but only after align has converged.",
            "demo": "Scaled, tiny and short: a minute or two on two cores.",
        },
        build=_mc3,
    ),
}


def method_info(method: str) -> MethodInfo:
    """Look a method up; InputError names those that exist."""
    if method not in METHODS:
        raise InputError(f"There is no method {method!r}; there is {', '.join(METHODS)}.")
    return METHODS[method]
