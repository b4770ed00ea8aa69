"""CP372, group 38. Start it in the main folder: python3 server/server.py"""
import asyncio
import json
import os
from datetime import datetime

LIBRARY = "library"
PIECE = 6000
people = {}


def now():
    return datetime.now().isoformat(sep=" ", timespec="seconds")


class Talk:
    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    async def say(self, kind, **more):
        self.writer.write(json.dumps({"kind": kind, **more}).encode() + b"\n")
        await self.writer.drain()

    async def send_file(self, name):
        path = os.path.join(LIBRARY, os.path.basename(name))
        if not os.path.isfile(path):
            await self.say("error", text="unknown file: " + name)
            return
        with open(path, encoding="utf-8", errors="replace", newline="") as file:
            for piece in iter(lambda: file.read(PIECE), ""):
                await self.say("piece", text=piece)
        await self.say("end")

    async def answer(self, text):
        if text == "status":
            await self.say("status", people=people)
        elif text == "list":
            names = os.listdir(LIBRARY) if os.path.isdir(LIBRARY) else []
            await self.say("files", names=names)
        elif text.startswith("get "):
            await self.send_file(text[4:])
        else:
            await self.say("echo", text=text + " ACK")


async def welcome(reader, writer):
    talk = Talk(reader, writer)
    if sum(1 for p in people.values() if p["left"] is None) >= 3:
        await talk.say("full", text="three are here already")
        writer.close()
        return
    name = "Client%02d" % (len(people) + 1)
    people[name] = {"came": now(), "left": None}
    await talk.say("name", text=name)
    try:
        while line := await reader.readline():
            text = json.loads(line)["text"]
            if text == "exit":
                break
            await talk.answer(text)
    finally:
        people[name]["left"] = now()
        writer.close()


async def main():
    server = await asyncio.start_server(welcome, "", 12345)
    print("listening", flush=True)
    async with server:
        await server.serve_forever()


asyncio.run(main())
