#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Input and places that nobody should give: each is refused with its status, in bounded
# memory, and nothing was written.
# store: files: folders and files that are not what they seem; a server: tests/pg
set -u
# shellcheck source=tests/faults/kit.sh
. "$MK_SRC/tests/faults/kit.sh"
new_vault
form "label: proef" >"$MK_TMP/form"
as inspecteur1 melding nieuw --form "$MK_TMP/form" >"$MK_TMP/printed" || exit 1
keep base

# refuses SENTENCE STATUS PATTERN COMMAND...: that status, and the list is as it was
refuses() {
    local sentence=$1 wanted=$2 pattern=$3 output before after
    shift 3
    before=$(cat "$MK_TMP/printed")
    if ! output=$(status "$wanted" "$@"); then
        not_ok "$sentence" "$output"
    elif ! grep -qE -- "$pattern" "$MK_TMP/err"; then
        not_ok "$sentence" "no '$pattern' in $(cat "$MK_TMP/err")"
    elif [ -s "$MK_TMP/out" ]; then
        not_ok "$sentence" "it says $(head -c 200 "$MK_TMP/out")"
    elif after=$(tags) && [ "$before" != "$after" ]; then
        not_ok "$sentence" "something was written"
    else
        ok "$sentence"
    fi
}
wrong_word() { "$mk" -k "$kluis" -g inspecteur1 --passphrase-fd 8 lijst 8<<<'helemaal verkeerd'; }
refuses "a wrong passphrase" 3 . wrong_word

# ---- forms -------------------------------------------------------------------------

new() { as inspecteur1 melding nieuw --form -; }
given() { printf '%b' "$1" | new; }
good='received: 2020-03-02\nchannel: TEL\nreporter: OUD\n'
refuses "a form with an unknown key" 2 'regel 4|4' given "${good}kleur: rood\n"
refuses "a form with a bad code" 2 'TEL' given 'received: 2020-03-02\nchannel: FAX\nreporter: OUD\n'
refuses "a form with a bad date" 2 'received' given 'received: 2020-02-30\nchannel: TEL\nreporter: OUD\n'
refuses "a form that is not UTF-8" 2 . given "${good}label: \\0303\\050\n"
refuses "a form with a NUL byte" 2 . given "${good}label: a\\0000b\n"
refuses "a form with a control character in a line" 2 . given "${good}label: a\\0033[2Jb\n"
refuses "a form cut in the middle of a line" 2 . given 'received: 2020-03-02\nchannel: TE'
refuses "a form cut between two lines" 2 'reporter' given 'received: 2020-03-02\nchannel: TEL\n'
refuses "an empty form" 2 . given ''

# ---- much of it: memory stays bounded ------------------------------------------------

