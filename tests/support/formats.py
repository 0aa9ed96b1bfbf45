#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""formats.py agree|hostile FOLDER: is every format of a factsheet the same sheet?

FOLDER holds the files of all formats, and what other programs made of some of them:
others/factsheet.fods (LibreOffice's own writing of factsheet.fods), others/*.md.html
(what a reader of CommonMark makes of factsheet.md, with tables and plain) and read.json
(what tests/node/read_data.mjs read from factsheet.jsonstat.json, and from factsheet.csv
by its metadata).

agree: each format has each cell of factsheet.csv, with value, mark and bounds; each says
the release and as of when. hostile: the texts of factsheet.json are found as text in every
format, nothing has become a formula, markup or a line of its own. Prints what is wrong."""

import csv
import json
import re
import sys
import unicodedata
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

NO_END = 1000000000
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
problems = []


def wrong(*words):
    problems.append(" ".join(str(w) for w in words))


# ---- cells: (table, year, care type, category, measure) -> (value, mark, lo, hi) ----

def figure(text):
    """A cell as people read it."""
    text = text.strip()
    if text in ("NR", "NA"):
        return (None, text, None, None)
    if m := re.fullmatch(r"x \((\d+)(?:[-\u2013](\d+)|\+)\)", text):
        return (None, "x", int(m[1]), int(m[2]) if m[2] else NO_END)
    if not re.fullmatch(r"\d{1,3}([.,]\d{3})*", text):
        raise ValueError(f"{text!r} is no cell")
    return (int(re.sub("[.,]", "", text)), "", None, None)


class Cells(dict):
    """The cells of a format, and how its tables name measures."""

    def __init__(self, name, measures):
        super().__init__()
        self.name, self.measures = name, measures

    def put(self, key, cell):
        if key in self:
            wrong(self.name, "has", key, "twice")
        self[key] = cell

    def line(self, table, year, heads, code, measure, texts):
        """A line of a table as it is laid out; year is None where years are across."""
        if len(texts) != len(heads):
            wrong(self.name, table, code, "has", len(texts), "cells, not", len(heads))
        for head, text in zip(heads, texts):
            cell = text if isinstance(text, tuple) else figure(text)
            if table == "F3":
                self.put((table, year, head, code, "dossiers"), cell)
            elif table == "F7":
                self.put((table, head, code, "", "dossiers"), cell)
            else:
                self.put((table, head, "", code, self.measures.get(measure, "dossiers")), cell)


def number(text):
    return int(text) if text else None


def from_csv(rows, name):
    cells = Cells(name, {})
    for r in rows:
        if r["unit"] != "dossier":
            wrong(name, "has unit", r["unit"])
        cells.put((r["table"], r["year"], r["care_type"], r["category"], r["measure"]),
                  (number(r["value"]), r["mark"], number(r["lo"]), number(r["hi"])))
    return cells


def from_json(sheet):
    cells = Cells("json", {})
    for t in sheet["tables"]:
        for c in t["cells"]:
            cells.put((t["table"], c["year"], c["care_type"], c["category"], c["measure"]),
                      (c["value"], c["mark"], c["lo"], c["hi"]))
    return cells


def from_text(text, measures):
    cells = Cells("text", measures)
    for section in re.split(r"\n\n\n(?=F\d  )", text)[1:]:
        table, year, heads, code = section[:2], None, [], ""
        for line in section.split("\n\n\n")[0].split("\n")[2:]:
            parts = re.split(r" {2,}", line.strip())
            if not line.strip():
                continue
            if re.match(r" {8,}\d{4}", line) or (table == "F3" and re.match(r" {4}\d{4}", line)):
                year, heads = (parts[0], parts[1:]) if table == "F3" else (None, parts)
            elif len(parts) == 2 and table in ("F4", "F5"):
                code = parts[0]
            elif table in ("F1", "F4", "F5"):
                cells.line(table, year, heads, code, parts[0], parts[1:])
            else:
                cells.line(table, year, heads, parts[0], None, parts[2:])
    return cells


LEADS = {"F1": 1, "F4": 3, "F5": 3}  # columns before the figures; else 2


def code_of(head):
    """F3 in Markdown: "day care (KDV)"."""
    return re.sub(r".*\((\w+)\)$", r"\1", head)


def from_markdown(text, measures):
    cells = Cells("markdown", measures)
    table = year = heads = None
    for line in text.split("\n"):
        if m := re.match(r"## (F\d|N|M|\w+)\b", line):
            table, year, heads = m[1], None, None
        elif m := re.match(r"### (\d{4}\S*)$", line):
            year, heads = m[1], None
        elif line.startswith("|") and table and table.startswith("F"):
            parts = [p.strip() for p in re.split(r"(?<!\\)\|", line)[1:-1]]
            lead = LEADS.get(table, 2)
            if heads is None:
                heads = [code_of(h) for h in parts[lead:]]
            elif not parts[0].startswith(":"):
                cells.line(table, year, heads, "" if lead == 1 else parts[0], parts[lead - 1],
                           parts[lead:])
    return cells


class Shown(HTMLParser):
    """The Markdown as a reader of CommonMark shows it: only what we wrote is markup."""

    OURS = {"h1", "h2", "h3", "p", "ul", "ol", "li", "strong", "table", "thead", "tbody", "tr",
            "th", "td"}

    def __init__(self, name, text):
        super().__init__()
        self.name = f"markdown of cmark-gfm ({name})"
        self.words, self.tables, self.heading, self.cell = [], [], {}, None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag not in self.OURS or {k for k, _ in attrs} - {"align", "start"}:
            wrong(self.name, "shows markup:", tag, attrs)
        if tag != "strong":
            self.words.append("\n")
        if tag in ("h1", "h2", "h3"):
            self.heading = {k: v for k, v in self.heading.items() if k < tag}
            self.heading[tag] = self.cell = [""]
        elif tag == "table":
            self.tables.append((self.heading, []))
        elif tag == "tr":
            self.tables[-1][1].append([])
        elif tag in ("th", "td"):
            self.cell = [""]
            self.tables[-1][1][-1].append(self.cell)

    def handle_endtag(self, tag):
        if tag in ("h1", "h2", "h3", "th", "td"):
            self.cell = None

    def handle_data(self, data):
        self.words.append(data)
        if self.cell:
            self.cell[0] += data

    def handle_comment(self, data):
        wrong(self.name, "has a comment:", data)

    def handle_decl(self, decl):
        wrong(self.name, "has a declaration:", decl)

    def handle_pi(self, data):
        wrong(self.name, "has an instruction:", data)

    def rows(self):
        """Table, year, and rows of texts, each as wide as its head."""
        for heading, rows in self.tables:
            texts = [[cell[0].strip() for cell in row] for row in rows]
            table = heading["h2"][0].split()[0]
            if any(len(row) != len(texts[0]) for row in texts):
                wrong(self.name, table, "has a row of another width")
            yield table, heading.get("h3", [None])[0], texts


def from_shown(shown, measures):
    cells = Cells(shown.name, measures)
    for table, year, rows in shown.rows():
        lead = LEADS.get(table, 2)
        for row in rows[1:] if table.startswith("F") else []:
            cells.line(table, year, [code_of(h) for h in rows[0][lead:]],
                       "" if lead == 1 else row[0], row[lead - 1], row[lead:])
    return cells


def sheets(path):
    """Sheets of a spreadsheet: name -> rows of cells, text or a whole number."""
    def cell(c):
        text = "\n".join("".join(p.itertext()) for p in c.findall(TEXT + "p"))
        if any(k.endswith("}formula") for k in c.attrib) or c.get(OFFICE + "value-type") not in (
                None, "string", "float"):
            wrong(path.name, "has a cell that is neither text nor number:", c.attrib, text[:80])
        if c.get(OFFICE + "value-type") != "float":
            return text
        return (int(float(c.get(OFFICE + "value"))), "", None, None)

    out = {}
    for t in ET.parse(path).getroot().iter(TABLE + "table"):
        rows = []
        for r in t.iter(TABLE + "table-row"):
            row = []
            for c in r.findall(TABLE + "table-cell"):
                row += [cell(c)] * min(int(c.get(TABLE + "number-columns-repeated", "1")), 64)
            while row and row[-1] == "":
                row.pop()
            rows.append(row)
        out[t.get(TABLE + "name")] = rows
    return out


def from_sheets(book, name, measures):
    cells = Cells(name, measures)
    for table, rows in book.items():
        if not re.fullmatch(r"F\d", table):
            continue
        lead = {"F1": 1, "F3": 3, "F4": 3, "F5": 3}.get(table, 2)
        rows = rows[5:] if table == "F3" else rows[4:]
        heads = rows[0][lead:]
        for row in rows[1:]:
            if not row:
                continue
            marked = [c if isinstance(c, tuple) else figure(c) for c in row[lead:]]
            if any(isinstance(c, str) and re.fullmatch(r"[\d.,]+", c) for c in row[lead:]):
                wrong(name, table, "has a number that is text:", row)
            year = row[0] if table == "F3" else None
            code = "" if table == "F1" else row[1] if table == "F3" else row[0]
            cells.line(table, year, heads, code, row[lead - 1], marked)
    return cells


class Page(HTMLParser):
    """Tables of the page, rows of (text, code, class)."""

    def __init__(self):
        super().__init__()
        self.tables, self.row, self.cell, self.code = {}, None, None, False
        self.rows, self.words, self.tags, self.caption = [], [], set(), None
        self.style = False

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.add(tag)
        if tag not in ("a", "abbr", "b", "span", "strong"):
            self.words.append("\n")
        for key, value in attrs.items():
            if key.startswith("on") or "javascript:" in (value or "") and key in ("href", "src"):
                wrong("html has the attribute", key, value)
        if tag == "caption":
            self.caption = attrs["id"]
            self.rows = self.tables[self.caption] = []
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.cell = ["", "", attrs.get("class", ""), attrs.get("scope", "")]
            self.rows[-1].append(self.cell)
        elif tag == "span" and self.cell:
            self.code = attrs.get("class") == "code"
        elif tag == "style":
            self.style = True

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.cell = None
        elif tag == "span":
            self.code = False
        elif tag == "style":
            self.style = False

    def handle_data(self, data):
        if not self.style:
            self.words.append(data)
        if self.cell:
            self.cell[1 if self.code else 0] += data


def from_page(page, measures):
    cells = Cells("html", measures)
    for caption, rows in page.tables.items():
        table = caption[:2]
        if not re.fullmatch(r"F\d-\d+", caption):
            continue
        across = [h[1] or ("TOT" if h[2] == "total" else h[0].strip()) for h in rows[0][1:]]
        year, code = None, ""
        if table == "F3":
            year = cells_year(page, caption)
        for row in rows[1:]:
            named = row[0][1] or ("TOT" if len(row) == 1 or row[0][0] and table not in (
                "F1", "F4", "F5") else "")
            if row[0][3] == "rowgroup":
                code = named
            elif table in ("F1", "F4", "F5"):
                cells.line(table, year, across, code, row[0][0].strip(), [c[0] for c in row[1:]])
            else:
                cells.line(table, year, across, named, None, [c[0] for c in row[1:]])
    return cells


def cells_year(page, caption):
    """The years of F3 stand in the order of F1's heads."""
    return page.tables["F1-0"][0][1 + int(caption.split("-")[1])][0].strip()


# ---- texts ---------------------------------------------------------------------------

STEERS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain(text):
    """As a document for people may show it."""
    text = re.sub("[\t\n\r\u2028\u2029]", " ", text)
    text = STEERS.sub("", text)
    return "".join(c for c in text if unicodedata.category(c) != "Cc" and
                   ord(c) & 0xfffe != 0xfffe and not 0xfdd0 <= ord(c) <= 0xfdef)


def squeezed(text):
    return re.sub(r"\s+", " ", STEERS.sub("", text)).strip()


def texts_of(sheet, metadata):
    """Every text of the sheet that is not of the program itself."""
    out = [sheet["release"]]
    for t in sheet["tables"]:
        out += [t["title"], t["unit"], *t["categories"].values(), *t["care_types"].values()]
    out += [n["text"] for n in sheet["notes"]] + [n["text"] for n in sheet["summary"]]
    return [t for t in out if t]


def unescaped(markdown):
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for k, v in value.items():
            yield k
            yield from strings(v)
    elif isinstance(value, list):
        for v in value:
            yield from strings(v)


# ---- what is asked ---------------------------------------------------------------------

class Folder:
    def __init__(self, path):
        self.path = path
        read = lambda name: (path / name).read_text(encoding="utf-8")
        with open(path / "factsheet.csv", newline="", encoding="utf-8") as f:
            self.rows = list(csv.DictReader(f, strict=True))
        self.sheet = json.loads(read("factsheet.json"))
        self.release = json.loads(read("release.json"))
        self.metadata = json.loads(read("factsheet.csv-metadata.json"))
        self.jsonstat = json.loads(read("factsheet.jsonstat.json"))
        self.read = json.loads(read("read.json"))
        self.text, self.markdown = read("factsheet.txt"), read("factsheet.md")
        self.own = sheets(path / "factsheet.fods")
        self.office = sheets(path / "others/factsheet.fods")
        self.shown = {name: Shown(name, read(f"others/{name}.md.html"))
                      for name in ("factsheet", "plain")}
        self.page = Page()
        self.page.feed(read("factsheet.html"))
        self.page.close()
        self.measures = {}
        for c in self.metadata["tableSchema"]["columns"]:
            if c["name"] == "measure":
                for concept in c["qb:codeList"]["skos:hasTopConcept"]:
                    for label in concept["skos:prefLabel"]:
                        if label["@language"] == self.sheet["lang"]:
                            self.measures[label["@value"]] = concept["skos:notation"]

    def cells(self):
        m = self.measures
        yield from_json(self.sheet)
        yield from_csv(self.read["csvw"], "csvw")
        yield from_csv(self.read["jsonstat"], "jsonstat")
        yield from_text(self.text, m)
        yield from_markdown(self.markdown, m)
        yield from_shown(self.shown["factsheet"], m)
        yield from_sheets(self.own, "fods", m)
        yield from_sheets(self.office, "fods of LibreOffice", m)
        yield from_page(self.page, m)

    def prose(self):
        """Format and its words as one text, for people or programs."""
        yield "text", squeezed(self.text)
        yield "markdown", squeezed(unescaped(self.markdown))
        for shown in self.shown.values():
            yield shown.name, squeezed("".join(shown.words))
        yield "html", squeezed("".join(self.page.words))
        for name, book in (("fods", self.own), ("fods of LibreOffice", self.office)):
            yield name, squeezed("\n".join(c for rows in book.values() for r in rows
                                           for c in r if isinstance(c, str)))
        for name, root in (("json", self.sheet), ("csvw", self.metadata),
                           ("jsonstat", self.jsonstat)):
            yield name, squeezed(plain("\n".join(strings(root))))


def agree(folder):
    wanted = from_csv(folder.rows, "csv")
    for cells in folder.cells():
        for key in sorted(wanted.keys() | cells.keys()):
            if wanted.get(key) != cells.get(key):
                wrong(cells.name, key, "is", cells.get(key), "and not", wanted.get(key))
    marking, release = folder.sheet["marking"], folder.sheet["release"]
    for name, text in folder.prose():
        for said in [n["text"] for n in folder.sheet["notes"] + folder.sheet["summary"]]:
            if squeezed(said) not in text:
                wrong(name, "does not say", said)
        if release and release not in text.split() and release + "." not in text.split():
            wrong(name, "does not name release", release)
        if marking and marking not in text:
            wrong(name, "is not marked", marking)
        if name not in ("json", "jsonstat") and f"#{folder.sheet['position']}" not in text:
            wrong(name, "does not say the position")
    if folder.jsonstat["extension"]["position"] != folder.sheet["position"]:
        wrong("jsonstat has another position")
    for key in ("release", "data_date", "position", "policy", "marking", "summary", "notes"):
        if folder.release[key] != folder.sheet[key]:
            wrong("release.json has another", key)
    for name, said in (("csvw", folder.metadata["dc:date"]["@value"]),
                       ("jsonstat", folder.jsonstat["extension"]["data_date"])):
        if said != folder.sheet["data_date"]:
            wrong(name, "is as of", said)
    print(len(wanted), "cells")


def hostile(folder):
    texts = [squeezed(plain(t)) for t in texts_of(folder.sheet, folder.metadata)]
    for name, prose in folder.prose():
        for text in texts:
            if text and text not in prose:
                wrong(name, "has lost", repr(text[:80]))
    if made := {"script", "img", "iframe", "object", "form", "link"} & folder.page.tags:
        wrong("html has", made)
    for name in ("factsheet.txt", "factsheet.md", "factsheet.html", "factsheet.fods"):
        raw = (folder.path / name).read_text(encoding="utf-8")
        for c in set(raw):
            if (unicodedata.category(c) == "Cc" and c != "\n") or c in "\u202a\u202b\u202d\u202e\u2066\u2067":
                wrong(name, "holds", repr(c))
        if raw.count("\u2068") != raw.count("\u2069"):
            wrong(name, "leaves an isolate open")
    for line in folder.markdown.split("\n"):
        bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", line)
        if re.search(r"[<>\[\]`~$&_]|://|www\.", bare):
            wrong("markdown is markup:", line[:100])
        if line.startswith("|") and not re.fullmatch(r"\|([^|]*\|)+", bare):
            wrong("markdown has a broken row:", line[:100])
    figures = [t for t, _, rows in folder.shown["factsheet"].rows()
               if t.startswith("F") and all(figure(c) for r in rows[1:]
                                            for c in r[LEADS.get(t, 2):])]
    # F3 once a year
    if len(figures) != len(folder.sheet["tables"]) + len(folder.sheet["years"]) - 1:
        wrong("markdown shows the tables", figures)
    cells = from_csv(folder.rows, "csv")
    for name in ("csvw", "jsonstat"):
        if from_csv(folder.read[name], name) != cells:
            wrong(name, "has other cells")
    for key, other in zip(sorted(cells), sorted(from_json(folder.sheet))):
        if key != other:
            wrong("json has other cells")
    print(len(texts), "texts")


def main():
    what, path = sys.argv[1:]
    {"agree": agree, "hostile": hostile}[what](Folder(Path(path)))
    for problem in problems[:20]:
        print(problem[:300])
    sys.exit(bool(problems))


main()
