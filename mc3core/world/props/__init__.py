"""Things one can take in the hand, each drawn around its own middle, in frame units."""

from collections.abc import Callable

from mc3core.world.pen import Colour, Pen
from mc3core.world.props import food, kitchenware, things, tools

Prop = Callable[[Pen, Colour], None]

# What each noun looks like as a thing that lies on a table or in a hand.
PROPS: dict[str, Prop] = {
    "plate": kitchenware.plate,
    "cup": kitchenware.cup,
    "pan": kitchenware.pan,
    "pot": kitchenware.pot,
    "bowl": kitchenware.bowl,
    "glass": kitchenware.glass,
    "bottle": kitchenware.bottle,
    "jar": kitchenware.jar,
    "carton": kitchenware.carton,
    "bucket": kitchenware.bucket,
    "spoon": kitchenware.spoon,
    "knife": kitchenware.knife,
    "board": kitchenware.board,
    "carrot": food.carrot,
    "onion": food.onion,
    "potato": food.potato,
    "bread": food.bread,
    "orange": food.orange,
    "hammer": tools.hammer,
    "saw": tools.saw,
    "scissors": tools.scissors,
    "peeler": tools.peeler,
    "screwdriver": tools.screwdriver,
    "nail": tools.nail,
    "chisel": tools.chisel,
    "stake": tools.stake,
    "plank": tools.plank,
    "pipe": tools.pipe,
    "branch": tools.branch,
    "key": tools.key,
    "sponge": tools.sponge,
    "book": things.book,
    "box": things.box,
    "phone": things.phone,
    "paper": things.paper,
    "cloth": things.cloth,
    "shoe": things.shoe,
    "plant": things.plant,
    "bag": things.bag,
    "keyboard": things.keyboard,
}

TINTS: dict[str, tuple[Colour, ...]] = {
    "plate": ((238, 236, 230), (196, 214, 226), (236, 214, 190)),
    "cup": ((206, 74, 62), (64, 120, 160), (240, 236, 226), (232, 180, 74)),
    "pan": ((62, 64, 70), (92, 94, 100), (120, 60, 50)),
    "pot": ((150, 156, 164), (176, 80, 66), (92, 120, 130)),
    "bottle": ((74, 150, 110), (84, 140, 196), (206, 110, 70)),
    "jar": ((196, 96, 72), (214, 168, 70), (128, 148, 80)),
    "box": ((196, 156, 108), (176, 134, 88), (150, 170, 180)),
    "book": ((170, 62, 60), (52, 96, 140), (86, 128, 82), (214, 160, 70)),
    "cloth": ((226, 120, 92), (110, 158, 190), (232, 214, 150), (150, 186, 150)),
    "phone": ((40, 42, 50), (230, 230, 234), (70, 90, 130)),
    "bag": ((206, 172, 122), (186, 196, 160)),
    "knife": ((58, 50, 48), (120, 76, 46), (40, 60, 90)),
    "shoe": ((120, 72, 44), (60, 60, 66), (170, 60, 60)),
    "plant": ((84, 142, 70), (60, 120, 84), (120, 156, 70)),
    "plank": ((206, 166, 112), (184, 136, 86), (222, 190, 140)),
    "bucket": ((120, 128, 136), (200, 90, 70)),
}
PLAIN: tuple[Colour, ...] = ((200, 120, 80), (90, 130, 170), (130, 150, 90))
