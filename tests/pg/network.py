#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""network.py SERVER DATABASE: intakes through a line that fails, at each message in
turn (MK_LONG), or at those around the commit and some of the others."""

import os
import random
import sys

from kit import LONG, claim
from line import COMMIT, HARMLESS, WORD, Line, judge_all
from proxy import Fault

SEED = int(os.environ.get("SEED") or 20261129)
SUDDEN = ("cut", "torn", "last", "half")


def sample(rng, some, n):
    return some if LONG else rng.sample(some, min(n, len(some)))


def main():
    rng = random.Random(SEED)
    line = Line(*sys.argv[1:])
    seen = line.record()
    everywhere = [[m[:2]] for m in seen]
    print(f"# seed {SEED}; an intake is {len(seen)} messages,"
          f" {sum(m.who == 'client' for m in seen)} of them the client's")
    judge_all(line, "a line that fails at the commit or the word on it",
              [Fault(place, action) for place in (COMMIT, WORD) for action in SUDDEN])
    judge_all(line, "a line that stands still at the commit or the word on it",
              [Fault(place, "stop") for place in (COMMIT, WORD)])
    judge_all(line, "a line that is cut, torn or half closed at any message",
              [Fault(place, action) for place, action in sample(
                  rng, [(p, a) for p in everywhere for a in SUDDEN], 20)])
    judge_all(line, "a line that stands still at any message ends at the deadline",
              [Fault(place, "stop") for place in sample(rng, everywhere, 3)])
    judge_all(line, "a slow line, or one that trickles, is no fault",
              [Fault(place, action) for place, action in sample(
                  rng, [(p, a) for p in everywhere for a in HARMLESS], 6)])
    claim("all that was announced is there once, and the log verifies", line.sound())
    line.close()


if __name__ == "__main__":
    main()
