#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Help, languages, options, the man page and the completion: all from the same tables.
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
page=$MK_SRC/docs/meldkluis.1

run() { "$meldkluis" "$@" >"$output" 2>"$errors" </dev/null; }
usage() { # PATTERN ARGUMENTS...
    local pattern=$1
    shift
    run "$@"
    if [ $? -ne 2 ] || [ "$(wc -l <"$errors")" -ne 1 ] || ! grep -q -- "$pattern" "$errors"; then
        cat "$errors"
        return 1
    fi
}
version() { run --version && grep -qx 'meldkluis [0-9.]*' "$output"; }
claim "--version says it" version
json_version() { run --version --json && json 'assert d["schema"] and d["version"]'; }
claim "and in JSON" json_version
role_help() { run help rol geef && grep -q '^ROL: .*inspecteur' "$output" && grep -q '^NAAM: iemand uit gebruiker lijst' "$output"; }
claim "help of a command says what its words can be" role_help
claim "no command at all is wrong usage" usage 'geen opdracht'
claim "an unknown command is wrong usage" usage 'onbekende opdracht' lijsten
claim "an unknown option gets a hint" usage 'bedoelde u --stand' lijst --stnd x
claim "an option of another command is refused" usage 'hoort niet bij' klok --stand x
claim "an option given twice is refused" usage 'tweemaal' lijst --jaar 2020 --jaar 2021
claim "an option without its value is refused" usage 'ontbreekt een waarde' lijst --jaar
claim "a switch with a value is refused" usage 'geen waarde' lijst --mijn=ja
claim "a word too many is refused" usage 'geen verder woord' lijst alles
claim "a word too few is refused" usage 'KENMERK' toon
claim "search words on the command line are refused, with the reason" usage 'persoonsgegevens' zoek Jansen
not_said() { usage '' zoek Jansen && ! grep -q Jansen "$errors"; }
claim "and they are not repeated" not_said
not_said_option() { usage '' --Jansen && ! grep -q Jansen "$errors"; }
claim "an option that may be a name is not repeated" not_said_option
no_vault() { run --kluis "$MK_TMP/nergens" gebruiker lijst; [ $? -eq 1 ]; }
claim "a vault that is not there is not found" no_vault
unreached() { run -k "postgresql:///x?host=$MK_TMP/nergens" gebruiker lijst; [ $? -eq 1 ] && grep -q 'server is niet bereikt' "$errors"; }
claim "a server that is not there is not reached" unreached

# ---- languages ---------------------------------------------------------------
dutch() { run help && grep -q 'opdracht' "$output"; }
claim "the language is Dutch where the locale says nothing else" dutch
english() { LC_ALL=en_GB.UTF-8 run help && grep -q 'with every command' "$output"; }
claim "an English locale gives English" english
chosen() { LC_ALL=en_GB.UTF-8 run --taal nl help && grep -q 'bij elke opdracht' "$output"; }
claim "--taal decides" chosen
mixed() { run help report nieuw && grep -q 'received' "$output"; }
claim "commands have both names in both languages" mixed
claim "errors follow the language" usage 'unknown command' --lang en lijsten

# ---- help of one command -------------------------------------------------------
keys() {
    run help duid && grep -q '^ *category  *verplicht' "$output" && grep -q '^ *known  *mag ontbreken' "$output" &&
        grep -q '^ *SM  *seksueel misbruik' "$output" && grep -q 'rol: inspecteur' "$output"
}
claim "help says keys, which are required, and the codes" keys
reserved() { run help duid && ! grep -q '^ *PO ' "$output"; }
claim "help does not offer reserved codes" reserved
same_help() { run duid --help && cp "$output" "$MK_TMP/a" && run help duid && cmp -s "$output" "$MK_TMP/a"; }
claim "--help is help" same_help

group() {
    run help melding && grep -q 'melding nieuw' "$output" && run help log &&
        [ "$(wc -l <"$output")" -eq "$(grep -c '^MK_COMMAND(.*"log", "log"' "$MK_SRC/cmd/commands.def")" ]
}
claim "help of a group lists its commands" group
deed() { run help && grep -q 'dubbel KENMERK *merk het dossier als dubbel' "$output"; }
claim "the list says what a command does" deed
lists() { run help lijst && grep -q 'niet-nagekomen' "$output" && run --lang en help list && grep -q 'duty-not-met' "$output" &&
    run help log lijst && grep -q 'count-internal' "$output" && run help herstart && grep -q '^CODE:' "$output"; }
claim "help names the states, kinds and codes that an option takes" lists
examples() { # the example of every form is one that the program takes
    new_vault
    local verb
    run help melding nieuw && sed -n '/^voorbeeld/,$s/^    //p' "$output" >"$MK_TMP/form"
    as ilse melding nieuw --form "$MK_TMP/form" || { cat "$errors" && return 1; }
    tag=$(cat "$output")
    for verb in duid overleg oordeel adviseer persoon notitie herinner corrigeer; do
        run help $verb && sed -n '/^voorbeeld/,$s/^    //p' "$output" >"$MK_TMP/form"
        as ilse $verb "$tag" --form "$MK_TMP/form" || { echo "$verb: $(cat "$errors")" && return 1; }
    done
}
claim "the examples of help are forms that are taken" examples

