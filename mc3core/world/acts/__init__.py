"""Every verb drawn: the things it needs and the hands that do it."""

from collections.abc import Callable

from mc3core.world.acts import cutting, moving, opening, rubbing, striking
from mc3core.world.acts.stage import Stage

ACTS: dict[str, Callable[[Stage], None]] = {
    "wash": rubbing.wash,
    "close": opening.closing,
    "cut": cutting.cut,
    "drop": moving.drop,
    "stir": rubbing.stir,
    "wipe": rubbing.wipe,
    "rub": rubbing.rub,
    "touch": striking.touch,
    "lift": moving.lift,
    "hold": moving.hold,
    "hammer": striking.hammer,
    "pour": moving.pour,
    "type": striking.typing,
    "saw": cutting.saw,
    "put": moving.put,
    "shake": striking.shake,
    "open": opening.opening,
    "peel": cutting.peel,
    "turn": opening.turn,
    "point": striking.point,
    "knead": rubbing.knead,
}
