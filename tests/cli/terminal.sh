# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154 # read together with lib.sh
# A terminal for the scenarios, and a vault: both are there when this was read.
if ! command -v tmux >/dev/null; then
    echo "skip - ${0##*/}: no tmux"
    exit 0
fi
new_vault
mux() { tmux -S "$MK_TMP/tmux" -f /dev/null "$@"; }
trap 'mux kill-server 2>/dev/null' EXIT
env -u TMUX tmux -S "$MK_TMP/tmux" -f /dev/null new-session -d -x 120 -y 40 "exec bash --norc" ||
    { not_ok "tmux runs" && exit 1; }
keys() { mux send-keys "$@"; }
screen() { mux capture-pane -p; }
whole() { mux capture-pane -p -S -; } # with what has scrolled away
waits_for() { # PATTERN
    local i
    for ((i = 0; i < 100; i++)); do
        screen | grep -q -- "$1" && return 0
        sleep 0.1
    done
    echo "no '$1' on the screen:"
    screen
    return 1
}
# start ARGUMENTS: types the command on a screen that is clear of older questions
start() {
    local i
    keys -l clear
    keys Enter
    for ((i = 0; i < 50; i++)); do
        [ "$(screen | grep -c .)" -le 1 ] && ! screen | grep -q clear && break
        sleep 0.1
    done
    keys -l "$meldkluis $1; echo status \$?"
    keys Enter
}
seen=''
line() { # PATTERN ANSWER: when the question stands there, answer it
    waits_for "$1" || return 1
    seen+=$(whole)
    keys -l "$2"
    keys Enter
}
keys -l "PS1='$ '; clear"
keys Enter
# unlock: the passphrase of ilse, at its question
unlock() { line 'Wachtwoord van ilse:$' "$(phrase ilse)"; }
# paste TEXT [-p]: as a terminal hands on what is pasted (-p: marked as such)
paste() {
    printf '%s' "$1" | mux load-buffer -
    mux paste-buffer ${2:+"$2"}
}
# ---- a session of ilse ----
# open_session ARGUMENTS: unlocked, at its prompt
open_session() {
    start "-g ilse $*"
    unlock && again
}
again() { waits_for 'Proef ilse OEFENING> *$'; }
# say LINE PATTERN: a line, and what it brings
say() {
    keys -l "$1"
    keys Enter
    waits_for "$2"
}
# wiped: locked, and nothing of the dossier is to be seen
wiped() { whole | grep -q 'vergrendeld\|Wachtwoord' && ! whole | grep -q 'tuinhuis\|van ivo'; }
