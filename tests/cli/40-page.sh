#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The page of a factsheet in a real browser, and the PDF that is made of it.
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
program=$MK_BUILD/meldkluis-factsheet
cd "$MK_TMP" || exit 1
mkdir pages
awk -f "$MK_SRC/tests/data/cube.awk" "$MK_SRC/tests/data/dossiers-2018-2020.csv" >cube
gate() { # what meldkluis says to the gate: one cube
    printf 'meldkluis-gate: 1\nsection cube %d\n' "$(wc -c <cube)"
    cat cube
    printf '\nend\n'
}

# ---- pages ----------------------------------------------------------------------------

for lang in nl en; do
    "$program" tables --policy exact --lang $lang --format html <cube >pages/published-$lang.html || not_ok "a page is made"
    "$program" tables --policy internal --lang $lang --format html <cube >pages/internal-$lang.html || not_ok "a page is made"
    gate | "$program" publish --lang $lang --format html >pages/draft-$lang.html || not_ok "a page is made"
done
mkdir pages/hostile
"$MK_BUILD/tests/tools/hostile_folder" pages/hostile nl || not_ok "a hostile page is made"
if [ -x /usr/bin/chromium ] && command -v node >/dev/null && [ -d "$MK_SRC/tests/node/node_modules" ]; then
    node "$MK_SRC/tests/node/page.mjs" pages 2>"$errors" || not_ok "the browser went through all pages" "$(cat "$errors")"
    on_each_page() { # PDF TEXT
        local n
        n=$(pdfinfo "$1" | awk '/^Pages:/ { print $2 }')
        [ "$(pdftotext "$1" - | grep -c "$2")" -ge "$n" ] || echo "$n pages"
    }
    claim "printed by the browser, each page says what it is" [ -z "$(on_each_page pages/browser.pdf 'PROEFDRUK, NIET VRIJGEGEVEN')" ]
else
    echo "skip - the page in a browser: no chromium, node or tests/node/node_modules; make check has them"
fi

# ---- PDF ------------------------------------------------------------------------------

if ! /usr/bin/python3 -c 'import weasyprint' 2>/dev/null; then
    echo "skip - the PDF: WeasyPrint is not installed"
    exit 0
fi
# shellcheck disable=SC2094 # that the record has come is seen from its file
released() { # FOLDER OPTION...: a release of the cube, whose record goes to FOLDER.record
    local folder=$1
    shift
    : >"$folder.record"
    {
        gate
        for _ in {1..900}; do
            [ -s "$folder.record" ] && break
            sleep 0.1
        done
        echo commit
    } | strace -f --seccomp-bpf -qq -e trace=%file,%network -o "$folder.calls" \
        "$program" publish --release proef-1 --out "$folder" "$@" 3>"$folder.record"
}
claim "a release is made as a PDF" released first --format pdf
claim "with it come the notes, and nothing else" [ "$(cd first && echo *)" = "factsheet.pdf release.json" ]
again() { # from the record alone, elsewhere in the world and later
    local n
    n=$(sed -n '1s/^record //p' first.record)
    {
        printf 'meldkluis-gate: 1\nsection release %d\n' "$n"
        tail -n +2 first.record | head -c "$n"
        printf '\nend\n'
    } | TZ=Pacific/Auckland LC_ALL=C "$program" release --format pdf --format html --out again &&
        cmp first/factsheet.pdf again/factsheet.pdf
}
claim "the register gives the same PDF again, to the byte" again
claim "and the page that it was made of" grep -q '<dd>proef-1</dd>' again/factsheet.html

