"""PA3 server with asyncio - Team 15.

Multithreading, and what we did about it
----------------------------------------
A server that reads from one client at a time is blocked while that client
thinks about its message. It then learns of the other message too late and
reports the wrong order. Threads solve this because each of them may block
alone. Coroutines solve it in the same way: each client has a coroutine, every
`await` gives the others a turn, and since only one of them runs at any moment
the list of messages needs no lock.
"""
import asyncio

PORT = 12000


class Meeting:
    """What the two handlers share."""

    def __init__(self):
        self.writers = []
        self.messages = []
        self.both_here = asyncio.Event()
        self.both_sent = asyncio.Event()
        self.finished = asyncio.Event()
        self.left = 0


async def handle(reader, writer, meeting):
    if len(meeting.writers) == 2:       # a third client is not served
        writer.close()
        return
    label = "XY"[len(meeting.writers)]
    number = ("first", "second")[len(meeting.writers)]
    meeting.writers.append(writer)
    print(f"Accepted {number} connection, calling it client {label}")
    if len(meeting.writers) == 2:
        print("Waiting to receive messages from client X and client Y....")
        meeting.both_here.set()

    await meeting.both_here.wait()
    writer.write(f"Client {label} connected".encode())
    await writer.drain()

    text = (await reader.read(1000)).decode().strip()
    meeting.messages.append(f"{label}: {text}")
    print(f"Client {label} sent message {len(meeting.messages)}: {text}")
    if len(meeting.messages) == 2:
        meeting.both_sent.set()

    await meeting.both_sent.wait()
    writer.write(" received before ".join(meeting.messages).encode())
    await writer.drain()
    writer.close()
    meeting.left += 1
    if meeting.left == 2:
        meeting.finished.set()


async def main():
    meeting = Meeting()
    server = await asyncio.start_server(
        lambda r, w: handle(r, w, meeting), "0.0.0.0", PORT)
    print("The server is waiting to receive 2 connections....")
    await meeting.finished.wait()
    print("Sent acknowledgment to both X and Y")
    server.close()
    print("Done.")


asyncio.run(main())
