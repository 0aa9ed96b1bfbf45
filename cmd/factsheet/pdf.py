# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a PDF of the page of a factsheet, in a process of its own (pdf.c).

Says the version of WeasyPrint, then answers each message with one: its length (u64,
big endian) and its bytes.  The page comes from us and refers to nothing; should it,
nothing is fetched.
"""

import ctypes
import ctypes.util
import logging
import struct
import sys
import tempfile

PR_SET_DUMPABLE = 4


def receive():
    head = sys.stdin.buffer.read(8)
    if len(head) < 8:
        sys.exit(0)
    (length,) = struct.unpack(">Q", head)
    data = sys.stdin.buffer.read(length)
    if len(data) < length:
        sys.exit(0)
    return data


def send(data):
    sys.stdout.buffer.write(struct.pack(">Q", len(data)) + data)
    sys.stdout.buffer.flush()


def refuse(url, *args, **kwargs):
    raise ValueError("nothing is fetched")


def main():
    # figures come here that nobody else of this machine is to look at
    if ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        sys.exit(1)
    logging.disable(logging.CRITICAL)
    # it would start compilers and linkers; the names of the libraries do as well
    ctypes.util.find_library = lambda name: None
    # for fonts of a page, which ours has none of: no file is written here
    tempfile.mkdtemp = lambda *args, **kwargs: "/nonexistent"
    import weasyprint

    variant = "variant" if int(weasyprint.__version__.split(".")[0]) < 59 else "pdf_variant"
    send(weasyprint.__version__.encode())
    while True:
        page = receive().decode()
        html = weasyprint.HTML(string=page, url_fetcher=refuse)
        send(html.write_pdf(**{variant: "pdf/ua-1"}))


main()
