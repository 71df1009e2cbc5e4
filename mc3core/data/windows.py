"""The stretch of a video that belongs to a narration, and the moments in it that are kept."""

from dataclasses import dataclass

# Times are floats from decimal text and from rational time stamps: closer than this is equal.
EPSILON_S = 1e-4
MIN_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Window:
    """[`start_s`, `end_s`) in seconds from the file's zero."""

    start_s: float
    end_s: float


def place_window(time_s: float, end_s: float, before_s: float, after_s: float) -> Window | str:
    """The window of a narration, clamped to a file that ends at `end_s`; or why there is none."""
    if time_s < 0:
        return "before the start"
    if time_s > end_s:
        return "after the end"
    start, stop = max(0.0, time_s - before_s), min(end_s, time_s + after_s)
    if stop - start < MIN_SECONDS - EPSILON_S:
        return f"under {MIN_SECONDS:g} s left"
    return Window(round(start, 6), round(stop, 6))


def part_centres(window: Window, count: int) -> list[float]:
    """Seconds at the centres of `count` equal parts of a window."""
    seconds = window.end_s - window.start_s
    return [window.start_s + (i + 0.5) * seconds / count for i in range(count)]
