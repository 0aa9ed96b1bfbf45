# SPDX-License-Identifier: GPL-3.0-or-later
"""hostile.py HOW: a server of its own kind on a free port of loopback, which it says.

  copy   lets in, and answers every statement with the beginning of a COPY
  rounds asks for SCRAM with as many rounds as a number holds
  silent lets in, and says nothing
"""

import socket
import struct
import sys


def message(kind, body=b""):
    return kind + struct.pack(">I", len(body) + 4) + body


def take(stream, n):
    data = stream.read(n)
    if len(data) < n:
        raise EOFError
    return data


def start(stream, connection):
    while True:
        (length,) = struct.unpack(">I", take(stream, 4))
        body = take(stream, length - 4)
        if body[:4] == struct.pack(">I", 80877103) or body[:4] == struct.pack(">I", 80877104):
            connection.sendall(b"N")  # neither TLS nor GSS
        else:
            return


def ask(stream):
    kind = take(stream, 1)
    (length,) = struct.unpack(">I", take(stream, 4))
    return kind, take(stream, length - 4)


def copy(stream, connection):
    connection.sendall(message(b"R", struct.pack(">I", 0)) + message(b"S", b"server_version\0" + b"15.0\0") + message(b"Z", b"I"))
    while True:
        kind, _ = ask(stream)
        if kind in (b"Q", b"S"):
            connection.sendall(message(b"G", b"\0\0\0"))


def rounds(stream, connection):
    connection.sendall(message(b"R", struct.pack(">I", 10) + b"SCRAM-SHA-256\0\0"))
    _, body = ask(stream)
    nonce = body.split(b"r=")[1]
    connection.sendall(message(b"R", struct.pack(">I", 11) + b"r=" + nonce + b"more,s=c2FsdHNhbHQ=,i=2147483647"))
    while True:
        ask(stream)


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    connection, _ = listener.accept()
    stream = connection.makefile("rb")
    try:
        start(stream, connection)
        {"copy": copy, "rounds": rounds, "silent": lambda stream, _: stream.read()}[sys.argv[1]](stream, connection)
    except (EOFError, ConnectionError):
        connection.close()
