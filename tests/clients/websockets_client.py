#!/usr/bin/python3
"""Python's websockets (Debian: python3-websockets) and a server that sends back what it gets.   websockets_client.py PORT TLS_PORT CERTIFICATE MODE PID

It says "ok WHAT" for what it has found right, and "ok the end" at last.
"""
import asyncio
import os
import signal
import ssl
import sys

import websockets

PORT, TLS_PORT, CERTIFICATE, MODE, PID = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5])
PLAIN = f"ws://127.0.0.1:{PORT}/"
TLS = f"wss://localhost:{TLS_PORT}/"


def check(what, good):
    print(("ok " if good else "FAIL ") + what, flush=True)


async def talk(url, what, **options):
    async with websockets.connect(url, max_size=None, **options) as socket:
        for message in ("hello", "Grüße 🦀", "", b"\x00\xff" * 100, b"", "x" * 125, "x" * 126, "x" * 65535, "y" * 65536, os.urandom(1 << 20)):
            await socket.send(message)
            answer = await socket.recv()
            if answer != message:
                return check(f"{what}: {len(message)} of {type(message).__name__} come back as {len(answer)} of {type(answer).__name__}", False)
        await socket.send(["a message ", "in ", "parts"])
        check(f"{what}: parts are joined", await socket.recv() == "a message in parts")
        await asyncio.wait_for(await socket.ping(b"are you there"), 10)
        many = [f"message {number}" for number in range(500)]
        for message in many:
            await socket.send(message)
        check(f"{what}: 500 in a row come back in order", [await socket.recv() for _ in many] == many)
        deflated = "permessage-deflate" in socket.response_headers.get("Sec-WebSocket-Extensions", "")
        check(f"{what}: compression is agreed on as wanted", deflated == (options.get("compression", "deflate") is not None))
        await socket.close(4321, "good-bye")
        check(f"{what}: closed with the same code", (socket.close_code, socket.close_reason) in ((4321, ""), (4321, "good-bye")))


async def crowd():
    async def one(number):
        async with websockets.connect(PLAIN) as socket:
            for turn in range(10):
                await socket.send(f"{number} {turn}")
                if await socket.recv() != f"{number} {turn}":
                    return False
        return True

    check("100 at once", all(await asyncio.gather(*(one(number) for number in range(100)))))


async def worker(socket):
    await socket.send("which worker?")
    return await socket.recv()


async def over_a_reload():
    """PROCESS keeps WebSockets; BASE says good-bye to those of a worker that leaves."""
    sockets = await asyncio.gather(*(websockets.connect(PLAIN) for _ in range(20)))
    before = [await worker(socket) for socket in sockets]
    os.kill(PID, signal.SIGUSR1)
    if MODE == "BASE":
        await asyncio.gather(*(socket.wait_closed() for socket in sockets))
        return check("a worker that leaves closes with 1001", {socket.close_code for socket in sockets} == {1001})
    for socket, old in zip(sockets, before):
        while await worker(socket) == old:
            pass
    check("WebSockets outlive their worker", all(socket.open for socket in sockets))
    await asyncio.gather(*(socket.close() for socket in sockets))


async def main():
    await talk(PLAIN, "with compression")
    await talk(PLAIN, "without compression", compression=None)
    context = ssl.create_default_context(cafile=CERTIFICATE)
    await talk(TLS, "over TLS", ssl=context)
    async with websockets.connect(PLAIN, subprotocols=["other", "chat"]) as socket:
        check("the subprotocol is agreed on", socket.subprotocol == "chat")
    async with websockets.connect(PLAIN, max_size=None) as socket:
        try:
            await socket.send(os.urandom(9 << 20))
            await socket.recv()
        except websockets.ConnectionClosed:
            pass
        check("9 MiB are too much: 1009", socket.close_code == 1009)
    await crowd()
    await over_a_reload()
    print("ok the end")


asyncio.run(asyncio.wait_for(main(), 50))
