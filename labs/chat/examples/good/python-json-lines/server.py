import asyncio, json, base64, datetime, pathlib

FOLDER = pathlib.Path(__file__).parent / "files"
sessions = []
live = 0


async def reply(w, **kw):
    w.write((json.dumps(kw) + "\n").encode())
    await w.drain()


async def on_client(r, w):
    global live
    if live >= 3:
        await reply(w, type="error", message="server full (3 clients max)")
        w.close()
        return
    live += 1
    me = {"name": f"Client{len(sessions) + 1:02d}", "connected": datetime.datetime.now().isoformat(), "disconnected": None}
    sessions.append(me)
    print("+", me["name"], flush=True)
    try:
        await reply(w, type="welcome", name=me["name"])
        while line := await r.readline():
            req = json.loads(line)
            cmd = req.get("cmd")
            if cmd == "exit":
                await reply(w, type="bye")
                break
            if cmd == "status":
                await reply(w, type="status", clients=sessions)
            elif cmd == "list":
                await reply(w, type="list", files=sorted(p.name for p in FOLDER.iterdir() if p.is_file()))
            elif cmd == "get":
                p = FOLDER / pathlib.Path(req["file"]).name
                if p.is_file():
                    await reply(w, type="file", name=p.name, data=base64.b64encode(p.read_bytes()).decode())
                else:
                    await reply(w, type="error", message="no such file: " + req["file"])
            else:
                await reply(w, type="echo", message=req["text"] + " ACK")
    except (ConnectionError, ValueError) as e:
        print("!", me["name"], e)
    finally:
        live -= 1
        me["disconnected"] = datetime.datetime.now().isoformat()
        print("-", me["name"], flush=True)
        w.close()


async def main():
    FOLDER.mkdir(exist_ok=True)
    srv = await asyncio.start_server(on_client, "0.0.0.0", 5050)
    print("serving on 5050", flush=True)
    async with srv:
        await srv.serve_forever()

asyncio.run(main())
