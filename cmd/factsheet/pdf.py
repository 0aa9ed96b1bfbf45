# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a PDF of the page of a factsheet, in a process of its own (pdf.c).

Says the version of WeasyPrint, takes the page and answers with the PDF.  A message is
its length (u64, big endian) and its bytes.  The page comes from us and refers to nothing; should it,
nothing is fetched.
"""

import ctypes
import ctypes.util
import gc
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


# ---- what WeasyPrint 57 and 58 do slowly ----


class Whole(str):
    """A text of a chart that is laid out at once: they go through it letter by letter."""

    def __iter__(self):
        yield str(self)


def draw_whole_texts(node_class):
    node_class.text = property(lambda node: node._etree_node.text and Whole(node._etree_node.text))


# ---- what they leave out of the tags ----


def text_of(element):
    return " ".join("".join(element.itertext()).split())


def note_figures(stream_class):
    """Marks the pictures of a chart as one figure; gives its texts as they are drawn."""
    texts = []
    begin = stream_class.begin_marked_content

    def begin_marked_content(self, box, mcid=False, tag=None):
        element = box.element
        if mcid and tag is None and element is not None and element.get("class") == "parts":
            tag = "Figure"
            if not any(tag == "Figure" and box.element is element for tag, box in self.marked):
                said = [node for node in element.iter() if node.tag.split("}")[-1] in ("title", "desc")]
                texts.append(". ".join(map(text_of, said)))
        begin(self, box, mcid, tag)

    stream_class.begin_marked_content = begin_marked_content
    return texts


def complete_tags(pdf, texts):
    """What each figure shows, and whether a heading is that of a row or a column."""
    import pydyf

    elements = {o.reference: o for o in pdf.objects if isinstance(o, pydyf.Dictionary) and o.get("Type") == "/StructElem"}
    figures = [e for e in elements.values() if e["S"] == "/Figure"]
    for figure, text in zip(figures, texts if len(figures) == len(texts) else []):
        figure["Alt"] = pydyf.String(text)
    for element in elements.values():
        if element["S"] == "/TH":
            part = elements[elements[element["P"]]["P"]]
            scope = "/Column" if part["S"] == "/THead" else "/Row"
            element["A"] = pydyf.Dictionary({"O": "/Table", "Scope": scope})


def main():
    # figures come here that nobody else of this machine is to look at
    if ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        sys.exit(1)
    logging.disable(logging.CRITICAL)
    # it would start compilers and linkers; the names of the libraries do as well
    ctypes.util.find_library = lambda name: None
    # for fonts of a page, which ours has none of: no file is written here
    tempfile.mkdtemp = lambda *args, **kwargs: "/nonexistent"
    # the process ends with its page: nothing is worth looking for
    gc.disable()
    import weasyprint

    old = int(weasyprint.__version__.split(".")[0]) < 59
    options = {"variant" if old else "pdf_variant": "pdf/ua-1"}
    if old:
        from weasyprint.pdf.stream import Stream
        from weasyprint.svg import Node

        draw_whole_texts(Node)
        texts = note_figures(Stream)
        options["finisher"] = lambda document, pdf: complete_tags(pdf, texts)
    send(weasyprint.__version__.encode())
    page = receive().decode()
    html = weasyprint.HTML(string=page, url_fetcher=refuse)
    send(html.write_pdf(**options))


main()
