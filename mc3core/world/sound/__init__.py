"""Sound by named stems: what one hears of each source, before and after they are mixed."""

from mc3core.world.sound.mix import STEMS, mix, stem

__all__ = ["STEMS", "mix", "stem"]
