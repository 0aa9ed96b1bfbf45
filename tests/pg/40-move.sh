#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A vault that has everything goes from a folder to a server and back: nothing is lost on
# the way, whoever is killed, and there are never two that live.
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
# shellcheck source=tests/support/pg.sh
. "$MK_SRC/tests/support/pg.sh"
on() { export MELDKLUIS_TEST_TIME=$1; }
says() { grep -q -- "$1" "$output" "$errors"; }
folder=$XDG_DATA_HOME/meldkluis/kluis
here() { export MELDKLUIS=$1; } # where everybody works from now on
database() { pg_database run "$1" && pg_url run "$1"; }

# ---- a vault that has everything ------------------------------------------------------
on 2018-12-01
unset MELDKLUIS
new_vault
ends 0 '' bo log termijn 60
received=2018-11-05
report label=weg && gone=$tag && ends 0 '' ilse intrek "$gone" --form - < <(form reason=VRZ)
ends 0 '' bo vernietig regel --item 'post 12.3' --maanden 24 --kopieen-dagen 30
size() { as aad log controleer --json && json 'print(d["log_size"])'; }
brought() { # COUNT: an import of one entry a row
    {
        echo ref,received,channel,reporter,sector,care_type,category,accused,victim_minor,in_care,qualification,occurred
        for ((row = 0; row < $1; row++)); do echo "k$1-$row,2018-11-15,TEL,OUD,KO,BSO,SM,MW,J,J,XIV,2018-10"; done
    } >"$MK_TMP/rows.csv"
    ends 0 '' ilse invoer "$MK_TMP/rows.csv"
}
filled() { # a session ends at 256: an edge for the pruning
    local before at
    before=$(size) && brought 5 && at=$(size) && brought $((256 - at - (at - before - 2 - 5))) && [ "$(size)" -eq 258 ]
}
claim "a log of some length is made" filled
on 2021-03-02
ends 0 '' ilse vernietig voorstel "$gone" --json && number=$(json 'print(d["proposals"][0]["number"])')
ends 0 '' bo vernietig akkoord "$number"
ends 0 '' ilse vernietig uitvoer
received=2021-02-05
report label=geheim && shut=$tag
ends 0 '' ilse beperk "$shut" --aan ilse
ends 0 '' ana factsheet --jaren 2018-2020 --vrijgave eerste --uit "$MK_TMP/eerste"
witness() { # cosigns what there is; a note of it lies beside the vault from then on
    local machine=$MK_TMP/getuige
    mkdir -p "$machine" && as aad log uitvoer "$MK_TMP/uit" || return 1
    outside() { HOME=$machine XDG_STATE_HOME='' XDG_DATA_HOME='' "$meldkluis" log getuige "$@" --passphrase-fd 3 3< <(phrase wim) >"$output" 2>"$errors"; }
    outside sleutel getuige.voorbeeld/wim && head -n 1 "$output" >"$MK_TMP/wim.vkey" && as bo log getuige vertrouw "$MK_TMP/wim.vkey" &&
        as aad log uitvoer "$MK_TMP/uit" && outside teken "$MK_TMP/uit" && as ana log getuige neem "$MK_TMP"/uit/witness-*.note
}
claim "a vault has people, dossiers, releases, a witness" witness
on 2024-06-02
pruned() { as aad log lijst && as ilse lijst && as bo log opschonen --json && json 'assert d["removed"] == 256, d'; }
claim "and a log that was pruned" pruned
ends 0 '' ivo nood vraag "$shut" --waarom GEV --uren 72 && asked=$(cat "$output")
ends 0 '' bo nood geef "$asked" && ends 0 '' bea nood geef "$asked"
"$meldkluis" -g ilse --passphrase-fd 3 lijst 3< <(phrase niemand) >/dev/null 2>&1