pdf=first/factsheet.pdf
readable() {
    python3 "$MK_SRC/tests/support/pdf_open.py" "$pdf" >objects && pdfinfo "$pdf" >info && pdfinfo -struct-text "$pdf" >structure && pdftotext -layout "$pdf" layout && pdffonts "$pdf" >fonts
}
claim "other programs read it" readable
tagged() {
    grep -Eq '^Tagged: +yes' info && grep -Eq '^Title: +Factsheet vertrouwensinspecteurs kinderopvang, 2018-2020$' info &&
        grep -Eq '^Page size: .*A4' info && grep -aq '/Lang (nl)' objects && grep -aq 'pdfuaid:part' objects
}
claim "it is tagged, is A4, and says its title and its language" tagged
embedded() { awk 'NR > 2 { n++; if ($(NF - 4) != "yes") bad = 1 } END { exit bad || n == 0 }' fonts; }
claim "its letters are in it" embedded
headings() { grep -A1 -E '^ *H[1-6]' structure | sed -n 's/^ *"\(.*\)"$/\1/p'; }
in_order() { # the headings of the document, and those of the tables before their figures
    [ "$(headings | grep -E '^(F[1-7] |Samenvatting|Toelichting|Methode)' | cut -c1-12 | uniq | xargs)" = \
        "$(grep -oE '<h2 id="(S|F[1-7]|N|M)">.*</h2>' again/factsheet.html | sed 's/<[^>]*>//g' | cut -c1-12 | xargs)" ]
}
claim "its headings come in the order of the page" in_order
described() { # each chart is a figure with its text, each heading of a table that of a row or column
    local figures
    figures=$(grep -c '^ *Figure' structure)
    [ "$figures" -ge 7 ] && [ "$(grep -ac '/Alt' "$pdf")" -eq "$figures" ] &&
        [ "$(pdfinfo -struct "$pdf" | grep -c '/Scope /\(Row\|Column\)')" -eq "$(grep -c '^ *TH:\?$' structure)" ]
}
if grep -q 'WeasyPrint 5[78]\.' info; then
    claim "its charts are described, and its tables say what heads what" described
else
    echo "skip - charts described: that WeasyPrint tags in its own way"
fi
reads() { # the figures of buitenschoolse opvang in F7, as text
    sed -n '/^ *F7 /,$p' layout | grep -Eq 'buitenschoolse opvang +BSO +33 +30 +32'
}
claim "a reader finds the published figures in it" reads
rules() { # the lines of the tables: WeasyPrint 57 drops a border whose shorthand has var() in it
    local page
    page=$(pdfinfo -dests "$pdf" | awk '/"F2"/ { print $1 }')
    # its chart may fill that page and its rows come on the next
    pdftocairo -svg -f "$page" -l "$page" "$pdf" page.svg && pdftocairo -svg -f $((page + 1)) -l $((page + 1)) "$pdf" next.svg &&
        [ "$(cat page.svg next.svg | grep -Ec 'fill(:|=")rgb\(73\.')" -ge 7 ]
}
claim "the rows of a table are ruled" rules
on_each_page() { # PDF TEXT
    local n i
    n=$(pdfinfo "$1" | awk '/^Pages:/ { print $2 }')
    for ((i = 1; i <= n; i++)); do
        pdftotext -f "$i" -l "$i" "$1" - | grep -q "$2" || { echo "page $i of $n" && return 1; }
    done
}
claim "each page says what it was made from" on_each_page "$pdf" 'proef-1, gegevens tot en met'

quiet() { # after its start the other process writes nothing, starts nothing, speaks to nobody
    # a call that another process interrupts stands in two lines
    awk 'sub(/ <unfinished \.\.\.>$/, "") { half[$1] = $0; next }
        / <\.\.\. [a-z0-9_]+ resumed>/ { rest = $0; sub(/^.* resumed>/, "", rest); $0 = half[$1] rest }
        /execve\("\/usr\/bin\/python3"/ { id = $1; seen++ }
        id != "" && $1 == id && /O_WRONLY|O_RDWR|O_CREAT|mkdir|rename|unlink|connect\(|execve/ && !/= -1 E|python3", \["/ { print; bad = 1 }
        END { exit bad || seen != 1 }' first.calls
}
claim "the process that makes it leaves nothing behind" quiet

gone() { # the process dies: no file, and a word how to go on
    mkfifo feed
    "$program" tables --policy exact --format pdf --out none <feed 2>"$errors" &
    local gate=$! child
    exec 4>feed
    until child=$(pgrep -P "$gate"); do sleep 0.05; done
    kill -9 "$child"
    cat cube >&4
    exec 4>&-
    wait "$gate"
    [ $? -eq 1 ] && grep -q 'apt install weasyprint' "$errors" && [ ! -e none ]
}
claim "without it there is no file, and a word how to go on" gone
claim "a PDF is not for a terminal" bash -c "! '$program' tables --policy exact --format pdf <cube 2>'$errors' && grep -q -- --out '$errors'"