# ---- one language ----------------------------------------------------------------
places() { # every place that the library names has its Dutch word
    python3 - "$MK_SRC" <<'END'
import re, sys
from pathlib import Path
root = Path(sys.argv[1])
known = set(re.findall(r'^MK_PLACE\("([^"]*)"', (root / "cmd/places.def").read_text(), re.M))
known |= set(re.findall(r'^MK_FIELD\([^,]*,[^,]*, "([^"]*)"', (root / "core/defs/fields.def").read_text(), re.M))
calls = re.compile(r'\b(\w*fail\w*|mk_kr_refuse|refuse|bad|found|damaged|unsigned_row|mk_dir_check)\s*\(([^;{]*?)\)\s*;', re.S)
files = sorted([*root.glob("core/*.c"), *root.glob("core/store/*.c"), *root.glob("crypto/*.c")])
seen, lacking = 0, []
for path in files:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    for call in calls.finditer(text):
        for place in re.findall(r'"([^"\n]*)"', call[2]):
            seen += 1
            if place not in known:
                lacking.append(f"{path.name}: {place}")
print(*lacking, sep="\n")
sys.exit(bool(lacking) or seen < 100)
END
}
claim "every place that an error names is in the list of Dutch words" places
labels() { # and so has every finding of doctor
    python3 - "$MK_SRC" <<'END'
import re, sys
from pathlib import Path
root = Path(sys.argv[1])
known = set(re.findall(r'^MK_PLACE\("([^"]*)"', (root / "cmd/places.def").read_text(), re.M))
found = {name for path in [*root.glob("core/*.c"), *root.glob("cmd/*.c")]
         for name in re.findall(r'\b(?:each\(ctx|add\(f), "([^"]+)"', path.read_text())}
print(*sorted(found - known), sep="\n")
sys.exit(bool(found - known) or len(found) < 30)
END
}
claim "every finding of doctor has its Dutch label" labels

# ---- derived things ------------------------------------------------------------
names() { # every name of a command, one a line
    for lang in nl en; do
        "$meldkluis" --taal $lang help | sed -n '/^  [a-z]/{s/^  //;s/ [A-Z[].*//;s/   .*//;p}' |
            grep -v -- '^-'
    done
}
all_helped() {
    local name rc=0
    while read -r name; do
        # shellcheck disable=SC2086 # words
        run help $name || { echo "no help for: $name" && rc=1; }
    done < <(names)
    [ "$(names | wc -l)" -gt 80 ] && return $rc
}
claim "every command has help under each of its names" all_helped
in_page() {
    local name rc=0
    while read -r name; do
        grep -q "Cm $name\( \|\$\)" "$page" || { echo "not in the man page: $name" && rc=1; }
    done < <(names)
    while read -r name; do
        grep -q "Fl Fl $name\( \|\$\)" "$page" || { echo "not in the man page: --$name" && rc=1; }
    done < <(sed -nE 's/^MK_OPTION\([A-Z_]+, [^,]*, "([^"]*)", "([^"]*)".*/\1\n\2/p' "$MK_SRC/cmd/options.def")
    return $rc
}
claim "the man page names every command and every option" in_page
completes() {
    run completion && bash -n "$output" && bash -c "source '$output'
        COMP_WORDS=(meldkluis tijd) COMP_CWORD=1; _meldkluis; [ \"\${COMPREPLY[*]}\" = tijdlijn ]"
}
claim "the shell completes a command" completes
no_seam() { ! grep -aq test-escape "$MK_RELEASE/meldkluis"; }
if [ -f "$MK_RELEASE/meldkluis" ]; then
    claim "a release has no way to try an escape" no_seam
fi

# ---- dokter ----------------------------------------------------------------------
doctor() { run dokter --json; json 'assert all("ok" in f for f in d["findings"])'; }
claim "dokter works without a vault, in JSON" doctor
value() { json 'print({f["name"]:f for f in d["findings"]}["'"$1"'"]["value"])'; }
mistyped() {
    run -k "$MK_TMP/nergens" dokter --json
    json 'n={f["name"]:f for f in d["findings"]}; assert not n["vault"]["ok"] and "SQLCipher 4" in n["sqlcipher"]["value"]'
}
claim "dokter knows the engine without a vault, and a place that holds none" mistyped
locked() {
    run dokter --json # ends 1 where it has advice
    [ "$(value lock)" = locked ]
}
claim "dokter says that the vault is locked" locked
unlocked() {
    as ilse dokter --json
    [ "$(value lock)" = open ] && value engine | grep -q SQLCipher && value head | grep -q dossiers
}
claim "with a name it unlocks and tells what the engine says" unlocked
fresh() { HOME=$MK_TMP/fresh XDG_STATE_HOME='' XDG_DATA_HOME='' run dokter; ! grep -q 'alleen-lezen' "$output" "$errors"; }
claim "in a fresh home it finds no vault and nothing that is read-only" fresh
dutch_doctor() { as ilse dokter; grep -q 'logregels gezien' "$output" && ! grep -qE 'log entries|retention|custodians|members' "$output"; }
claim "what it finds is in Dutch" dutch_doctor
refusal() { # a sentence that is Dutch already, with words of it that English has too
    run -k 'postgresql://nobody@/kluis?host=/nowhere' dokter
    grep -q 'de server is niet bereikt of de verbinding is verbroken' "$output"
}
claim "a reason that is Dutch already is not put into Dutch again" refusal
sandboxed() {
    json 'n={f["name"]:f for f in d["findings"]}
assert n["core-dumps"]["ok"] and n["dumpable"]["ok"] and n["environment"]["ok"]
assert n["seccomp"]["ok"] and "active" in n["seccomp"]["value"]
assert n["landlock"]["ok"] == ("active" in n["landlock"]["value"])'
}
run dokter --json
claim "dokter shows what protects the process" sandboxed
