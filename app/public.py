"""The address that people type where a TLS proxy stands before the studio, and who that may be."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from mc3core.errors import InputError

_LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """`https://host[:port]` and the sub-path below it ("" or "/lab"); `proxies` may speak to us in
    plain http, and only they: a password never crosses a network unencrypted."""

    origin: str
    host: str
    base: str
    proxies: tuple[IPv4Network | IPv6Network, ...] = _LOOPBACK

    @property
    def url(self) -> str:
        return f"{self.origin}{self.base}/"

    def is_proxy(self, peer: str) -> bool:
        """Whether a connection from this address comes from the proxy."""
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped  # as a socket for both families names it
        return any(address in network for network in self.proxies)


def public_address(url: str, proxies: tuple[str, ...] = ()) -> PublicAddress:
    """Raises InputError, with an example, for anything that is no plain https address."""
    example = "such as --behind-tls https://lab.example.org/sounding"
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise InputError(f"--behind-tls {url} is no address: give one {example}.") from None
    if parts.scheme != "https" or not parts.hostname:
        raise InputError(
            f"--behind-tls {url} must begin with https://: browsers withhold what keeps answers "
            f"safe from pages in plain http. Give the address that people type, {example}."
        )
    if parts.username is not None or parts.query or parts.fragment or "//" in parts.path:
        raise InputError(f"--behind-tls takes host and path alone, {example}.")
    base = parts.path.rstrip("/")
    if any(not _PLAIN.issuperset(part) or part in (".", "..", "") for part in base.split("/")[1:]):
        raise InputError(f"--behind-tls: use letters, digits, - . _ ~ in the path, {example}.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    origin = f"https://{host}" + ("" if port in (None, 443) else f":{port}")
    return PublicAddress(origin, parts.hostname, base, _LOOPBACK + tuple(map(_network, proxies)))


_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise InputError(
            f"--proxy {text} is no address: give the proxy's own, such as 10.0.0.5 or 10.0.0.0/24."
        ) from None
