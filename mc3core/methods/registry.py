"""What can be trained: one hand-written dict. Torch-free until a method is built."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Literal

from mc3core.data.clips import MODALITIES, Modality
from mc3core.errors import InputError

if TYPE_CHECKING:
    from mc3core.config import RunConfig
    from mc3core.methods.method import Method


@dataclass(frozen=True, slots=True)
class Preset:
    """A sentence for the person who chooses, and what it sets on top of a size, by dotted key.
    `stages`, where given, are trained instead of the method's."""

    says: str
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    stages: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class MethodInfo:
    """What a person choosing a method wants to know, and how to build it.

    `stages` are trained in this order; `presets` begins with the default. `family`: `paper` for
    what *SoundingActions* compares, `newer` for what came since. `weight` says what
    `objective.weight` is to this method, if anything.
    """

    id: str
    name: str
    paper: str
    presets: Mapping[str, Preset]
    build: "Callable[[RunConfig], Method]"
    modalities: tuple[Modality, ...] = MODALITIES
    stages: tuple[str, ...] = ("align", "refine")
    family: Literal["paper", "newer"] = "paper"
    weight: str = ""


def _builder(module: str, name: str) -> "Callable[[RunConfig], Method]":
    """Imports torch and the method when it is first built."""
    return lambda config: getattr(import_module(f"mc3core.methods.{module}"), name)(config)


_SCALED = {"objective.weight_unit": "inverse_temperature"}
_NO_CONSENSUS = {"objective.consensus": "none"}
_MC3_PRESETS = {
    "scaled": Preset(
        "The consensus term counts 1/temperature, in the units of the contrastive logits; the "
        "gradient flows through the consensus. The default.",
        _SCALED,
    ),
    "paper": Preset("As published: the consensus term counts 1 beside six contrastive terms."),
    "calibrated": Preset(
        "Counts 1/temperature, the consensus is a fixed target and each modality inverts its own "
        "scaling. Strong for discovery, but only after align has converged.",
        _SCALED | {"objective.gradient": "stopped", "objective.inverse": "own"},
    ),
    "matrix": Preset(
        "As the public follow-up (Clink! Chop! Thud!, ICCV 2025) has it: the consensus over the "
        "whole batch matrix, counting .5 beside the mean over three pairs.",
        {
            "objective.consensus": "matrix",
            "objective.contrastive": "pair_mean",
            "objective.weight": "0.5",
        },
    ),
    "kd": Preset(
        "Beyond the paper: language sets soft targets for sound and picture, so that a sound that "
        "does not fit its narration need not match its video.",
        _NO_CONSENSUS | {"objective.audio_video": "soft_targets"},
    ),
    "gated": Preset(
        "Beyond the paper: where the sound fits the narration, sound and picture are pulled "
        "together, where not, apart.",
        _NO_CONSENSUS | {"objective.audio_video": "gated", "objective.weight": "4"},
    ),
    "gated_ego": Preset(
        "As gated, and clips of the same verb and noun count as right answers too: on drawn worlds "
        "the best for discovery, at no cost to retrieval.",
        _NO_CONSENSUS | {"objective.audio_video": "gated_ego", "objective.weight": "4"},
    ),
    "no_consensus": Preset(
        "Ablation: the contrastive sum in both stages, which is CMC.", _NO_CONSENSUS
    ),
    "no_contrastive": Preset(
        "Ablation: refine by the consensus alone, which lets the space collapse.",
        _SCALED | {"objective.contrastive": "none"},
    ),
    "no_align": Preset(
        "Ablation: contrast and consensus together from the first step.", _SCALED, ("refine",)
    ),
    "demo": Preset(
        "Scaled, tiny and short: a minute or two on two cores.",
        _SCALED | {"stages.align.steps": "180", "stages.refine.steps": "60"},
    ),
}

_KEPT = "how much of the pairwise InfoNCE is kept beside it"

