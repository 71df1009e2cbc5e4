"""How one studio is served."""

from dataclasses import dataclass
from pathlib import Path

from mc3core.errors import InputError

DEFAULT_PORT = 7860
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Settings:
    """Address of the studio, whether it shows the demo, and folders whose data it may ingest."""

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    demo: bool = False
    data: tuple[Path, ...] = ()

    @property
    def address(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def check_host(host: str) -> str:
    """Only this machine may open the studio while nobody has to log in."""
    if host not in LOOPBACK:
        raise InputError(
            f"--host {host} would show this studio to other machines, and there are no accounts "
            "yet to guard it. Leave --host out (127.0.0.1), and reach it from elsewhere through "
            "`ssh -L 7860:127.0.0.1:7860 <this machine>`."
        )
    return host
