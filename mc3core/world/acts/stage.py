"""What every action needs to be drawn: where, when, with whose hands."""

import math
from dataclasses import dataclass

from mc3core.world import strokes
from mc3core.world.dice import Dice
from mc3core.world.hands import Arm, Held, Pose
from mc3core.world.pen import Colour, Pen
from mc3core.world.plan import Action, Wearer
from mc3core.world.props import PLAIN, PROPS, TINTS

SIZE = 1.28  # things are drawn this much larger than their sketch


@dataclass(frozen=True, slots=True)
class Stage:
    """One action at one time. (`x`, `y`) is where the work lies, in frame units."""

    pen: Pen
    action: Action
    t_s: float
    x: float
    y: float
    tint: Colour
    right_arm: Arm
    left_arm: Arm

    @staticmethod
    def of(pen: Pen, action: Action, wearer: Wearer, t_s: float) -> "Stage":
        dice = Dice("stage", action.seed)
        x, y = 0.5 + dice.between(-0.04, 0.04), 0.66 + dice.between(-0.02, 0.03)
        tint = dice.pick(TINTS.get(action.noun, PLAIN))
        if dice.chance(0.25):  # some people do this with the other hand
            pen = pen.at(1.0, 0.0, -1.0)
        right, left = (Arm(side, wearer.skin, wearer.sleeve) for side in (1, -1))
        return Stage(pen, action, t_s, x, y, tint, right, left)

    @property
    def noun(self) -> str:
        return self.action.noun

    @property
    def reach(self) -> float:
        """How much larger forceful movements are."""
        return 0.8 + 0.4 * self.action.force

    @property
    def cycles(self) -> float:
        return strokes.cycles(self.action, self.t_s)

    @property
    def progress(self) -> float:
        return strokes.progress(self.action, self.t_s)

    @property
    def lift(self) -> float:
        return strokes.lift(self.action, self.t_s)

    @property
    def swing(self) -> float:
        return strokes.swing(self.action, self.t_s)

    @property
    def circle(self) -> tuple[float, float]:
        """A point that goes round once a stroke."""
        a = 2 * math.pi * self.cycles
        return math.cos(a), math.sin(a)

    @property
    def active(self) -> bool:
        return strokes.active(self.action, self.t_s)

    @property
    def away(self) -> float:
        """How far below their work the hands still are (frame units)."""
        return 0.75 * (1 - strokes.presence(self.action, self.t_s))

    def prop(
        self,
        name: str,
        x: float,
        y: float,
        scale: float = 1.0,
        angle: float = 0.0,
        squash: float = 1.0,
    ) -> None:
        """Draw a thing that rests at (x, y)."""
        PROPS[name](self.pen.at(x, y, SIZE * scale, angle, squash), self.tint)

    def shadow(self, x: float, y: float, rx: float, ry: float, strength: int = 66) -> None:
        self.pen.shadow(x, y, rx, ry, strength)

    def right(
        self,
        x: float,
        y: float,
        pose: Pose,
        turn: float = 0.0,
        held: Held | None = None,
        taps: tuple[float, ...] = (0.0,) * 4,
    ) -> None:
        """The right hand at (x, y), or still on its way there."""
        self.right_arm.draw(self.pen, x + 0.25 * self.away, y + self.away, pose, turn, held, taps)

    def left(
        self,
        x: float,
        y: float,
        pose: Pose,
        turn: float = 0.0,
        held: Held | None = None,
        taps: tuple[float, ...] = (0.0,) * 4,
    ) -> None:
        self.left_arm.draw(self.pen, x - 0.25 * self.away, y + self.away, pose, turn, held, taps)

    def carried(
        self, name: str, x: float, y: float, scale: float = 1.0, angle: float = 0.0, hand: int = 1
    ) -> None:
        """Draw a thing that comes into view with a hand (1 right, -1 left)."""
        self.prop(name, x + 0.25 * self.away * hand, y + self.away, scale, angle)
