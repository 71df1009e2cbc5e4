"""From a seed to the plan of a whole world, in milliseconds a clip and without any media."""

from mc3core.errors import InputError
from mc3core.world.cast import Role, cast
from mc3core.world.dice import Dice, seed_of
from mc3core.world.law import DEFAULT, Law
from mc3core.world.narrations import narrate
from mc3core.world.plan import (
    AFTER_S,
    BEFORE_S,
    TURN_S,
    Action,
    Event,
    Heard,
    Machine,
    Segment,
    Video,
    Wearer,
    World,
)
from mc3core.world.vocabulary import PLACES, Group, Place

CLIPS_PER_VIDEO = 12.5
MACHINES: dict[Place, tuple[str, ...]] = {
    "kitchen": ("blender", "kettle", "mixer"),
    "workshop": ("grinder", "drill", "fan"),
    "desk": ("printer", "fan"),
    "garden": ("sprinkler", "mower"),
    "bath": ("washer", "dryer"),
}
AMBIENTS: tuple[str, ...] = ("room", "street", "fridge", "wind", "rain", "hall")
EVENTS: tuple[str, ...] = ("dishes", "steps", "bark", "tick")
SKINS = ((242, 205, 178), (224, 176, 140), (188, 133, 94), (134, 88, 58), (92, 58, 40))
SLEEVES = (
    (46, 92, 150), (168, 58, 52), (70, 122, 84), (214, 160, 60), (110, 84, 140),
    (66, 70, 80), (205, 205, 200), (190, 104, 66), (60, 130, 140), (196, 110, 130),
)  # fmt: skip


def timeline(seed: int, clips: int, law: Law = DEFAULT) -> World:
    """Plan `clips` narrated moments as videos of half a minute; equal on every machine by seed."""
    if clips < 1:
        raise InputError(f"A world needs at least one clip, not {clips}.")
    if seed < 0:
        raise InputError(f"A seed is a whole number from 0, not {seed}.")
    dice = Dice("timeline", seed)
    count = max(1, round(clips / CLIPS_PER_VIDEO))
    chunks = dice.shuffled(_deal(dice, cast(seed, clips, law), count))
    prefix = f"world-{seed}" if law == DEFAULT else f"world-{law.name}-{seed}"
    videos = (_video(prefix, seed, index, roles) for index, roles in enumerate(chunks))
    return World(seed, clips, tuple(videos), law)


def _deal(dice: Dice, roles: list[Role], videos: int) -> list[list[Role]]:
    """Cut the roles into videos; a wearer stays in one place as far as the numbers allow."""
    order = {place: rank for rank, place in enumerate(dice.shuffled(PLACES))}
    by_place = sorted(dice.shuffled(roles), key=lambda role: order[role.place])
    each, odd = divmod(len(roles), videos)
    sizes = dice.shuffled([each + (i < odd) for i in range(videos)])
    starts = [sum(sizes[:i]) for i in range(videos)]
    return [by_place[start : start + size] for start, size in zip(starts, sizes, strict=True)]


def _video(prefix: str, seed: int, index: int, roles: list[Role]) -> Video:
    uid = f"{prefix}-{index:04d}"
    dice = Dice("video", seed, index)
    base_db = dice.between(-27, -20, 1)
    segments: list[Segment] = []
    start_s = 0.0
    for position, role in enumerate(roles):
        segments.append(_segment(seed, uid, position, start_s, role, base_db))
        start_s = segments[-1].end_s
    return Video(
        uid, index, seed_of("video", seed, index), start_s,
        Wearer(dice.pick(SKINS), dice.pick(SLEEVES)),
        dice.between(0.9, 1.1), dice.between(-1, 1), dice.pick(AMBIENTS), tuple(segments),
    )  # fmt: skip


def _segment(
    seed: int, uid: str, index: int, start_s: float, role: Role, base_db: float
) -> Segment:
    dice = Dice("segment", seed, uid, index)
    length_s = dice.between(2.3, 2.6, 2)
    room_s = length_s - 2 * TURN_S - BEFORE_S - AFTER_S
    end_s = round(start_s + length_s, 3)
    time_s = round(start_s + TURN_S + BEFORE_S + dice.between(0.03, room_s - 0.03), 3)
    onset_s = round(time_s + dice.between(-0.15, 0.08), 3)
    done_s = round(end_s - TURN_S - 0.02, 3)

    def action(group: Group | None) -> Action | None:
        if group is None:
            return None
        # Only the narrated action carries the drawn force; what else happens has its own.
        force = role.force if group == (role.verb, role.noun) else dice.between(0, 1)
        return Action(*group, onset_s, done_s, force, dice.raw() >> 1)

    shown, unseen = action(role.shown), action(role.unseen)
    own = f"{seed_of(seed, uid, index):016x}{seed_of(index, uid, seed):016x}"
    return Segment(
        index=index,
        seed=seed_of("segment", seed, uid, index),
        start_s=start_s,
        end_s=end_s,
        time_s=time_s,
        annotation_uid="-".join((own[:8], own[8:12], own[12:16], own[16:20], own[20:])),
        narration=narrate(dice, role.verb, role.noun, role.vague),
        vague=role.vague,
        verb=role.verb,
        noun=role.noun,
        label=role.label,
        region=role.region,
        place=role.place,
        shown=shown,
        shown_sound=_shown_sound(dice, role),
        unseen=unseen,
        unseen_db=None if unseen is None else dice.between(*_unseen_range(role), 1),
        machine=_machine(dice, role),
        event=_event(dice, role, time_s),
        loudness_db=round(base_db + dice.between(-4, 4, 1), 1),
    )


def _shown_sound(dice: Dice, role: Role) -> Heard | None:
    if role.shown_sounds:
        return Heard(dice.between(3, 14, 1))
    return Heard(dice.between(18, 26, 1), below_rest=True) if role.masked else None


def _unseen_range(role: Role) -> tuple[float, float]:
    return (3, 14) if role.region == "IV" else (3, 16)


def _machine(dice: Dice, role: Role) -> Machine | None:
    if role.machine == 0:
        return None
    level_db = dice.between(-1, 9, 1) - (5 if role.region in ("I", "mistimed") else 0)
    kind, side = dice.pick(MACHINES[role.place]), dice.pick((-1, 1))
    return Machine(kind, side, round(level_db, 1) if role.machine == 2 else None)


def _event(dice: Dice, role: Role, time_s: float) -> Event | None:
    if not role.event:
        return None
    return Event(
        dice.pick(EVENTS), round(time_s + dice.between(-0.4, 0.8), 3), dice.between(3, 16, 1)
    )
