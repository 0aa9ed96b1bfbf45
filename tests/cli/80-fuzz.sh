#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Each parser stands its corpus, which has every input that once brought it down, and
# a short row of mutations (make fuzz gives it more time, with sanitizers).
set -u
shopt -s nullglob
seconds=1
[ "${MK_LONG:-}" = 1 ] && seconds=60
for source in tests/fuzz/fuzz_*.c; do
    name=$(basename "$source" .c)
    corpus=(tests/fuzz/corpus/"${name#fuzz_}"/*)
    if output=$("$MK_BUILD/tests/fuzz/$name" "$seconds" 1 "$MK_TMP/last" \
        "${corpus[@]}" 2>&1); then
        echo "ok - $name stands its corpus and $seconds s of mutations"
    else
        echo "not ok - $name stands its corpus and $seconds s of mutations: $output"
        od -A x -t x1z "$MK_TMP/last" | head -n 8
        od -A x -t x1z "$MK_TMP/last" | tail -n 2
    fi
done
