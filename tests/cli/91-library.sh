#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What the build leaves behind: the installed library serves another program, the
# programs hold no more than they may, and a release has no seams for tests.
set -u
out=$MK_RELEASE
if [ ! -f "$out/libmeldkluis.so.0" ]; then
    echo "skip - the library can be used by another program: no release build in $out"
    exit 0
fi
claim() { # SENTENCE STATUS [TEXT]
    if [ "$2" -eq 0 ]; then echo "ok - $1"; else echo "not ok - $1: ${3:-}"; fi
}

# ---- the library -------------------------------------------------------------
wanted=$(sed -nE 's/^ +(mk_[a-z0-9_]+);$/\1/p' core/libmeldkluis.map | sort)
shown=$(nm -D --defined-only "$out/libmeldkluis.so.0" | awk '$2 != "A" {print $3}' |
    sed 's/@.*//' | sort)
difference=$(diff <(echo "$wanted") <(echo "$shown"))
claim "the library shows the functions of its header and no other" $? "$difference"

if [ -f core/meldkluis.h ]; then
    prefix=$MK_TMP/prefix
    text=$(make -s install OUT="$out" PREFIX="$prefix" 2>&1)
    claim "make install puts everything under PREFIX" $? "$text"
    {
        echo '#include <core/meldkluis.h>'
        echo '#include <stdio.h>'
        echo 'int main(void) { const void *all[] = {'
        for name in $wanted; do echo "(const void *)$name,"; done
        echo 'NULL}; printf("%zu", sizeof all / sizeof *all - 1); return 0; }'
    } >"$MK_TMP/user.c"
    export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
    # shellcheck disable=SC2046 # words of flags
    text=$(${CC:-cc} -std=c11 -o "$MK_TMP/user" "$MK_TMP/user.c" \
        $(pkg-config --cflags --libs libmeldkluis) 2>&1)
    claim "another program compiles and links with the .pc file alone" $? "$text"
    count=$(LD_LIBRARY_PATH=$prefix/lib "$MK_TMP/user" 2>&1)
    [ "$count" = "$(echo "$wanted" | grep -c .)" ]
    claim "another program finds every function that the header declares" $? "$count"
    text=$(python3 -c "import ctypes, sys
library = ctypes.CDLL(sys.argv[1])
[getattr(library, name) for name in sys.argv[2].split()]" \
        "$prefix/lib/libmeldkluis.so.0" "$wanted" 2>&1)
    claim "a script in another language finds them too" $? "$text"
fi

# linked by hand here: what cmd/ asks for is in the map, in core/base or its own
if [ -d "$out/obj/cmd" ]; then
    nm -u "$out"/obj/cmd/*.o | awk '$2 ~ /^mk_/ {print $2}' | sort -u >"$MK_TMP/asked"
    {
        echo "$wanted"
        nm --defined-only "$out"/obj/core/base/*.o "$out"/obj/cmd/*.o "$out"/obj/cmd/factsheet/*.o "$out"/obj/cmd/verify/*.o \
            "$out"/obj/cmd/pg/*.o "$out"/obj/core/store/wire.o "$out"/obj/crypto/gcrypt.o \
            "$out"/obj/reports/*.o 2>/dev/null | awk '{print $3}'
    } | sort -u >"$MK_TMP/given"
    difference=$(comm -23 "$MK_TMP/asked" "$MK_TMP/given")
    [ -z "$difference" ]
    claim "the command line uses only what the library shows to everybody" $? "$difference"
fi

# ---- the programs ------------------------------------------------------------
for program in meldkluis meldkluis-factsheet meldkluis-pg; do
    file=$out/$program
    [ -f "$file" ] || continue
    readelf -hldW "$file" >"$MK_TMP/elf"
    grep -q 'Type: *DYN' "$MK_TMP/elf" && grep -q 'GNU_RELRO' "$MK_TMP/elf" &&
        grep -q 'BIND_NOW\|FLAGS_1.*NOW' "$MK_TMP/elf" &&
        grep 'GNU_STACK' "$MK_TMP/elf" | grep -qv 'RWE' &&
        ! grep -q 'RPATH\|RUNPATH' "$MK_TMP/elf"
    claim "$program is position independent, bound at start, without executable stack" \
        $? "$(cat "$MK_TMP/elf")"
    ! grep -aq 'MELDKLUIS_TEST' "$file"
    claim "a release of $program has no seams for tests" $?
done
needed() { readelf -dW "$1" | sed -nE 's/.*NEEDED.*\[(.*)\]/\1/p'; }
if [ -f "$out/meldkluis-pg" ]; then
    ! { needed "$out/meldkluis" && needed "$out/libmeldkluis.so.0"; } | grep -q libpq
    claim "neither meldkluis nor its library is linked with the library of a server" $? "$(needed "$out/meldkluis")"
    # hashes come from the two libraries that have them; that it holds no key is the next claim
    ! needed "$out/meldkluis-pg" | grep -Eq 'sqlcipher|gfshare|jansson|glpk'
    claim "the program that speaks to a server is linked with no other database" $? "$(needed "$out/meldkluis-pg")"
    names=$(nm "$out/meldkluis-pg" | grep -E ' mk_(secret|env_open|env_seal|seal|store|dossier|keyring|vault|log|kdf|sign|shell)_')
    [ -z "$names" ]
    claim "it holds no code for keys, dossiers or rules" $? "$names"
fi
if [ -f "$out/meldkluis-factsheet" ]; then
    ! needed "$out/meldkluis-factsheet" | grep -Eq 'sqlcipher|sodium|gcrypt|crypto|libpq'
    claim "the factsheet program is linked with no cryptography and no database" \
        $? "$(needed "$out/meldkluis-factsheet")"
    names=$(nm "$out/meldkluis-factsheet" | grep -E ' mk_(secret|envelope|seal|store|dossier|keyring|vault|log)_')
    [ -z "$names" ]
    claim "the factsheet program holds no code for keys, store or dossiers" $? "$names"
fi
