"""How often something may be tried: a sliding window a key, kept in memory."""

import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

_KEYS = 20_000  # a flood of keys forgets the oldest, it does not fill the memory


class Throttle:
    """At most `tries` of one key within `window_s`; a try that was right is given back."""

    def __init__(
        self, tries: int, window_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._tries = tries
        self._window_s = window_s
        self._clock = clock
        self._at: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> int:
        """Count a try before it is made, so that a hundred at once are a hundred. Returns 0, or
        the seconds to wait: then it does not count."""
        now = self._clock()
        with self._lock:
            times = self._at.setdefault(key, deque())
            self._at.move_to_end(key)
            while times and times[0] <= now - self._window_s:
                times.popleft()
            if len(times) >= self._tries:
                return max(1, math.ceil(times[0] + self._window_s - now))
            times.append(now)
            while len(self._at) > _KEYS:
                self._at.popitem(last=False)
        return 0

    def give_back(self, key: str) -> None:
        with self._lock:
            if times := self._at.get(key):
                times.pop()


def address_key(address: str) -> str:
    """One key for one customer line: an IPv6 network is /64, of which anybody has plenty."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or parsed.exploded[:19])
    return str(parsed)