# The highest memory of the command, in KiB, in $MK_TMP/peak
measured() { # COMMAND...: run by exec in a shell of its own
    python3 -c '
import resource, subprocess, sys
p = subprocess.run(sys.argv[2:], pass_fds=(8,))
open(sys.argv[1], "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(p.returncode if p.returncode >= 0 else 128 - p.returncode)' "$MK_TMP/peak" "$@"
}
measured_as() {
    local name=$1
    shift
    measured "$mk" -k "$kluis" -g "$name" --passphrase-fd 8 "$@" 8<<<"$(word "$name")"
}
huge_form() {
    { printf 'received: 2020-03-02\nchannel: TEL\nreporter: OUD\nlabel: ' && head -c 1G /dev/zero | tr '\0' 'a'; } |
        measured_as inspecteur1 melding nieuw --form -
}
refuses "a form with a field of 1 GiB" 2 . huge_form
small() { [ "$(cat "$MK_TMP/peak")" -lt 65536 ] || { cat "$MK_TMP/peak" && return 1; }; }
sanitized || claim "it needed less than 64 MiB ($(cat "$MK_TMP/peak") KiB)" small
huge_file() { # a field of 1 GiB, most of the file is a hole
    printf 'ref,received\n"' >"$MK_TMP/huge.csv"
    truncate -s 1G "$MK_TMP/huge.csv"
    printf '",2020-01-01\n' >>"$MK_TMP/huge.csv"
    measured_as inspecteur1 invoer "$MK_TMP/huge.csv"
    local rc=$?
    rm -f "$MK_TMP/huge.csv"
    return $rc
}
refuses "an import file with a field of 1 GiB" 2 . huge_file
sanitized || claim "it needed less than 64 MiB ($(cat "$MK_TMP/peak") KiB)" small
import() { cat >"$MK_TMP/file.csv" && as inspecteur1 invoer "$MK_TMP/file.csv"; }
columns() { seq -s, 10000 | import; }
refuses "an import file with 10,000 columns" 2 . columns
csv() { printf '%b' "$1" | import; }
refuses "an import file with an unknown column" 2 . csv 'ref,received,kleur\na,2020-01-01,rood\n'
refuses "an import file with a NUL byte" 2 . csv 'ref,received\na\0000b,2020-01-01\n'
refuses "an import file that is not UTF-8" 2 . csv 'ref,received\n\0377,2020-01-01\n'
refuses "an import file that ends within quotes" 2 . csv 'ref,received\n"a,2020-01-01\n'
refuses "an empty import file" 2 . csv ''

# ---- the folder of the vault and its files -----------------------------------------------

# The vault is put back after each: what was done to it is not mended.
place() { # SENTENCE STATUS PREPARATION
    local sentence=$1 wanted=$2 output
    shift 2
    "$@" || { not_ok "$sentence" "cannot be prepared" && return; }
    if ! output=$(status "$wanted" as inspecteur1 lijst); then
        not_ok "$sentence" "$output"
    elif [ -s "$MK_TMP/out" ]; then
        not_ok "$sentence" "it shows $(head -c 200 "$MK_TMP/out")"
    else
        ok "$sentence"
    fi
    put_back base
}
place "a vault folder that others may read is refused" 3 chmod 750 "$kluis"
place "a vault folder that others may write is refused" 3 chmod 702 "$kluis"
for file in vault.db keyring retention; do
    place "a file $file that others may read is refused" 3 chmod 644 "$kluis/$file"
    linked() { ln "$kluis/$file" "$MK_TMP/second"; }
    place "a file $file with a second name is refused" 3 linked
    rm -f "$MK_TMP/second"
    pointed() { mv "$kluis/$file" "$MK_TMP/moved" && ln -s "$MK_TMP/moved" "$kluis/$file"; }
    place "a symbolic link in the place of $file is refused" 3 pointed
    rm -f "$MK_TMP/moved"
done
pointed_folder() { mv "$kluis" "$MK_TMP/elders" && ln -s "$MK_TMP/elders" "$kluis"; }
place "a symbolic link in the place of the folder is refused" 3 pointed_folder
rm -rf "$MK_TMP/elders"
plain() { python3 -c '
import sqlite3, sys
c = sqlite3.connect(sys.argv[1]); c.execute("create table t(a)"); c.commit()' "$MK_TMP/plain.db" &&
    cp "$MK_TMP/plain.db" "$kluis/vault.db" && chmod 600 "$kluis/vault.db"; }
place "a plain SQLite file in the place of vault.db is refused" 4 plain
empty() { : >"$kluis/vault.db"; }
place "an empty vault.db is refused" 4 empty
gone() { rm "$kluis/vault.db"; }
place "a vault.db that is gone is refused" '1|4' gone
newer() { sed -i '1s/\b1\b/2/' "$kluis/keyring"; }
place "a keyring of a newer version is refused" 4 newer
half() { truncate -s -100 "$kluis/keyring"; }
place "a keyring cut in the middle is refused" 4 half

# A keyring counts when a signed head names it, not because it lies there.
change() {
    printf '%s\n' 'inspecteur2 geheim woord' 'een ander geheim' |
        "$mk" -k "$kluis" -g inspecteur2 --passphrase-fd 0 wachtwoord 2>/dev/null
}
opens() { "$mk" -k "$kluis" -g inspecteur2 --passphrase-fd 8 lijst 8<<<"$1"; }
if change; then
    cp "$kluis/keyring" "$MK_TMP/changed"
    mv "$kluis/keyring" "$kluis/keyring.new"
    cp -p "$MK_TMP/base.kluis/keyring" "$kluis/keyring"
    claim "an old keyring put back beside the new one does not open with the old passphrase" \
        status 3 opens 'inspecteur2 geheim woord'
    claim "with the new one it does" status 0 opens 'een ander geheim'
    put_back base
    (umask 077 && cp "$MK_TMP/changed" "$kluis/keyring.new")
    claim "a keyring that no head names opens nothing" status 3 opens 'een ander geheim'
    claim "and takes nothing away" status 0 opens 'inspecteur2 geheim woord'
    put_back base
else
    not_ok "a passphrase is changed"
fi

# ---- disks -----------------------------------------------------------------------------

# mounts need root and a kernel that allows them here
disk=$MK_TMP/disk
mkdir "$disk"
shown() { as inspecteur1 lijst && as inspecteur1 toon "$(cat "$MK_TMP/printed")" --uit "$MK_TMP/shown.$RANDOM"; }
if mount -t tmpfs -o size=420k,mode=700 meldkluis "$disk" 2>/dev/null; then
    cp -a "$kluis" "$disk/kluis"
    here=$kluis
    kluis=$disk/kluis
    cat /dev/zero >"$disk/full" 2>/dev/null
    refuses_here() { # SENTENCE COMMAND...: status 1, nothing shown
        local sentence=$1 output
        shift
        if ! output=$(status 1 "$@"); then not_ok "$sentence" "$output"; elif [ -s "$MK_TMP/out" ]; then
            not_ok "$sentence" "it shows something"
        else ok "$sentence"; fi
    }
    refuses_here "on a full disk nothing is shown, because the log cannot be written" as inspecteur1 lijst
    refuses_here "on a full disk no melding is taken in" as inspecteur1 melding nieuw --form "$MK_TMP/form"
    claim "and no file was written in its place" [ -z "$(find "$MK_TMP" -name 'shown.*')" ]
    rm -f "$disk/full"
    # from full to room: everything that was printed is there
    claim "with room again all is there and the log verifies" sound "$MK_TMP/printed"
    # until it is full: each tag that was printed stays
    cp "$MK_TMP/printed" "$MK_TMP/filled"
    for ((n = 0; n < 200; n++)); do
        as inspecteur1 melding nieuw --form "$MK_TMP/form" >>"$MK_TMP/filled" 2>"$MK_TMP/err" || break
    done
    claim "the disk that fills says so ($n meldingen)" grep -q 'vol' "$MK_TMP/err"
    cp -a "$disk/kluis" "$MK_TMP/elsewhere"
    umount "$disk"
    kluis=$MK_TMP/elsewhere
    claim "and every tag that was printed before is there" sound "$MK_TMP/filled"
    kluis=$here
    put_back base
else
    skip "a full disk" "a small file system cannot be mounted here"
fi
if mount --bind "$kluis" "$disk" 2>/dev/null && mount -o remount,ro,bind "$disk" 2>/dev/null; then
    here=$kluis
    kluis=$disk
    read_only() { status 1 as inspecteur1 lijst && [ ! -s "$MK_TMP/out" ]; }
    claim "on a read-only disk nothing is shown, because the log cannot be written" read_only
    kluis=$here
else
    skip "a read-only disk" "it cannot be mounted here"
fi
umount "$disk" 2>/dev/null
claim "at the end the vault is as it was" sound "$MK_TMP/printed"
