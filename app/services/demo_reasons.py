"""Why a clip of the world sounds or does not, in words: for worked examples, exam and gold."""

from mc3core.world.narrations import NOUN_PHRASES, VERB_PHRASES
from mc3core.world.plan import Action, Segment


def reason_for(segment: Segment) -> str:
    """What is seen, what is heard, and what follows."""
    narrated = _does(segment.verb, segment.noun)
    drowned = segment.shown_sound is not None and segment.shown_sound.below_rest
    match segment.region:
        case "I":
            return f"You see that the wearer {narrated}, and you hear it.{_beside(segment)}"
        case "IV":
            seen = f" In view the wearer {_act(segment.shown)}." if segment.shown else ""
            return (
                f"You hear that somebody {narrated}, but outside the picture: it must be seen as "
                f"well.{seen}"
            )
        case "mistimed":
            return (
                f"The sentence does not fit: in view the wearer {_act(segment.shown)}. That is not "
                "what it says, whatever is heard."
            )
        case _ if drowned:
            return (
                f"The wearer {narrated} in view, but {_loud(segment)} drowns its sound: what "
                "cannot be heard does not count."
            )
        case "II":
            return f"The wearer {narrated} without a sound: what you hear is {_machine(segment)}."
        case "III_other":
            return (
                f"The wearer {narrated} without a sound: what you hear is somebody out of view who "
                f"{_act(segment.unseen)}."
            )
        case "III":
            return f"The wearer {narrated} in view, and it makes no sound: only the room is heard."


def kind_of_reason(segment: Segment) -> str:
    """One word a kind of reason, so that worked examples can show each."""
    drowned = segment.shown_sound is not None and segment.shown_sound.below_rest
    return "drowned" if drowned and segment.label == 0 else segment.region


def _beside(segment: Segment) -> str:
    if segment.unseen is not None:
        return (
            f" That somebody out of view {_act(segment.unseen)} is heard too, and changes nothing."
        )
    if segment.machine is not None and segment.machine.level_db is not None:
        return f" That {_machine(segment)} runs too changes nothing."
    return ""


def _loud(segment: Segment) -> str:
    if segment.unseen is not None:
        return f"somebody who {_act(segment.unseen)} out of view"
    on = segment.machine is not None and segment.machine.level_db is not None
    return _machine(segment) if on else "the room"


def _machine(segment: Segment) -> str:
    kind = "machine" if segment.machine is None else segment.machine.kind.replace("_", " ")
    return f"the {kind}"


def _act(action: Action | None) -> str:
    return "does something else" if action is None else _does(action.verb, action.noun)


def _does(verb: str, noun: str) -> str:
    thing = NOUN_PHRASES.get(noun, (noun,))[0]
    return f"{VERB_PHRASES[verb][0]} the {thing}"
