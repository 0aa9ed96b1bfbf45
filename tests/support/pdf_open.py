# SPDX-License-Identifier: GPL-3.0-or-later
"""pdf_open.py FILE: what its objects say, wherever a maker of PDFs has packed them."""

import re
import sys
import zlib

with open(sys.argv[1], "rb") as file:
    whole = file.read()
sys.stdout.buffer.write(whole)
for start in re.finditer(rb"stream\r?\n", whole):
    try:
        sys.stdout.buffer.write(b"\n" + zlib.decompressobj().decompress(whole[start.end():]))
    except zlib.error:
        pass  # not packed, or not this way
