"""Serving a scenario on 127.0.0.1: the application behind TLS and in the clear, the proxy in front."""

import asyncio
import signal
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trustme
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from errors import UserError
from replica.app import Replica
from replica.platforms.wechat_api import write_owner_keys
from replica.proxy import Proxy
from replica.scenario import Scenario, load_scenario
from replica.sessions import write_sessions

_START_SECONDS = 30.0


class _Cuttable(H11Protocol):
    """Lets the application cut the connection: some states are an answer that never comes."""

    def handle_events(self) -> None:
        super().handle_events()
        if self.scope is not None:
            self.scope["replica.transport"] = self.transport  # type: ignore[typeddict-unknown-key]


class _Listener(uvicorn.Server):
    """A server that leaves signals to whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(scenario: Scenario, port: int = 0, log: Path | None = None) -> AsyncIterator[int]:
    """Serve ``scenario`` for as long as the block lasts; gives the proxy's port.

    Raises :class:`errors.UserError` where the port is taken or the log cannot be written.
    """
    try:
        replica = Replica(scenario, log)
    except OSError as error:
        raise UserError(f"请求日志无法写入：{error}") from error
    sockets = [_loopback_socket(), _loopback_socket()]
    tls, plain = (_Listener(_config(replica)), _Listener(_config(replica)))
    _use_certificate(tls, scenario)
    runs = [
        asyncio.create_task(server.serve(sockets=[listening]))
        for server, listening in zip((tls, plain), sockets, strict=True)
    ]
    try:
        while not (tls.started and plain.started):
            await asyncio.sleep(0.01)
        tls_port, plain_port = (listening.getsockname()[1] for listening in sockets)
        async with AsyncExitStack() as stack:
            try:
                proxy = Proxy(scenario.hosts, tls_port, plain_port).listening(port)
                proxy_port = await stack.enter_async_context(proxy)
            except OSError as error:
                raise UserError(f"端口 {port} 无法使用：{error.strerror}") from error
            yield proxy_port
    finally:
        for server in (tls, plain):
            server.should_exit = server.force_exit = True
        await asyncio.gather(*runs, return_exceptions=True)
        replica.close()


@dataclass(frozen=True)
class RunningReplica:
    """A replica at work. ``scenario.set_state(…)`` takes effect with the next request."""

    scenario: Scenario
    proxy_url: str

    def set_state(self, subject: str, state: str | None) -> None:
        """See :meth:`replica.scenario.Scenario.set_state`."""
        self.scenario.set_state(subject, state)


@contextmanager
def running_replica(
    scenario: Scenario | str | Path = "zhanjiang_2021q1",
    port: int = 0,
    states: Mapping[str, str] | None = None,
    request_log: Path | None = None,
) -> Iterator[RunningReplica]:
    """Serve a scenario in a thread of its own while the block lasts.

    Raises :class:`errors.UserError` where the scenario, a state or the port is no good.
    """
    scene = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    for subject, state in (states or {}).items():
        scene.set_state(subject, state)
    ready, loop = threading.Event(), asyncio.new_event_loop()
    outcome: dict[str, Any] = {}
    done = asyncio.Event()

    async def work() -> None:
        try:
            async with serving(scene, port, request_log) as proxy_port:
                outcome["port"] = proxy_port
                ready.set()
                await done.wait()
        except BaseException as error:
            outcome["error"] = error
        finally:
            ready.set()

    thread = threading.Thread(target=loop.run_until_complete, args=(work(),), name="replica", daemon=True)
    thread.start()
    try:
        if not ready.wait(_START_SECONDS):
            raise UserError("复制环境没有按时启动")
        if "error" in outcome:
            raise outcome["error"]
        yield RunningReplica(scene, f"http://127.0.0.1:{outcome['port']}")
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join(_START_SECONDS)
        if not thread.is_alive():
            loop.close()


def serve_command(
    name_or_path: str, port: int, states: dict[str, str], log: Path | None, sessions: Path | None
) -> None:
    """``xunjian replica serve``: one line with the proxy's address when ready, until SIGTERM or Ctrl-C.

    Raises :class:`errors.UserError` where the scenario, a state, the port or a path is no good.
    """
    scenario = load_scenario(name_or_path)
    for subject, state in states.items():
        scenario.set_state(subject, state)
    if sessions is not None:
        write_sessions(sessions)
        write_owner_keys(scenario, sessions)
    asyncio.run(_until_told(scenario, port, log))


async def _until_told(scenario: Scenario, port: int, log: Path | None) -> None:
    told, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    async with serving(scenario, port, log) as proxy_port:
        print(f"复制环境已就绪 http://127.0.0.1:{proxy_port}", flush=True)  # noqa: T201
        await told.wait()


def _config(replica: Replica) -> uvicorn.Config:
    return uvicorn.Config(
        replica, http=_Cuttable, ws="none", lifespan="off", log_config=None, access_log=False,
        proxy_headers=False, server_header=False, date_header=False,
    )  # fmt: skip


def _use_certificate(listener: _Listener, scenario: Scenario) -> None:
    """A certificate for exactly the scenario's names, of an authority that exists only in this process."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority = trustme.CA(organization_name="Xunjian replica")
    authority.issue_cert(*sorted(scenario.hosts)).configure_cert(context)
    listener.config.load()
    listener.config.ssl = context


def _loopback_socket() -> socket.socket:
    # Named as TCP, since asyncio sends small writes at once (TCP_NODELAY) only on sockets so named:
    # else every answer waits 40 ms for its own acknowledgement.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", 0))
    return listening
