#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""gate.py FOLDER VERB OPTION...: plays the publication gate for scenarios.

Started by meldkluis in the place of meldkluis-factsheet. It has no environment, so
FOLDER/mode says how it behaves; what it was told goes to FOLDER/args,
FOLDER/section-N-NAME and FOLDER/decision. It speaks the frame of reports/gate.h and
makes a record out of the cubes it got, no figures."""

import os
import signal
import sys
import time
from pathlib import Path

HERE, VERB, OPTIONS = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
MODE = (HERE / "mode").read_text().strip() if (HERE / "mode").exists() else ""


def fail(status, text):
    print(f"gate: {text}", file=sys.stderr)
    sys.exit(status)


def option(name, default=None):
    return OPTIONS[OPTIONS.index(name) + 1] if name in OPTIONS else default


def read_sections(down):
    first = down.readline()
    if first == b"meldkluis-gate: none\n":
        (HERE / "none").touch()
        sys.exit(1)
    if first != b"meldkluis-gate: 1\n":
        fail(2, f"the first line is {first!r}")
    sections = []
    while True:
        line = down.readline()
        if line == b"end\n":
            return sections
        word, name, length = line.decode().split(" ")
        data = down.read(int(length))
        if word != "section" or len(data) != int(length) or down.read(1) != b"\n":
            fail(2, f"a section that is none: {line!r}")
        sections.append((name, data))


def header(cube):
    """Keys of a cube's header; the last one of those that repeat."""
    head = cube.decode().split("\n\n")[0]
    return dict(line.split(": ", 1) for line in head.splitlines())


def record(sections):
    years = {}
    heads = [header(data) for name, data in sections if name == "cube"]
    for head in heads:
        for year in head["years"].split():
            years[int(year)] = head["position"]
    name, positions = option("--release"), [years[y] for y in sorted(years)]
    if MODE == "other-name":
        name += "x"
    if MODE == "other-position":
        positions[0] = "1"
    kind = "table" if "--table" in OPTIONS else \
        "revision" if "--revise" in OPTIONS else "factsheet"
    text = (f"meldkluis-release: 1\nname: {name}\nkind: {kind}\n"
            f"years: {' '.join(map(str, sorted(years)))}\n"
            f"positions: {' '.join(positions)}\nbasis: {heads[0]['basis']}\n"
            f"audience: {option('--audience')}\n"
            f"threshold: {option('--threshold', '5')}\nmethod: suppress\n\n"
            '{"figures": []}\n').encode()
    if MODE == "bad-head":
        text = text.replace(b"kind: ", b"sort: ")
    return text


def decide(down):
    """Hands the record up and waits; ends the program unless it is registered."""
    decision = down.readline()
    (HERE / "decision").write_bytes(decision or b"(end)")
    if decision != b"commit\n":
        sys.exit(1)
    if MODE == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if MODE == "disk":
        fail(1, "no room for the files")


def hand_up(text, down):
    if MODE == "wait":
        (HERE / "ready").touch()
        while not (HERE / "go").exists():
            time.sleep(0.05)
    frame = b"record %d\n%s\n" % (len(text), text)
    if MODE == "garbage":
        frame = b"record x\n"
    if MODE == "too-long":
        frame = b"record 16777217\n"
    if MODE == "half":
        frame = frame[:40]
    os.write(3, frame)
    if MODE == "kill-parent":
        os.kill(os.getppid(), signal.SIGKILL)
    os.close(3)
    decide(down)


def main():
    for old in HERE.glob("section-*"):
        old.unlink()
    (HERE / "args").write_text("\n".join([VERB, *OPTIONS]) + "\n")
    (HERE / "fds").write_text(" ".join(sorted(os.listdir("/proc/self/fd"))))
    (HERE / "decision").unlink(missing_ok=True)
    if MODE == "deaf":
        fail(2, "no such option")
    down = sys.stdin.buffer
    if VERB == "tables":  # figures as they are: one cube without a frame
        (HERE / "cube").write_bytes(down.read())
        return
    sections = read_sections(down)
    for number, (name, data) in enumerate(sections, 1):
        (HERE / f"section-{number}-{name}").write_bytes(data)
    if MODE == "refuse":
        fail(6, "one cell gives somebody away")
    if option("--release") and MODE != "no-record":
        hand_up(record(sections), down)
    out = option("--out")
    if out:
        Path(out).mkdir(exist_ok=True)
        (Path(out) / "factsheet.csv").write_text("table\n")
    else:
        print("figures")


main()