_ALL = (
    MethodInfo(
        id="mc3",
        name="Multimodal contrastive-consensus coding",
        paper="Chen et al., SoundingActions: Learning How Actions Sound from Narrated Egocentric "
        "Videos, CVPR 2024, arXiv:2404.05206",
        presets=_MC3_PRESETS,
        build=_builder("mc3", "Mc3"),
        weight="weight of the consensus term, or of the push in gated and gated_ego",
    ),
    MethodInfo(
        id="clap",
        name="Contrastive language-audio pretraining",
        paper="Elizalde et al., CLAP: Learning Audio Concepts from Natural Language Supervision, "
        "ICASSP 2023, arXiv:2206.04769",
        presets={"plain": Preset("Sound and narration only; pictures are never looked at.")},
        build=_builder("clap", "Clap"),
        modalities=("audio", "text"),
        stages=("align",),
    ),
    MethodInfo(
        id="cm_acc",
        name="Cross-modal active contrastive coding",
        paper="Ma et al., Active Contrastive Learning of Audio-Visual Video Representations, "
        "ICLR 2021, arXiv:2009.09805",
        presets={
            "active": Preset(
                "Sound and picture only; negatives from a momentum pool, chosen by k-means on "
                "their gradients."
            ),
            "random": Preset(
                "The same with negatives drawn at random from the pool.",
                {"objective.memory.dictionary": "random"},
            ),
        },
        build=_builder("cm_acc", "CmAcc"),
        modalities=("audio", "video"),
        stages=("align",),
    ),
    MethodInfo(
        id="cmc",
        name="Contrastive multiview coding",
        paper="Tian et al., Contrastive Multiview Coding, ECCV 2020, arXiv:1906.05849",
        presets={
            "batch": Preset("InfoNCE of all three pairs in both directions, within the batch."),
            "bank": Preset(
                "Noise-contrastive estimation against a memory bank, as in the authors' code.",
                {"objective.memory.bank": "nce"},
            ),
        },
        build=_builder("cmc", "Cmc"),
    ),
    MethodInfo(
        id="imagebind",
        name="ImageBind",
        paper="Girdhar et al., ImageBind: One Embedding Space To Bind Them All, CVPR 2023, "
        "arXiv:2305.05665",
        presets={
            "plain": Preset(
                "Video and language first, then sound against frozen video.",
                {"stages.align.temperature": "none"},  # nobody shares its first stage
            )
        },
        build=_builder("imagebind", "ImageBind"),
    ),
    MethodInfo(
        id="egonce",
        name="EgoNCE",
        paper="Lin et al., Egocentric Video-Language Pretraining, NeurIPS 2022, arXiv:2206.01670",
        presets={"plain": Preset("Clips of the same verb and noun are right answers too.")},
        build=_builder("egonce", "EgoNce"),
        family="newer",
    ),
    MethodInfo(
        id="symile",
        name="Symile",
        paper="Saporta et al., Contrasting with Symile: Simple Model-Agnostic Representation "
        "Learning for Unlimited Modalities, NeurIPS 2024, arXiv:2411.01053",
        presets={"plain": Preset("One multilinear score for the three vectors of a clip.")},
        build=_builder("symile", "Symile"),
        family="newer",
        weight=_KEPT,
    ),
    MethodInfo(
        id="gram",
        name="GRAM",
        paper="Cicchetti et al., Gramian Multimodal Representation Learning and Alignment, "
        "ICLR 2025, arXiv:2412.11959",
        presets={"plain": Preset("The volume that the three vectors of a clip span.")},
        build=_builder("gram", "Gram"),
        family="newer",
        weight=_KEPT,
    ),
    MethodInfo(
        id="triangle",
        name="TRIANGLE",
        paper="TRIANGLE: triangle-area similarity for trimodal alignment, NeurIPS 2025",
        presets={"plain": Preset("The area between the three vectors of a clip.")},
        build=_builder("triangle", "Triangle"),
        family="newer",
        weight=_KEPT,
    ),
    MethodInfo(
        id="siglip",
        name="SigLIP",
        paper="Zhai et al., Sigmoid Loss for Language Image Pre-Training, ICCV 2023, "
        "arXiv:2303.15343",
        presets={"plain": Preset("Every pair of the batch judged by itself, right or wrong.")},
        build=_builder("siglip", "SigLip"),
        family="newer",
    ),
    MethodInfo(
        id="robust_xid",
        name="Robust xID",
        paper="Morgado, Misra and Vasconcelos, Robust Audio-Visual Instance Discrimination, "
        "CVPR 2021, arXiv:2103.15916",
        presets={
            "plain": Preset(
                "Doubtful pairs weigh less and share their target.", {"objective.weight": "0.6"}
            )
        },
        build=_builder("robust_xid", "RobustXid"),
        family="newer",
        weight="share of the soft target",
    ),
)
METHODS: dict[str, MethodInfo] = {info.id: info for info in _ALL}


def method_info(method: str) -> MethodInfo:
    """Look a method up; InputError names those that exist."""
    if method not in METHODS:
        raise InputError(f"There is no method {method!r}; there is {', '.join(METHODS)}.")
    return METHODS[method]
