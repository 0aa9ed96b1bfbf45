#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Somebody leaves: all dossiers go to a colleague at once.
# store: both, long
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
new_vault

# ilse owns a, b, an ended one and a restricted one, and stands in for ivo
report label=een && a=$tag
report label=twee && b=$tag
report label=klaar && ended=$tag
report label=dicht && shut=$tag
claim "one has ended" ends 0 '' ilse intrek "$ended" --form - < <(form reason=VRZ)
claim "one is restricted" ends 0 '' ilse beperk "$shut" --aan ilse
as ivo melding nieuw --form - < <(a_report) && theirs=$(cat "$output")
claim "ilse stands in for ivo" ends 0 '' ivo waarnemer "$theirs" --erbij ilse

owner() { # TAG NAME
    as ivo lijst --alle --doel CTL --json && json "
x=[x['owner'] for x in d['dossiers'] if x['tag']=='$1']; assert x==['$2'], x"
}
deputies() { # LIST
    as ivo toon "$theirs" --json --uit "$MK_TMP/shown" || cat "$errors"
    python3 -c "import json; d=json.load(open('$MK_TMP/shown')); assert d['deputies']==$1, d['deputies']"
    local status=$?
    rm -f "$MK_TMP/shown"
    return $status
}
# entries EXPRESSION: it holds of k, kind, outcome, who and about whom of each entry about a dossier
entries() {
    as aad log lijst --json && json "
k=[(x['kind'],x['outcome'],x['person'],x.get('other')) for x in d['entries'] if x['kind'] in ('handover','deputy')]
assert $1, k"
}

# goes STATUS PATTERN WHO ARGUMENTS...: as ends, with more than one line of error
goes() {
    local wanted=$1 pattern=$2 status
    shift 2
    as "$@"
    status=$?
    [ "$status" -eq "$wanted" ] && grep -q -- "$pattern" "$errors" && return
    echo "status $status, not $wanted, or no '$pattern': $(cat "$errors")"
    return 1
}

# ---- what is asked has to be clear ----------------------------------------------
claim "a dossier or a person is named" ends 2 'geef KENMERK, of --van-wie' ilse overdracht --aan ivo
claim "not both" ends 2 'geef KENMERK, of --van-wie' ilse overdracht "$a" --van-wie ilse --aan ivo
claim "the same in English" ends 2 'give TAG, or --from-person' ilse handover --to-person ivo --lang en
claim "two people are named" ends 2 'tweemaal dezelfde' ilse overdracht --van-wie ilse --aan ilse
claim "an unknown one is not found" ends 1 'nemo' ilse overdracht --van-wie nemo --aan ivo
claim "nobody but an inspector gets them" ends 3 'bo is geen inspecteur' ilse overdracht --van-wie ilse --aan bo
claim "a deputy is replaced in all or in one" ends 2 'geef KENMERK met' ivo waarnemer "$theirs" --erbij ivo --eraf ilse
claim "or named by one of both" ends 2 'geef --erbij NAAM' ivo waarnemer "$theirs"
claim "who has no key of dossiers does not" ends 3 '' ana overdracht --van-wie ilse --aan ivo --doel OVD

# ---- the same checks as for one -------------------------------------------------
claim "those of a colleague want a purpose" ends 2 'van een collega' ivo overdracht --van-wie ilse --aan ivo
not_his() {
    as ivo overdracht --van-wie ilse --aan ivo --doel OVD
    [ $? -eq 3 ] && grep -q "^$a blijft: het dossier is van ilse" "$output" && grep -q "^$shut blijft: .*beperkt" "$output" &&
        ! grep -q "$ended" "$output" && grep -q 'overgedragen: 0; blijft: 3' "$errors" && owner "$a" ilse
}
claim "who is in keeps them: each is named and stays" not_his
rehearsed() {
    goes 3 '^meldkluis: zou worden overgedragen: 2; blijft: 1; proef' ilse overdracht --van-wie ilse --aan ivo --proef || return 1
    grep -q "^$a zou worden overgedragen" "$output" && grep -q "^$shut blijft: ivo zou dit dossier niet kunnen lezen" "$output" && owner "$a" ilse
}
claim "a dry run tells what each would become" rehearsed

# ---- ilse falls ill -------------------------------------------------------------
suspended() { ends 0 '' bo gebruiker blokkeer ilse && grep -q 'overdracht --van-wie ilse --aan NAAM' "$output"; }
claim "suspending an inspector says how her dossiers get other hands" suspended
doctor_says() {
    as ivo dokter --json
    json "x=[f for f in d['findings'] if f['name']=='orphans']; assert x[0]['value']=='4' and 'overdracht --van-wie' in str(x), x"
}
claim "so does doctor" doctor_says
taken() {
    goes 3 'overgedragen: 2; blijft: 1' ivo overdracht --van-wie ilse --aan ivo --doel OVD || return 1
    grep -q 'ilse neemt waar, niet ten einde: 1; dat blijft zo tot waarnemer --eraf ilse --erbij ivo' "$errors" &&
        grep -q "^$b overgedragen" "$output" && grep -q "^$shut blijft" "$output" && ! grep -q "$ended" "$output" &&
        owner "$a" ivo && owner "$b" ivo && owner "$ended" ilse && owner "$shut" ilse
}
claim "a colleague takes over what is open and not shut to him" taken
claim "each has its own entries in the log" entries \
    "k.count(('handover','asked','ivo','ivo'))==4 and k.count(('handover','done','ivo','ivo'))==2"
again() {
    as ivo handover --from-person ilse --to-person ivo --purpose OVD --json
    [ $? -eq 3 ] && [ ! -s "$errors" ] && json "assert [(x['tag'],x['done'],x['error']) for x in d['dossiers']]==[('$shut',False,'E_RESTRICTED')] and d['stands_in']==1"
}
claim "the same again has only what was left" again
stands_in() {
    goes 0 '^meldkluis: waarnemer zou worden vervangen: 1; blijft: 0; proef' ivo waarnemer --eraf ilse --erbij ivo --doel OVD --proef &&
        ends 0 '^meldkluis: waarnemer vervangen: 1; blijft: 0' ivo waarnemer --eraf ilse --erbij ivo --doel OVD && deputies '[]'
}
claim "where she stood in somebody else does, or nobody where he is the owner" stands_in

# ---- and is back, for a last day ------------------------------------------------
claim "ilse is back" ends 0 '' bo gebruiker hervat ilse
claim "ivo asks her to stand in for all of his" ends 0 '' ivo waarnemer "$a" --erbij ilse
mine() { ends 0 '' ilse beperk "$shut" --aan ilse --aan ivo && ends 0 'overgedragen: 1; blijft: 0' ilse overdracht --van-wie ilse --aan ivo; }
claim "what is restricted goes to who is named, and own ones need no purpose" mine
none() { ends 0 'overgedragen: 0; blijft: 0' ilse overdracht --van-wie ilse --aan ivo && [ ! -s "$output" ]; }
claim "who has nothing left is told so" none
claim "the vault is whole afterwards" ends 0 '' aad log controleer
claim "and meldkluis-verify takes the log with all of this" second_opinion aad
