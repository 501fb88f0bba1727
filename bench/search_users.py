"""Many people on the search page at once, and what each of their searches sends.

    python -m bench.search_users [users] [minutes]     100 users for 20 minutes unless told

A server of its own, one process on SQLite, with 10,000 operators. Everybody has a websocket as a browser has,
opens the search in a town, and changes the distance or the class every 2 seconds. A click has
been answered when the script has finished; one that is answered late delays nobody else's next click.
"""

import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import StringArray
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from bench.search_crowd import PLACES, filled
from core.roles import Role
from tests.browser.harness import served
from ui.session import COOKIE

OPERATORS = 10_000
PAUSE = 2.0  # seconds from one click of somebody to the next
_IN_ADDRESS = {"Within (km)": "km", "Class": "class"}
CHANGES = (("Within (km)", ("50", "100", "150", "200")), ("Class", ("Class I", "Class II", "Class III")))


@dataclass
class Told:
    """What all users saw."""

    milliseconds: list[float] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)  # bytes from the server for a click
    opened: list[int] = field(default_factory=list)  # and for opening the page
    errors: list[str] = field(default_factory=list)
    processor_ms: float = 0.0  # the server's own for a click


class User:
    """One browser's websocket."""

    def __init__(self, socket: ClientConnection, place: str, told: Told) -> None:
        self._socket, self._told, self._chance = socket, told, random.Random(place)
        self._query = {"place": place, "class": "Class III", "days": "Monday,Tuesday"}
        self._fields: dict[str, str] = {}  # ids of select boxes by label
        self._values: dict[str, WidgetState] = {}  # of all fields by id: a browser sends them with every click

    async def opens(self) -> None:
        self._told.opened.append(await self._runs())

    async def clicks(self) -> None:
        label, values = self._chance.choice(CHANGES)
        field = self._values[self._fields[label]]  # a browser says nothing where the same is chosen again
        field.string_value = self._chance.choice([value for value in values if value != field.string_value])
        self._query[_IN_ADDRESS[label]] = field.string_value
        start = time.perf_counter()
        self._told.sent.append(await self._runs())
        self._told.milliseconds.append((time.perf_counter() - start) * 1000)

    async def _runs(self) -> int:
        """Asks for a run of the script and answers how many bytes came until it was finished."""
        asked = BackMsg()
        asked.rerun_script.query_string, asked.rerun_script.page_name = urlencode(self._query), "search"
        asked.rerun_script.widget_states.widgets.extend(self._values.values())
        await self._socket.send(asked.SerializeToString())
        size = 0
        while True:
            raw = await asyncio.wait_for(self._socket.recv(), 60)
            assert isinstance(raw, bytes)
            size += len(raw)
            message = ForwardMsg.FromString(raw)
            self._reads(message)
            if message.WhichOneof("type") == "script_finished" and message.script_finished in _AT_REST:
                return size

    def _reads(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        if element.HasField("selectbox"):
            self._fields[element.selectbox.label] = element.selectbox.id
        value = at_first(element)
        if value:
            self._values.setdefault(value.id, value)
        if element.HasField("exception"):
            self._told.errors.append(element.exception.message)


def at_first(element: Element) -> WidgetState | None:
    """What a browser says of a field that is new to it; None where an element is no field."""
    match element.WhichOneof("type"):
        case "selectbox":
            box = element.selectbox
            standard = box.options[box.default] if box.HasField("default") else None
            return WidgetState(id=box.id, string_value=box.raw_value if box.set_value else standard)
        case "multiselect":
            list_ = element.multiselect
            chosen = list_.raw_values if list_.set_value else [list_.options[n] for n in list_.default]
            return WidgetState(id=list_.id, string_array_value=StringArray(data=chosen))
        case "date_input":
            day = element.date_input
            days = StringArray(data=day.value if day.set_value else day.default)
            return WidgetState(id=day.id, string_array_value=days)
        case "checkbox":
            tick = element.checkbox
            return WidgetState(id=tick.id, bool_value=tick.value if tick.set_value else tick.default)
    return None


_AT_REST = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


async def one(number: int, url: str, token: str, end: float, told: Told) -> None:
    """A user from the first page to the end."""
    stream = f"{url.replace('http', 'ws')}/_stcore/stream"
    headers = {"Cookie": f"{COOKIE}={token}", "Origin": url}
    await asyncio.sleep(number * 0.2)
    try:
        async with connect(
            stream, additional_headers=headers, subprotocols=["streamlit"], max_size=None
        ) as socket:
            user = User(socket, PLACES[number % len(PLACES)], told)
            await user.opens()
            while time.monotonic() < end:
                begun = time.monotonic()
                await user.clicks()
                await asyncio.sleep(max(0.0, PAUSE - (time.monotonic() - begun)))
    except Exception as error:
        told.errors.append(repr(error))


async def crowd(url: str, tokens: Sequence[str], minutes: float, process: int) -> Told:
    told = Told()
    end = time.monotonic() + len(tokens) * 0.2 + minutes * 60
    users = [asyncio.create_task(one(n, url, token, end, told)) for n, token in enumerate(tokens)]
    await asyncio.sleep(len(tokens) * 0.2 + 5)  # all of them have opened the page
    told.milliseconds.clear()
    before = processor_ms(process)
    while not all(user.done() for user in users):
        await asyncio.wait(users, timeout=20)
        print(f"  {len(told.milliseconds):6} clicks, memory {memory_mb(process):.0f} MB", flush=True)
        told.processor_ms = (processor_ms(process) - before) / len(told.milliseconds)
    return told


def memory_mb(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def processor_ms(process: int) -> float:
    ticks = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) * 1000 / os.sysconf("SC_CLK_TCK")


def child() -> int:
    """The only process that this one has started: the server."""
    (process,) = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    return int(process)


def _fill(settings: dict[str, str]) -> None:
    filled(settings["DATABASE_URL"], OPERATORS).database.close()


def main() -> None:
    users = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    minutes = float(sys.argv[2]) if len(sys.argv) > 2 else 20.0
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), _fill, WORKER_IN_APP="false") as site:
        tokens = [site.member(Role.OFFICER).token or "" for _ in range(users)]
        process = child()
        told = asyncio.run(crowd(site.url, tokens, minutes, process))
    took = quantiles(told.milliseconds, n=100)
    print(f"{users} users, {minutes:g} minutes, {len(told.milliseconds)} clicks, {len(told.errors)} errors")
    print(f"milliseconds: median {median(told.milliseconds):.0f}, 95 % {took[94]:.0f}, 99 % {took[98]:.0f}")
    print(f"the server's own: {told.processor_ms:.0f} ms of processor time a click")
    print(f"kB sent: opening {max(told.opened) / 1000:.0f} at most, a click {max(told.sent) / 1000:.0f} at most")
    for error in sorted(set(told.errors)):
        print(f"  {error}")


if __name__ == "__main__":
    main()
