"""CP372 assignment: chat server with asyncio (one thread, one task a client)"""
import asyncio
import datetime
import pathlib

FILES = pathlib.Path("repository")
SEATS = 3
sessions = []


def now():
    return datetime.datetime.now().isoformat(timespec="milliseconds")


class Session:
    def __init__(self, number, writer):
        self.name = f"Client{number:02}"
        self.writer = writer
        self.joined = now()
        self.left = None

    async def say(self, text):
        self.writer.write(text.encode())
        await self.writer.drain()

    async def command(self, text):
        """Carry out one line; False when the client wants to leave."""
        if text == "exit":
            return False
        if text == "status":
            rows = [f"{s.name}: {s.joined} to {s.left or 'now'}" for s in sessions]
            await self.say("\n".join(rows) + "\n\n")
        elif text == "list":
            names = sorted(p.name for p in FILES.iterdir())
            await self.say(", ".join(names) + "\n")
        else:
            await self.say(text + " ACK\n")
        return True


async def connected(reader, writer):
    if sum(s.left is None for s in sessions) >= SEATS:
        writer.write(b"Server is full\n")
        writer.close()
        return
    session = Session(len(sessions) + 1, writer)
    sessions.append(session)
    print(session.name, "connected", writer.get_extra_info("peername"))
    try:
        await session.say(f"Connected as {session.name}\n")
        while line := await reader.readline():
            if not await session.command(line.decode().rstrip("\r\n")):
                break
    except (ConnectionError, ValueError):
        pass
    finally:
        session.left = now()
        writer.close()
        print(session.name, "left")


async def main():
    FILES.mkdir(exist_ok=True)
    server = await asyncio.start_server(connected, "0.0.0.0", 12345)
    print("ready")
    async with server:
        await server.serve_forever()


asyncio.run(main())