# what WHERE: what it is to those who use it, in a folder
what() {
    steps "$1" || { cat "$errors" && return 1; }
}
steps() {
    mkdir "$1" && as aad log controleer --json && json 'print({k: d[k] for k in ("dossiers", "events", "destroyed", "pruned", "statistics", "registers")})' >"$1/facts" &&
        as ana factsheet --jaren 2018-2020 --intern --format csv --uit "$1/sheet" && rm -f "$1/sheet/release.json" &&
        as ana vrijgave toon eerste --uit "$1/release" && rm -f "$1/release/release.json" &&
        as ilse lijst --alle --doel CTL --json && cp "$output" "$1/list" &&
        as ilse toon "$shut" --uit "$1/shut" && as ilse toon "$gone" --uit "$1/gone" &&
        as ivo toon "$shut" --doel NOOD --uit "$1/emergency" && as bo log getuige toon --json && json 'print(d["witnesses"])' >"$1/witnesses" &&
        as aad log uitvoer "$1/log" && "$MK_BUILD/meldkluis-verify" "$1/log" </dev/null >/dev/null 2>"$errors"
}
# same ONE OTHER: so are they to the byte; the log of the other goes on behind it
same() {
    local file bad=''
    diff -r -x log "$1" "$2" || return 1
    while read -r file; do
        case $file in checkpoint | *.p/* | members* | manifest*) continue ;; esac
        cmp -n "$(stat -c %s "$1/log/$file")" "$1/log/$file" "$2/log/$file" || bad=1
    done < <(cd "$1/log" && find . -type f -printf '%P\n')
    [ -z "$bad" ]
}
lives() { as ilse --kluis "$1" lijst; }
one_place() { # A B: at most one of them
    if lives "$1" && lives "$2"; then echo "both live" && return 1; fi
}

# ---- there ----------------------------------------------------------------------------
claim "what it is can be told" what "$MK_TMP/a"
url=$(database move_one)
rehearsed() { ends 0 '' bo verhuis "$url" --proef --json && json 'assert not d["saved"] and d["destroyed"] == 1 and d["pruned"] > 0' && lives "$folder"; }
claim "a rehearsal proves it, and leaves it" rehearsed
claim "an inspector moves nothing" ends 3 'bewaarder' ilse verhuis "$url"
claim "a place is wanted" ends 2 'plaats' bo verhuis
claim "what does not move is not taken back" ends 1 'verhuist niet' bo verhuis --terug
public() { echo "${1/\/\/*@/\/\/}"; } # URL: without the name of a user, which is each one's own
moved() { ends 0 '' bo verhuis "$url" && says 'vault.db keyring retention' && says "$url"; }
claim "a custodian moves it to a server" moved
claim "who comes to the folder is told where it is" ends 1 "verhuisd, of verhuist nu, naar $(public "$url")" ilse lijst
told() { as ilse dokter; grep -q "LET OP.*verhuisd naar $(public "$url")" "$output"; }
claim "dokter, too" told
claim "it is not taken back any more" ends 1 'staat al heel' bo verhuis --terug
repeated() { ends 0 '' bea verhuis "$url" --json && json 'assert d["there"]'; }
claim "repeated, it finds itself" repeated
here "$url"
claim "people work on the server" what "$MK_TMP/b"
claim "nothing is another, to the byte" same "$MK_TMP/a" "$MK_TMP/b"
other() { MELDKLUIS=$MK_TMP/ander new_vault && ends 1 'staat iets anders' bo --kluis "$MK_TMP/ander" verhuis "$url" && as ilse --kluis "$MK_TMP/ander" lijst; }
claim "another vault does not come there, and stays what it is" other
claim "who worked there is not told that the folder is an old copy" ends 1 'verhuisd' bo --kluis "$folder" verhuis "$url"
ahead() { XDG_STATE_HOME=$MK_TMP/elders ends 0 '' bo --kluis "$folder" verhuis "$url" --json && json 'assert d["there"] and d["ahead"]'; }
claim "who did not sees that somebody has worked there" ahead

# ---- and back -------------------------------------------------------------------------
claim "back to a folder where the old one lies is refused" ends 1 'staat iets anders' bo verhuis "$folder"
again=$MK_TMP/terug
back() { ends 0 '' bea verhuis "$again" --json && json 'assert d["saved"] and d["dossiers"] > 200 and d["pruned"] == 256'; }
claim "it goes back to a folder" back
claim "who comes to the server is told" ends 1 "naar $again" ilse lijst
here "$again"
claim "people work in the folder" what "$MK_TMP/c"
claim "nothing is another after both ways" same "$MK_TMP/a" "$MK_TMP/c"

# ---- who is killed, and who comes at the same time -------------------------------------
# killed AFTER PLACE: a move that is cut off so many seconds after it began
killed() {
    "$meldkluis" --gebruiker bo --passphrase-fd 3 verhuis "$2" 3< <(phrase bo) >/dev/null 2>&1 &
    local pid=$!
    sleep "$1"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
}
finished() { # FROM TO
    one_place "$1" "$2" && ends 0 '' bea verhuis "$2" && ! lives "$1" && as aad --kluis "$2" log controleer --json && json 'assert d["intact"]' &&
        [ -z "$(find "$MK_TMP" -maxdepth 1 -name '*.verhuis-*')" ]
}
began=$(date +%s%N)
as bo log controleer || not_ok "a verification" "$(cat "$errors")"
took=$((($(date +%s%N) - began) / 1000000)) # milliseconds; a move takes about thrice that
rounds=1
[ -z "${MK_LONG:-}" ] || rounds=16
seconds() { printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)); } # MILLISECONDS
round() { # NUMBER: there and back, killed at some moment each time
    local at place
    place=$(database "move_k$1") || return 1
    at=$((took * 3 * (2 * $1 + 1) / (2 * rounds)))
    killed "$(seconds "$at")" "$place"
    finished "$MELDKLUIS" "$place" || return 1
    here "$place"
    killed "$(seconds $((at + took / 3)))" "$MK_TMP/k$1"
    finished "$MELDKLUIS" "$MK_TMP/k$1" || return 1
    here "$MK_TMP/k$1"
}
killings() { for ((n = 0; n < rounds; n++)); do round "$n" || return 1; done; }
if killings >"$MK_TMP/said" 2>&1; then # not in a shell of its own: it goes on where the vault is
    ok "killed anywhere, the same command finishes it, and never two live"
else
    not_ok "killed anywhere, the same command finishes it, and never two live" "$(cat "$MK_TMP/said" "$errors")"
fi

url=$(pg_database run move_two && pg_url run move_two inspecteur) # who uses a vault need not be allowed to erase
two() {
    as_one() { "$meldkluis" --gebruiker "$1" --passphrase-fd 3 verhuis "$url" 3< <(phrase "$1") >"$MK_TMP/$1.out" 2>&1; }
    as_one bo & local one=$!
    as_one bea & local other=$!
    local a b
    wait "$one"; a=$?
    wait "$other"; b=$?
    [ "$a" -eq 0 ] || [ "$b" -eq 0 ] || { cat "$MK_TMP"/bo.out "$MK_TMP"/bea.out && return 1; }
    finished "$MELDKLUIS" "$url"
}
claim "two who move it at once bring it to one place" two
here "$url"

writer() { # writes until it is told to go; the number of notes that were saved
    local n=0
    while [ "$n" -lt 5000 ] && "$meldkluis" --gebruiker ilse --passphrase-fd 3 notitie "$shut" --form <(form narrative="notitie $n") 3< <(phrase ilse) >"$MK_TMP/writer" 2>&1; do
        n=$((n + 1))
        echo "$n" >"$MK_TMP/written"
    done
}
notes() { as ilse --kluis "$1" toon "$shut" --uit "$MK_TMP/notes" && grep -c 'notitie [0-9]' "$MK_TMP/notes"; rm -f "$MK_TMP/notes"; }
written() {
    writer & local pid=$!
    until [ -s "$MK_TMP/written" ]; do sleep 0.05; done
    ends 0 '' bo verhuis "$last" || return 1
    wait "$pid"
    cat "$MK_TMP/writer" "$MK_TMP/written"
    grep -q "verhuist nu, naar $last" "$MK_TMP/writer" && finished "$MELDKLUIS" "$last" &&
        [ "$(notes "$last")" -eq "$(cat "$MK_TMP/written")" ]
}
last=$MK_TMP/laatste
claim "who writes meanwhile loses nothing, and is told where to go" written
here "$last"

# ---- who only says that it moved ------------------------------------------------------
forged() { # by an account that may write documents, where the vault was
    local there=postgresql://kwaad.example/kluis
    "$pg_bin/psql" -X -q -h "$(pg_socket run)" -U inspecteur -d move_two -c "UPDATE meldkluis.document SET body =
        convert_to(E'meldkluis-moved: 2\\nstate: moving\\nto: $there\\nstore: ${zeros:0:32}\\nhead: 1 $zeros\\ntime: 1\\nby: ${zeros:0:32}\\nsign: $zeros$zeros\\n', 'UTF8') WHERE name = 'moved'" || return 1
    ends 4 "zonder geldige handtekening" ilse --kluis "$url" lijst && as ilse --kluis "$url" dokter
    grep -q "LET OP.*niet ondertekend: verhuist naar $there" "$output"
}
zeros=$(printf '0%.0s' {1..64})
claim "a move that no custodian signed sends nobody anywhere" forged
claim "in the end people work as before" ends 0 '' ilse lijst --alle --doel CTL
