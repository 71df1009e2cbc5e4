"""How one studio is served."""

from dataclasses import dataclass
from pathlib import Path

from app.public import PublicAddress
from mc3core.errors import InputError

DEFAULT_PORT = 7860
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Settings:
    """Address of the studio, whether it shows the demo, and folders whose data it may ingest.

    `public`: a TLS proxy stands before it, and nobody is let in without an account.
    """

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    demo: bool = False
    data: tuple[Path, ...] = ()
    public: PublicAddress | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def base(self) -> str:
        """The sub-path that every address of ours begins with: "" or "/lab"."""
        return "" if self.public is None else self.public.base

    @property
    def hosts(self) -> frozenset[str]:
        """Names that a request's Host may have."""
        return LOOPBACK if self.public is None else frozenset({self.public.host})


def check_open(host: str, public: PublicAddress | None, accounts: bool) -> None:
    """Whoever lets other machines in needs accounts, and TLS. Raises InputError."""
    if host in LOOPBACK and public is None:
        return
    if not accounts:
        shown = (
            f"--host {host}" if host not in LOOPBACK else f"--behind-tls {public and public.url}"
        )
        raise InputError(
            f"{shown} would show this studio to other machines, and there are no accounts to guard "
            "it. Make one first: sounding users add NAME --role admin --password-stdin "
            "--workspace DIR. Or leave it to this machine alone and reach it through "
            "`ssh -L 7860:127.0.0.1:7860 <this machine>`."
        )
    if public is None:
        raise InputError(
            f"--host {host} would serve plain http to other machines: passwords could be read on "
            "the way, and browsers withhold what the outbox needs. Put a TLS proxy (Caddy, nginx) "
            "before the studio and name the address that people type: --behind-tls "
            "https://lab.example.org/sounding. The README has both proxies' settings."
        )
