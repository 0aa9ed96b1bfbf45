# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy that stands between a client and a PostgreSQL server, on UNIX sockets.

It cuts the stream of either side into messages (PostgreSQL: "Message Formats"),
counts them, and does one thing wrong at the message that was asked for. It never
changes or reorders what it passes on.

    proxy = Proxy(folder, server)    listens at folder/.s.PGSQL.5432
    proxy.arm(Fault([("client", 12)], "cut"))
    ... a client connects to host=folder ...
    proxy.seen                       messages of both sides, as they came
    proxy.hit                        the one that the fault came to, or None

The place of a fault is a row of steps, each (who sends it, which message): which one is
his number of it, from 0, or some bytes of it. The fault comes to the message of the
last step, once those before have been seen in their order.
"""

import socket
import struct
import threading
import time
from collections import namedtuple

SOCKET = ".s.PGSQL.5432"
DELAY = 0.2
TRICKLE = 2048  # bytes one by one; what is behind them goes at once

Fault = namedtuple("Fault", "place action call", defaults=(None,))
# who: "client" or "server"; number: of his messages, from 0
Message = namedtuple("Message", "who number kind text")


class Cut(Exception):
    """This pair of connections is over."""


class Pair:
    """One client, and the connection to the server that was made for it."""

    def __init__(self, proxy, client):
        self.proxy = proxy
        self.client = client
        self.server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.over = threading.Event()
        self.frozen = threading.Event()
        try:
            self.server.connect(proxy.server)
        except OSError:
            self.cut()
            return
        self.threads = [threading.Thread(target=self.carry, args=way, daemon=True)
                        for way in (("client", self.client, self.server),
                                    ("server", self.server, self.client))]
        for thread in self.threads:
            thread.start()

    def cut(self):
        self.over.set()
        for end in (self.client, self.server):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    def carry(self, who, source, sink):
        try:
            first = who == "client"
            while message := read_message(source, first):
                first = False
                if self.frozen.is_set():
                    self.over.wait()
                    return
                self.give(who, sink, message)
            sink.shutdown(socket.SHUT_WR)
        except Cut:
            self.cut()
        except OSError:
            pass  # the other side is gone: it has been told

    def give(self, who, sink, message):
        fault = self.proxy.note(who, message)
        if fault is None:
            sink.sendall(message)
        else:
            getattr(self, "do_" + fault.action)(fault, sink, message)

    # ---- what can go wrong ----

    def do_cut(self, _fault, _sink, _message):
        raise Cut

    def do_torn(self, _fault, sink, message):
        sink.sendall(message[:len(message) // 2])
        raise Cut

    def do_last(self, _fault, sink, message):
        """It arrives, and is the last that does, either way."""
        sink.sendall(message)
        raise Cut

    def do_half(self, _fault, sink, _message):
        """Nothing more this way, and the end of it is told; the other way is open."""
        sink.shutdown(socket.SHUT_WR)
        self.over.wait()

    def do_stop(self, _fault, _sink, _message):
        """Both ways stand still, and nobody is told."""
        self.frozen.set()
        self.over.wait()

    def do_delay(self, _fault, sink, message):
        time.sleep(DELAY)
        sink.sendall(message)

    def do_trickle(self, _fault, sink, message):
        for n in range(min(len(message), TRICKLE)):
            sink.sendall(message[n:n + 1])
        sink.sendall(message[TRICKLE:])

    def do_call(self, fault, sink, message):
        """The line is whole; something happens at the server before it arrives."""
        self.call(fault)
        sink.sendall(message)

    def do_then(self, fault, sink, message):
        """... or after that."""
        sink.sendall(message)
        self.call(fault)

    def call(self, fault):
        try:
            fault.call()
        except Exception as error:  # whoever armed the fault will ask
            self.proxy.error = error
            raise Cut from error


class Proxy:
    def __init__(self, folder, server):
        """folder: of its own socket; server: path of the server's."""
        self.server = str(server)
        self.lock = threading.Lock()
        self.pairs = []
        self.arm(None)
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(f"{folder}/{SOCKET}")
        self.listener.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def arm(self, fault):
        """Forgets what was seen; cuts what is left of earlier connections."""
        with self.lock:
            pairs, self.pairs = self.pairs, []
            self.fault, self.seen, self.hit, self.error = fault, [], None, None
            self.steps = 0
            self.count = {"client": 0, "server": 0}
        for pair in pairs:
            pair.cut()

    def accept(self):
        while True:
            try:
                client = self.listener.accept()[0]
            except OSError:
                return
            pair = Pair(self, client)
            with self.lock:
                self.pairs.append(pair)

    def note(self, who, data):
        """Counts it; the fault that is due at it, or None."""
        with self.lock:
            message = Message(who, self.count[who], chr(data[0]) if data[0] else "start",
                              data[5:])
            self.count[who] += 1
            self.seen.append(message)
            if self.fault is None or self.hit is not None or not self.is_next(message):
                return None
            self.steps += 1
            if self.steps < len(self.fault.place):
                return None
            self.hit = message
            return self.fault

    def is_next(self, message):
        who, which = self.fault.place[self.steps]
        return message.who == who and (
            which in message.text if isinstance(which, bytes) else which == message.number)

    def close(self):
        self.listener.close()
        self.arm(None)


def read_exactly(source, n):
    data = bytearray()
    while len(data) < n:
        more = source.recv(n - len(data))
        if not more:
            return None
        data += more
    return bytes(data)


def read_message(source, first):
    """One whole message with its head, or None at the end. The first one of a client
    has no kind."""
    head = read_exactly(source, 4 if first else 5)
    if head is None:
        return None
    rest = read_exactly(source, struct.unpack("!I", head[-4:])[0] - 4)
    return None if rest is None else head + rest
