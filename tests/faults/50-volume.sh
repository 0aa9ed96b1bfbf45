#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A large import in one transaction: memory stays small, and nothing is lost.
# MK_LONG: 100,000 rows, else 2,000.
# store: files: what one transaction of a file costs; a server: tests/pg
set -u
# shellcheck source=tests/faults/kit.sh
. "$MK_SRC/tests/faults/kit.sh"
n=2000 mebibytes=96
[ "${MK_LONG:-}" = 1 ] && n=100000 mebibytes=192
new_vault

# Invented dossiers, a third of them with a duty, in the manner of the demo file.
rows() {
    awk -v n="$1" 'BEGIN {
        srand(7)
        split("KDV BSO VGO GOB", care); split("SI PG FG OV", other); split("OUD HOU MED GGD", who)
        print "ref,received,channel,reporter,sector,care_type,category,accused,victim_minor," \
            "in_care,qualification,occurred,contact,direct,verdict,verdict_date,outcome,closed"
        for (i = 1; i <= n; i++) {
            day = sprintf("%d-%02d-%02d", 2018 + int(rand() * 3), 1 + int(rand() * 12), 1 + int(rand() * 28))
            head = "v-" i "," day ",TEL," who[1 + int(rand() * 4)] ",KO," care[1 + int(rand() * 4)]
            if (i % 3 == 0)
                print head ",SM,MW,J,J,XIV," day "," day ",J,GEEN," day ",OVD,2021-01-15"
            else
                print head "," other[1 + int(rand() * 4)] ",KD,J,J,GEEN," day ",,,,,ADV,2021-01-15"
        }
    }'
}
rows "$n" >"$MK_TMP/rows.csv"
measured() { # the highest memory in KiB and the seconds, in $MK_TMP/cost
    python3 -c '
import resource, subprocess, sys, time
began = time.monotonic()
p = subprocess.run(sys.argv[2:], pass_fds=(8,))
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
open(sys.argv[1], "w").write("%d %d" % (peak / 1024, time.monotonic() - began))
sys.exit(p.returncode if p.returncode >= 0 else 1)' "$MK_TMP/cost" "$@"
}
import() {
    measured "$mk" -k "$kluis" -g inspecteur1 --passphrase-fd 8 invoer "$MK_TMP/rows.csv" \
        8<<<"$(word inspecteur1)"
}
claim "$n rows are imported in one transaction" status 0 import
read -r peak took <"$MK_TMP/cost"
echo "# it took $took s"
if sanitized; then
    echo "skip - it needed less than $mebibytes MiB: a sanitizer keeps what was freed"
else
    claim "it needed less than $mebibytes MiB ($peak)" [ "$peak" -lt "$mebibytes" ]
fi
claim "all are there and the log verifies" sound
claim "as many as the file has" [ "$(wc -l <"$MK_TMP/tags")" -eq "$n" ]
again() { status 2 import && [ "$(tags | wc -l)" -eq "$n" ]; }
claim "a second time every row is refused and nothing is added" again
