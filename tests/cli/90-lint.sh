#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The checks of the sources find what they are there for: each rule is broken once in
# a folder of its own.
set -u
lint=$MK_SRC/.ci/lint-sources
tree=$MK_TMP/tree
mkdir -p "$tree"/{core/base,core/defs,core/store,crypto,reports,cmd/pg,tests/unit}
cp "$MK_SRC"/core/base/err.h "$MK_SRC"/core/base/errors.def "$tree/core/base/"
echo '/* SPDX-License-Identifier: GPL-3.0-or-later */' >"$tree/head"

refused() { # SENTENCE PART FILE LINE: the only finding is in FILE
    local sentence=$1 part=$2 file=$3 output
    { cat "$tree/head" && printf '%s\n' "$4"; } >"$tree/$file"
    if output=$("$lint" "$part" "$tree"); then
        echo "not ok - $sentence: nothing was found"
    elif [ "$(printf '%s\n' "$output" | grep -vc "^$file:2: ")" -ne 0 ]; then
        echo "not ok - $sentence: $output"
    else
        echo "ok - $sentence"
    fi
    rm "$tree/$file"
}
accepted() { # SENTENCE PART FILE LINE
    local sentence=$1 part=$2 file=$3 output
    { cat "$tree/head" && printf '%s\n' "$4"; } >"$tree/$file"
    if output=$("$lint" "$part" "$tree"); then
        echo "ok - $sentence"
    else
        echo "not ok - $sentence: $output"
    fi
    rm "$tree/$file"
}
cp "$tree/head" "$tree/crypto/secret.h"
cp "$tree/head" "$tree/core/store/store.h"
cp "$tree/head" "$tree/core/meldkluis.h"
cp "$tree/head" "$tree/core/dossier.h"
rm "$tree/core/defs" -r

accepted "a layer may include what lies above it" \
    layers core/x.c '#include "crypto/secret.h"'
refused "the base may not include cryptography" \
    layers core/base/x.c '#include "crypto/secret.h"'
refused "cryptography may not include the store" \
    layers crypto/x.c '#include "core/store/store.h"'
refused "the store may not include the domain" \
    layers core/store/x.c '#include "core/dossier.h"'
refused "reports may not include a dossier" \
    layers reports/x.c '#include "core/dossier.h"'
refused "reports may not include cryptography" \
    layers reports/x.h '#include "crypto/secret.h"'
refused "commands may not go round the library" \
    layers cmd/x.c '#include "core/dossier.h"'
accepted "commands may use the library" \
    layers cmd/x.c '#include "core/meldkluis.h"'
refused "commands may not see the database" \
    layers cmd/x.c '#include <sqlcipher/sqlite3.h>'
refused "the store sees the database in its driver only" \
    layers core/store/x.c '#include <sqlite3.h>'
accepted "the driver sees the database" \
    layers core/store/driver_sqlcipher.c '#include <sqlite3.h>'
refused "the domain may not see the cryptographic library" \
    layers core/x.c '#include <sodium.h>'
refused "nor the library of a server" \
    layers cmd/x.c '#include <libpq-fe.h>'
accepted "the program beside them sees it" \
    layers cmd/pg/x.c '#include <libpq-fe.h>'
refused "and no key" \
    layers cmd/pg/x.c '#include "crypto/secret.h"'
refused "no program has network headers" \
    layers cmd/x.c '#include <netdb.h>'
refused "an include by a relative path is found" \
    layers core/x.c '#include "store/store.h"'
accepted "an include in a comment is none" \
    layers reports/x.c '/* #include "core/dossier.h" */'

printf '#include "core/store/store.h"\n' >>"$tree/core/meldkluis.h"
{ cat "$tree/head" && echo '#include "core/meldkluis.h"'; } >"$tree/cmd/x.c"
output=$("$lint" layers "$tree")
if [ "$output" = "cmd/x.c:1: reaches core/store/store.h by core/meldkluis.h" ]; then
    echo "ok - a wall that is passed by a chain of includes is found"
else
    echo "not ok - a wall that is passed by a chain of includes is found: $output"
fi
rm "$tree/cmd/x.c"
cp "$tree/head" "$tree/core/meldkluis.h"
printf '#include "core/store/store.h"\n' >>"$tree/core/store/wire.h"
{ cat "$tree/head" && echo '#include "core/store/wire.h"'; } >"$tree/cmd/pg/x.c"
output=$("$lint" layers "$tree")
if [ "$output" = "cmd/pg/x.c:1: reaches core/store/store.h by core/store/wire.h" ]; then
    echo "ok - the program that speaks to a server may have messages of the store, but not the store"
else
    echo "not ok - the program that speaks to a server may have messages of the store, but not the store: $output"
fi
rm "$tree/cmd/pg/x.c" "$tree/core/store/wire.h"

refused "a copy without a bound is found" calls core/x.c 'strcpy(a, b);'
accepted "a function named in a comment or a text is none" \
    calls core/x.c 'x("strcpy(a, b)"); /* strcpy(a, b); */'
refused "the library does not print" calls core/x.c 'printf("x");'
accepted "commands print" calls cmd/x.c 'printf("x");'
refused "SQL stands in the store only" calls core/x.c 'q("SELECT a FROM b");'
refused "no other program is started" calls cmd/x.c 'system("ls");'
refused "the environment is read in one place" secrets core/x.c 'getenv("A");'
refused "a place of one machine is found" places cmd/x.c "/* /ho""me/somebody/x */"

echo 'int mk_x;' >"$tree/core/x.c"
if output=$("$lint" licence "$tree"); then
    echo "not ok - a source without a licence is found"
elif [ "$output" = "${output#core/x.c:1: }" ]; then
    echo "not ok - a source without a licence is found: $output"
else
    echo "ok - a source without a licence is found"
fi
