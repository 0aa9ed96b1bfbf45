# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2034 # read by those who include this
# What the scenarios of faults and bad input share: an invented vault, the people of
# it, and the claims that hold after whatever was done to it. To be sourced.

mk=$MK_BUILD/meldkluis
kluis=$MK_TMP/kluis
ok() { echo "ok - $1"; }
not_ok() { echo "not ok - $1${2:+: $(head -c 2000 <<<"$2" | tr '\n' '|')}"; }
skip() { echo "skip - $1: $2"; }
claim() { # SENTENCE COMMAND...: the command is true
    local sentence=$1 output
    shift
    if output=$("$@" 2>&1); then ok "$sentence"; else not_ok "$sentence" "$output"; fi
}
verdict() { # SENTENCE WHAT IS WRONG
    if [ -z "$2" ]; then ok "$1"; else not_ok "$1" "$2"; fi
}
word() { echo "$1 geheim woord"; }

# as NAME ARGUMENT...: the program, unlocked by that person. Standard input is free.
as() {
    local name=$1
    shift
    "$mk" -k "$kluis" -g "$name" --passphrase-fd 8 "$@" 8<<<"$(word "$name")"
}

people=(bewaarder1 inspecteur1 inspecteur2 analist1 auditor1)
init() {
    printf '%s geheim woord\n' "${people[@]}" | "$mk" -k "$kluis" \
        --passphrase-fd 0 init --origin proefkluis --custodian bewaarder1 \
        --inspector inspecteur1 --inspector inspecteur2 --analyst analist1 \
        --auditor auditor1 2>>"$MK_TMP/init.log"
}
new_vault() {
    init && return
    not_ok "a vault is made" "$(cat "$MK_TMP/init.log")"
    exit 1
}

# A form with which a melding can be taken in.
form() { printf 'received: 2020-03-02\nchannel: TEL\nreporter: OUD\n%s' "${1:+$1
}"; }

state=$XDG_STATE_HOME/meldkluis
keep() { # NAME: vault and marks as they are now
    rm -rf "$MK_TMP/$1.kluis" "$MK_TMP/$1.state"
    cp -a "$kluis" "$MK_TMP/$1.kluis" && cp -a "$state" "$MK_TMP/$1.state"
}
put_back() { # NAME
    rm -rf "$kluis" "$state"
    cp -a "$MK_TMP/$1.kluis" "$kluis" && cp -a "$MK_TMP/$1.state" "$state"
}

# The tags of the vault, as a person sees them.
tags() { as inspecteur1 --json lijst --doel CTL | grep -oE 'MK-[0-9A-Z]{4}-[0-9A-Z]{4}' | sort; }

# Unlocks, shows every tag in the file, and proves itself: the state after any fault.
sound() { # [FILE OF TAGS THAT WERE PRINTED]
    local shown
    shown=$(tags) || {
        echo "lijst ended with $?"
        return 1
    }
    echo "$shown" >"$MK_TMP/tags"
    if [ -n "${1:-}" ]; then
        shown=$(comm -13 <(echo "$shown") <(sort -u "$1"))
        [ -z "$shown" ] || {
            echo "printed but gone: $shown"
            return 1
        }
    fi
    as auditor1 log controleer >/dev/null || {
        echo "log controleer ended with $?"
        return 1
    }
}

# status WANTED COMMAND...: it ends with one of the wanted statuses (a regular
# expression); what it says is kept in $MK_TMP/out and $MK_TMP/err.
status() {
    local wanted=$1 got
    shift
    "$@" >"$MK_TMP/out" 2>"$MK_TMP/err"
    got=$?
    [[ $got =~ ^($wanted)$ ]] && return 0
    echo "status $got, not $wanted: $(tail -n 3 "$MK_TMP/err")"
    return 1
}

# A sanitizer build wants to be the first library, and has an allocator of its own.
preload=$MK_BUILD/tests/faults/preload_calls.so
sanitized() { nm -D "$mk" 2>/dev/null | grep -q __asan_init; }
