"""Narrations as people write them: synonyms, articles, tools, and some that say next to nothing."""

from mc3core.world.dice import Dice

# What a synonym stands for is unique, so a reader of the text can still find the verb.
VERB_PHRASES: dict[str, tuple[str, ...]] = {
    "wash": ("washes", "rinses"),
    "close": ("closes", "shuts"),
    "cut": ("cuts", "chops", "slices"),
    "drop": ("drops", "releases"),
    "stir": ("stirs", "mixes"),
    "wipe": ("wipes", "wipes down"),
    "rub": ("rubs", "polishes"),
    "touch": ("touches", "feels"),
    "lift": ("lifts", "picks up", "raises"),
    "hold": ("holds", "grips"),
    "hammer": ("hammers", "pounds"),
    "pour": ("pours", "pours out"),
    "type": ("types on", "taps on"),
    "saw": ("saws", "saws through"),
    "put": ("puts down", "places", "sets down"),
    "shake": ("shakes", "jiggles"),
    "open": ("opens",),
    "peel": ("peels", "skins"),
    "turn": ("turns", "rotates"),
    "point": ("points at",),
    "knead": ("kneads", "presses"),
}
NOUN_PHRASES: dict[str, tuple[str, ...]] = {
    "pan": ("pan", "frying pan"),
    "plate": ("plate", "dish"),
    "cup": ("cup", "mug"),
    "cloth": ("cloth", "towel"),
    "door": ("cabinet door", "door"),
    "bottle": ("bottle", "plastic bottle"),
    "soup": ("soup",),
    "egg": ("egg", "egg mixture"),
    "table": ("table", "table top"),
    "plank": ("plank", "piece of wood", "wood"),
    "pot": ("pot", "metal pot"),
    "hands": ("hands",),
    "phone": ("phone", "mobile phone"),
    "plant": ("plant", "leaves"),
    "box": ("box", "carton"),
    "stake": ("stake", "wooden stake"),
    "pipe": ("pipe", "metal pipe"),
    "branch": ("branch", "twig"),
    "bag": ("bag", "paper bag"),
    "page": ("page", "page of the book"),
    "knob": ("knob", "stove knob"),
    "laptop": ("laptop", "computer"),
    "book": ("book", "notebook"),
    "clay": ("clay",),
}
TOOLS: dict[str, str] = {
    "cut": "with a knife",
    "stir": "with a spoon",
    "wipe": "with a cloth",
    "hammer": "with a hammer",
    "saw": "with a saw",
    "peel": "with a peeler",
    "wash": "under the tap",
    "put": "on the table",
    "drop": "on the table",
}
TOOLS_BY_GROUP: dict[tuple[str, str], str] = {
    ("cut", "paper"): "with scissors",
    ("turn", "screw"): "with a screwdriver",
    ("rub", "plank"): "with sandpaper",
    ("stir", "paint"): "with a stick",
    ("pour", "water"): "into a glass",
    ("pour", "milk"): "into a glass",
    ("pour", "rice"): "into a bowl",
    ("pour", "oil"): "into a pan",
    ("rub", "hands"): "together",
}
HANDS = ("with his hand", "with her hand", "with both hands", "with the right hand")
VAGUE = (
    "#C C does something with {hand}",
    "#C C moves {hand}",
    "#C C works on the table",
    "#C C continues the work",
    "#C C adjusts something",
    "#C C uses {hand}",
)
_UNCOUNTED = {
    "soup",
    "paint",
    "water",
    "milk",
    "rice",
    "oil",
    "clay",
    "dough",
    "coffee",
    "bread",
    "paper",
}


def narrate(dice: Dice, verb: str, noun: str, vague: bool) -> str:
    """One sentence about the wearer ("#C C ...") for this verb and noun."""
    if vague:
        return dice.pick(VAGUE).format(hand=dice.pick(("his hand", "her hands", "the right hand")))
    said = dice.pick(NOUN_PHRASES.get(noun, (noun,)))
    words = ["#C C", dice.pick(VERB_PHRASES[verb]), _article(dice, noun, said), said]
    tool = TOOLS_BY_GROUP.get((verb, noun), TOOLS.get(verb))
    if tool is not None and dice.chance(0.45):
        words.append(tool)
    elif tool is None and dice.chance(0.2):
        words.append(dice.pick(HANDS))
    return " ".join(word for word in words if word)


def _article(dice: Dice, noun: str, said: str) -> str:
    if noun == "hands":
        return dice.pick(("his", "her", "the"))
    if noun in _UNCOUNTED or said.endswith("leaves"):
        return dice.pick(("the", "the", ""))
    indefinite = "an" if said[0] in "aeiou" else "a"
    return dice.pick(("the", "the", indefinite, indefinite, ""))
