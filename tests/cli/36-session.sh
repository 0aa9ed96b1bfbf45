#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A session: one passphrase, many commands; it locks by itself and forgets.
# store: both
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
# shellcheck source=tests/cli/terminal.sh
. "$MK_SRC/tests/cli/terminal.sh"
# what another window writes meanwhile
note() { as ivo notitie "$tag" --doel WRN --form - < <(form narrative="$1"); }
report label=tuinhuis
program() { pgrep -P "$(mux display-message -p '#{pane_pid}')"; }

# ---- commands, one a line ------------------------------------------------------------
opens() { start "-g ilse" && unlock && again && screen | grep -q "na 5 minuten"; }
claim "without a command the passphrase is asked once, and then a prompt stands there" opens
lists() { say lijst "$tag" && again && screen | grep -q tuinhuis; }
claim "a command is given with the words of the command line" lists
mistakes() { say 'lijstje' 'onbekende opdracht' && again && say "lijst 'x" 'geen einde' && again; }
claim "a mistake ends a command and not the session" mistakes
quotes() { say "toon 'MK-0000-0000'" 'geen geldig kenmerk' && again; }
claim "quotes are taken off a word" quotes
completes() { keys -l 'tijd' && keys Tab && waits_for '> tijdlijn *$' && keys C-c && again && say 'gebruiker lijst' 'bewaarder'; }
claim "the tab key completes a command; Ctrl-C drops the line" completes
fixed() { say 'lijst -g ivo' 'hele sessie' && again; }
claim "who works in a session does not change" fixed
outside() {
    local words
    for words in factsheet wachtwoord dokter 'invoer oud.csv' "toon $tag --uit x" "notitie $tag --formulier x"; do
        say "$words" "meldkluis ${words%% *}\$" && again || return 1
    done
    again
}
claim "what needs files, another program or a passphrase is refused, and says how" outside

# ---- others write meanwhile --------------------------------------------------------
writes() { note 'van ivo' && say "toon $tag --doel BEH" 'q: stoppen' && screen | grep -q 'van ivo'; }
claim "no lock is held at the prompt, and what others wrote is seen" writes
pages() { note 'onder het lezen' && keys -l q && again; }
claim "no lock is held while a dossier is read" pages
cancels() {
    keys -l "notitie $tag"
    keys Enter
    waits_for 'toelichting\|notitie.*:' && note 'onder het vragen' && keys C-c && waits_for 'afgebroken' && again
}
claim "nor at a question; Ctrl-C there ends the command only" cancels
beside() {
    keys -l "notitie $tag"
    keys Enter
    line '^toelichting.*:$' 'van ilse zelf' && note 'net eerder' && keys Enter && line 'Toch opslaan' j && again &&
        screen | grep -q 'intussen schreef een ander in dit dossier: regel [0-9]* (notitie, ivo)'
}
claim "what others wrote during the questions is told before it is saved" beside
granted() {
    as bo rol geef ilse analist && as ana rol geef ilse analist && say klok 'intussen gewijzigd' && unlock && again
}
claim "a role that came meanwhile shuts the session at the next command; the passphrase takes it" granted
by_role() { say 'vrijgave lijst' 'niets vrijgegeven\|geen vrijgave\|naam'; again; }
claim "and then it is there" by_role
replaced() {
    { phrase ilse && echo 'een heel ander wachtwoord'; } >"$MK_TMP/both"
    "$meldkluis" -g ilse --passphrase-fd 3 wachtwoord 3<"$MK_TMP/both" >"$output" 2>"$errors" &&
        say klok 'intussen gewijzigd' && unlock && waits_for 'wachtwoord klopt niet\|onjuist' &&
        line 'Wachtwoord van ilse:$' 'een heel ander wachtwoord' && again || return 1
    { echo 'een heel ander wachtwoord' && phrase ilse; } >"$MK_TMP/both"
    "$meldkluis" -g ilse --passphrase-fd 3 wachtwoord 3<"$MK_TMP/both" >"$output" 2>"$errors" &&
        say klok 'intussen gewijzigd' && unlock && again
}
claim "a passphrase that was changed elsewhere is asked, and the old one refused" replaced

# ---- locked --------------------------------------------------------------------------
by_word() { say lijst tuinhuis && again && say slot 'Wachtwoord van ilse:$' && wiped; }
claim "slot locks at once and leaves nothing on the screen" by_word
refused() { line 'Wachtwoord van ilse:$' 'zomaar wat anders' && waits_for 'blijft dicht' && unlock && again; }
claim "a wrong passphrase does not open it again, the right one does" refused
hangup() { say lijst tuinhuis && again && kill -HUP "$(program)" && waits_for 'Wachtwoord van ilse:$' && wiped && unlock && again; }
claim "so does SIGHUP" hangup
# in_memory TEXT...: which of these stand anywhere in the memory of the program
in_memory() {
    python3 - "$(program)" "$@" <<'END'
import sys
texts, found = {t.encode() for t in sys.argv[2:]}, set()
with open(f"/proc/{sys.argv[1]}/maps") as maps, open(f"/proc/{sys.argv[1]}/mem", "rb", 0) as mem:
    for place, rights, *_ in map(str.split, maps):
        if rights[0] != "r" or rights[1] != "w": continue
        begin, end = (int(x, 16) for x in place.split("-"))
        mem.seek(begin)
        all = mem.read(end - begin)
        found |= {t for t in texts if t in all}
print(*sorted(t.decode() for t in found), sep="\n")
END
}
forgets() {
    say "toon $tag" 'q: stoppen' && [ "$(in_memory 'onder het lezen' 'het wachtwoord van ilse')" = 'onder het lezen' ] &&
        keys -l q && again && say slot 'Wachtwoord van' && [ -z "$(in_memory 'onder het lezen')" ] && unlock && again
}
if [ "$(id -u)" -eq 0 ] && [ -r "/proc/$(program)/mem" ]; then
    claim "what was read is in the memory until the session locks, the passphrase not even that long" forgets
else
    echo "skip - what was read leaves the memory: only root can look"
fi
stops() { say stop 'status 0'; }
claim "stop ends it with status 0" stops
ends_by_key() { open_session sessie && keys C-d && waits_for 'status 0'; }
claim "so does Ctrl-D on an empty line" ends_by_key
