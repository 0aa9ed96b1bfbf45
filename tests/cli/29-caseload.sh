#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Whose a dossier is: handing over, standing in, restricting, emergencies.
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
new_vault

report label=waterverf
first=$tag
mine() { as "$1" lijst --json && json "print(len([x for x in d['dossiers'] if x['tag']=='$2']))"; }
shown() { # WHO TAG EXPRESSION: it holds of the dossier as it is shown
    as "$1" toon "$2" --doel CTL --json --uit "$MK_TMP/shown.json" || cat "$errors"
    python3 -c "import json; d=json.load(open('$MK_TMP/shown.json')); assert $3, d"
    local status=$?
    rm -f "$MK_TMP/shown.json"
    return $status
}

# ---- owner and deputies ---------------------------------------------------------
claim "somebody else does not hand over what is not his" ends 3 'het dossier is van ilse' \
    ivo overdracht "$first" --aan ivo --doel WRN
claim "nobody but an inspector becomes the owner" ends 3 'bo is geen inspecteur' ilse overdracht "$first" --aan bo
claim "to the owner himself nothing is handed over" ends 5 'behandelt dit dossier al' ilse overdracht "$first" --aan ilse
deputised() {
    ends 0 '' ilse waarnemer "$first" --erbij ivo && [ "$(mine ivo "$first")" = 1 ] &&
        ends 0 '' ivo toon "$first" --uit "$MK_TMP/x" && rm "$MK_TMP/x" &&
        shown ilse "$first" "d['deputies']==['ivo'] and d['events'][-1]['fields']['member']=='ivo'"
}
claim "a deputy has the dossier in his caseload and needs no purpose" deputised
claim "nobody is a deputy twice" ends 5 'neemt het al waar' ilse waarnemer "$first" --erbij ivo
claim "a deputy is taken off" ends 0 '' ilse waarnemer "$first" --eraf ivo
claim "afterwards he needs a purpose again" ends 2 'van een collega' ivo toon "$first" --uit "$MK_TMP/x"
claim "who is no deputy is not taken off" ends 5 'geen waarnemer' ilse waarnemer "$first" --eraf ivo
handed() {
    ends 0 '' ilse handover "$first" --to-person ivo --taal en && [ "$(mine ivo "$first")" = 1 ] &&
        [ "$(mine ilse "$first")" = 0 ] && shown ilse "$first" "d['owner']=='ivo' and d['deputies']==[]"
}
claim "a dossier is handed over" handed
claim "the timeline names who got it" bash -c "$(declare -f as phrase ends); meldkluis=$meldkluis output=$output errors=$errors
    as ivo tijdlijn $first --uit $MK_TMP/t && grep -q 'overgedragen' $MK_TMP/t && grep -q 'wie: ivo' $MK_TMP/t"
in_the_log() {
    as aad log lijst --json && json "
k=[(x['kind'],x.get('other')) for x in d['entries'] if x['kind'] in ('handover','deputy') and x['outcome']=='done']
assert k==[('deputy','ivo'),('deputy','ivo'),('handover','ivo')], k"
}
claim "the log says who handed to whom" in_the_log
in_caseload() {
    as ivo toon "$first" --uit "$MK_TMP/y" && as aad log lijst --json && json "
e=[x for x in d['entries'] if x['kind']=='copy' and x.get('person')=='ivo'][-1]
assert 'outside-caseload' not in e['questions'], e"
}
claim "the new owner is not outside of the caseload" in_caseload
