"""How would the chat server look with asyncio?

The same protocol as c_src/bin/chat_server.c without files, with the same
pauses and places, as a measure for its speed and memory. It exists only to be
compared with: use the other one.

    chat_asyncio.py PORT MAX_CLIENTS [relay]
"""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Dict, List

LINE_MAX = 4096
QUEUE_MAX = 64 * 1024  # a reader with more than this to read is behind
FULL = b"Server is full, try again later.\n"


class Visit:
    """One line of the record."""

    def __init__(self, number: int) -> None:
        self.name = "Client%02d" % number
        self.came = time.strftime("%Y-%m-%d %H:%M:%S")
        self.left = ""

    def __str__(self) -> str:
        left = ", left at " + self.left if self.left else ""
        return "%s connected at %s%s\n" % (self.name, self.came, left)


class Room:
    """The clients that are here, and those that were."""

    def __init__(self, places: int, relays: bool) -> None:
        self.places = places
        self.relays = relays
        self.here: Dict[str, Client] = {}
        self.record: List[Visit] = []

    def enter(self) -> Visit:
        self.record.append(Visit(len(self.record) + 1))
        return self.record[-1]

    def relay(self, sender: Client, line: bytes) -> None:
        data = b"%s: %s\n" % (sender.visit.name.encode(), line)
        for client in self.here.values():
            if client is sender:
                continue
            if client.transport.get_write_buffer_size() <= QUEUE_MAX:
                client.transport.write(data)


class Client(asyncio.Protocol):
    """One connection."""

    visit: Visit
    transport: asyncio.Transport

    def __init__(self, room: Room) -> None:
        self.room = room
        self.held = b""
        self.is_here = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if len(self.room.here) >= self.room.places:
            transport.write(FULL)
            transport.close()
            return
        self.visit = self.room.enter()
        self.is_here = True
        self.room.here[self.visit.name] = self
        transport.write(b"Connected as %s\n" % self.visit.name.encode())

    def connection_lost(self, _: "object") -> None:
        if self.is_here:
            self.visit.left = time.strftime("%Y-%m-%d %H:%M:%S")
            del self.room.here[self.visit.name]
            self.is_here = False

    def pause_writing(self) -> None:
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        self.transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        if not self.is_here:
            return
        *lines, self.held = (self.held + data).split(b"\n")
        for line in lines:
            self.answer(line[:-1] if line.endswith(b"\r") else line)
        if len(self.held) > LINE_MAX:
            self.transport.write(b"Line refused: it is too long\n")
            self.transport.close()

    def answer(self, line: bytes) -> None:
        command = line.strip()
        if command == b"exit":
            self.transport.close()
        elif command == b"status":
            record = self.room.record
            head = "Clients: %d\n" % len(record)
            text = head + "".join(str(visit) for visit in record)
            self.transport.write(text.encode())
        else:
            self.transport.write(line + b" ACK\n")
            if self.room.relays:
                self.room.relay(self, line)


async def serve(port: int, places: int, relays: bool) -> None:
    room = Room(places, relays)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Client(room), "127.0.0.1", port, backlog=1024
    )
    assert server.sockets
    print("Listening on port %d" % server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), "relay" in sys.argv))
