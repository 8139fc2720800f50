"""The loopback proxy: ``CONNECT host:443`` leads to the TLS listener, ``GET http://host/…`` to the plain one.

It knows the scenario's host names and no others: whatever else is asked for is answered with 502 here, so
nothing ever leaves the machine.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_HEAD_LIMIT = 64 * 1024
_REFUSED = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_ESTABLISHED = b"HTTP/1.1 200 Connection Established\r\n\r\n"


@dataclass(frozen=True)
class Proxy:
    """``hosts`` are answered for; ``tls_port`` and ``plain_port`` are where the replica listens."""

    hosts: Collection[str]
    tls_port: int
    plain_port: int

    _open: set[asyncio.Task[None]] = field(default_factory=set)

    @asynccontextmanager
    async def listening(self, port: int) -> AsyncIterator[int]:
        """Listen on 127.0.0.1 while the block lasts; gives the port. Raises ``OSError`` where it is taken."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", port, limit=_HEAD_LIMIT)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for connection in self._open:
                connection.cancel()
            await asyncio.gather(*self._open, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.create_task(self._serve(reader, writer))
        self._open.add(connection)
        connection.add_done_callback(self._open.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                await self._answer(reader, writer)
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        request, _, fields = head.partition(b"\r\n")
        try:
            method, target, version = request.decode("ascii").split(" ")
            address = urlsplit(f"//{target}" if method == "CONNECT" else target)
            host, port = address.hostname, address.port
        except ValueError:
            writer.write(_BAD_REQUEST)
            return
        if host not in self.hosts or port not in (None, 443 if method == "CONNECT" else 80):
            writer.write(_REFUSED)
        elif method == "CONNECT":
            writer.write(_ESTABLISHED)
            await self._tunnel(reader, writer, self.tls_port, b"")
        elif address.scheme == "http":
            path = address.path or "/"
            line = f"{method} {path}{'?' + address.query if address.query else ''} {version}\r\n".encode()
            # One request a connection: the next may be for another host.
            kept = [field for field in fields.split(b"\r\n") if field and not _is_hop(field)]
            await self._tunnel(
                reader, writer, self.plain_port, line + b"\r\n".join([*kept, b"Connection: close", b"", b""])
            )
        else:
            writer.write(_BAD_REQUEST)

    async def _tunnel(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, first: bytes
    ) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        inner_writer.write(first)
        pumps = [
            asyncio.create_task(_pump(reader, inner_writer)),
            asyncio.create_task(_pump(inner_reader, writer)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            inner_writer.close()


def _is_hop(field: bytes) -> bool:
    return field.split(b":")[0].strip().lower() in (b"connection", b"proxy-connection", b"keep-alive")


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while chunk := await reader.read(64 * 1024):
            writer.write(chunk)
            await writer.drain()
