"""What stands before a studio in the world: a long line, and a TLS proxy that serves a sub-path.

browser -> long line (`delay_s` each way) -> TLS proxy -> studio in plain http
"""

import asyncio
import contextlib
import socket
import ssl
import subprocess
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_CHUNK = 1 << 16


def self_signed(folder: Path) -> ssl.SSLContext:
    """A certificate for localhost, made now and trusted by nobody."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"),
            *("-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@contextmanager
def proxied(
    listener: socket.socket,
    studio_port: int,
    base: str,
    tls: ssl.SSLContext,
    delay_s: float,
    *,
    strip: bool = True,
) -> Generator[None]:
    """Pass on what comes to `listener`. `strip`: the sub-path is taken off, as nginx does with a
    final slash in `proxy_pass` and Caddy with `handle_path`."""
    loop = asyncio.new_event_loop()
    proxy = _Proxy(studio_port, base.encode(), strip)

    async def start() -> None:
        inner = await asyncio.start_server(proxy.serve, "127.0.0.1", 0, ssl=tls)
        inner_port: int = inner.sockets[0].getsockname()[1]

        async def line(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there = await asyncio.open_connection("127.0.0.1", inner_port)
            await _both(reader, writer, *there, delay_s)

        await asyncio.start_server(line, sock=listener)

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(start())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


class _Proxy:
    """HTTP/1.1 with kept connections; one request at a time on each, as browsers send them."""

    def __init__(self, port: int, base: bytes, strip: bool) -> None:
        self._port = port
        self._base = base
        self._strip = strip

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            back, there = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            writer.close()
            return
        answers = asyncio.ensure_future(_pump(back, writer, 0))
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                there.write(self._passed_on(head))
                length = _length(head)
                while length:
                    part = await reader.read(min(length, _CHUNK))
                    if not part:
                        raise asyncio.IncompleteReadError(b"", length)
                    there.write(part)
                    length -= len(part)
                await there.drain()
        there.close()
        await answers

    def _passed_on(self, head: bytes) -> bytes:
        """Without the sub-path; who asks stands in X-Forwarded-For, as proxies write it."""
        line, _, rest = head.partition(b"\r\n")
        method, path, version = line.split(b" ")
        if self._strip and path.startswith(self._base + b"/"):
            path = path[len(self._base) :]
        said = b"X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n"
        return b" ".join((method, path, version)) + b"\r\n" + said + rest


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0


async def _both(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    there_reader: asyncio.StreamReader,
    there_writer: asyncio.StreamWriter,
    delay_s: float,
) -> None:
    await asyncio.gather(_pump(reader, there_writer, delay_s), _pump(there_reader, writer, delay_s))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay_s: float) -> None:
    """Every byte `delay_s` after it came; how many come at once stays as it is."""
    queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    clock = asyncio.get_running_loop().time

    async def send() -> None:
        with contextlib.suppress(OSError):
            while True:
                due, part = await queue.get()
                await asyncio.sleep(max(0, due - clock()))
                if not part:
                    break
                writer.write(part)
                await writer.drain()
            writer.close()

    sender = asyncio.ensure_future(send())
    part = b"-"
    while part:
        try:
            part = await reader.read(_CHUNK)
        except OSError:
            part = b""
        queue.put_nowait((clock() + delay_s, part))
    await sender
