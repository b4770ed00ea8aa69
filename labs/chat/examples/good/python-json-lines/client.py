import asyncio, json, base64, sys

async def main():
    r, w = await asyncio.open_connection("localhost", 5050, limit=1 << 26)
    loop = asyncio.get_running_loop()

    async def ask(**kw):
        w.write((json.dumps(kw) + "\n").encode())
        await w.drain()
        line = await r.readline()
        if not line:
            print("server closed the connection")
            sys.exit()
        return json.loads(line)

    hello = json.loads(await r.readline())
    if hello["type"] == "error":
        print("Rejected:", hello["message"])
        return
    name = hello["name"]
    print("I am", name)
    while True:
        text = await loop.run_in_executor(None, input, f"{name}: ")
        word, _, rest = text.partition(" ")
        if text in ("exit", "status", "list"):
            ans = await ask(cmd=text)
        elif word == "get":
            ans = await ask(cmd="get", file=rest)
        else:
            ans = await ask(cmd="msg", text=text)
        t = ans["type"]
        if t == "bye":
            break
        elif t == "status":
            for c in ans["clients"]:
                print(c["name"], c["connected"], c["disconnected"] or "still here")
        elif t == "list":
            print(*ans["files"], sep="\n")
        elif t == "file":
            open(ans["name"] + ".copy", "wb").write(base64.b64decode(ans["data"]))
            print("saved", ans["name"] + ".copy")
        else:
            print(ans["message"])
    w.close()

asyncio.run(main())
