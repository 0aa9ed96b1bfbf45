#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Emergency access to a restricted dossier, whom it is told, and what is told of people who left.
# store: both, long
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
new_vault
report label=waterverf
first=$tag
ends 0 '' ilse overdracht "$first" --aan ivo
report label=geheimwoord
shut=$tag
ends 0 '' ilse beperk "$shut" --aan ilse

# ---- emergencies ----------------------------------------------------------------
claim "who is named needs no emergency" ends 5 'niet beperkt' ilse nood vraag "$shut" --waarom GEV
claim "an asking wants a reason, and says which there are" ends 2 'waarom CODE ontbreekt.*AFW' ivo nood vraag "$shut"
claim "and no more than 72 hours" ends 2 '72' ivo nood vraag "$shut" --waarom GEV --uren 73
claim "without an asking there is no emergency" ends 3 'nog geen noodtoegang gevraagd.*nood vraag' ivo toon "$shut" --doel NOOD --uit "$MK_TMP/z"
asked() { ends 0 '' ivo nood vraag "$shut" --waarom GEV --uren 2 && nr=$(cat "$output") && [ -n "$nr" ]; }
if asked; then ok "an inspector asks"; else not_ok "an inspector asks" "$(cat "$errors")"; fi
claim "nothing was given yet" ends 3 '0 van de 2 delen' ivo toon "$shut" --doel NOOD --uit "$MK_TMP/z"
claim "an inspector gives nothing" ends 3 '' ilse nood geef "$nr"
claim "a custodian gives his share" ends 0 '' bo nood geef "$nr"
claim "who gives hears to whom, of what, why, and what is missing" grep -q "$shut: ivo, tot .*GEV (.*nog een andere bewaarder doet nood geef $nr" "$errors"
claim "no custodian counts twice" ends 1 "u gaf uw deel al.*nood geef $nr" bo nood geef "$nr"
claim "one share is not enough" ends 3 '1 van de 2 delen' ivo toon "$shut" --doel NOOD --uit "$MK_TMP/z"
claim "a second custodian gives his" ends 0 '' bea emergency grant "$nr"
claim "without the purpose it stays shut" ends 3 'is beperkt' ivo toon "$shut" --doel CTL --uit "$MK_TMP/z"
opened() { ends 0 '' ivo toon "$shut" --doel NOOD --uit "$MK_TMP/z" && grep -q geheimwoord "$MK_TMP/z"; }
claim "with two shares it opens" opened
claim "an asking that is not there" ends 2 "nummer 999.*nood lijst" bo nood geef 999
listed() { as bo nood lijst --json && json "x=d['emergencies']; assert [(e['by'],e['reason'],e['shares'],e['closed']) for e in x]==[('ivo','GEV',2,False)], x"; }
claim "everybody sees what was asked and given" listed
logged() { as aad log lijst --json && json "
k=[(x['kind'],x['person']) for x in d['entries'] if x['kind'].startswith('emergency') and x['outcome']!='refused']
assert ('emergency-ask','ivo') in k and ('emergency-grant','bo') in k and ('emergency-grant','bea') in k and ('emergency-open','ivo') in k, k"; }
claim "the log has asking, shares and opening" logged
told() { # WHO COMMAND...: in text and in JSON
    local who=$1
    shift
    as "$who" "$@" && grep -q "gegeven aan ivo: nood sluit $shut" "$errors" && as "$who" "$@" --json &&
        json "x=d['emergencies']; assert [(e['tag'],e['by'],e['shares']) for e in x]==[('$shut','ivo',2)], x"
}
claim "who is named is told by the clock that it is not closed" told ilse klok
claim "and by the list" told ilse lijst
untold() { as ivo klok && ! grep -q 'nood sluit' "$errors" && as ivo klok --json && json "assert d['emergencies']==[], d"; }
claim "who is not named is not: he cannot close it" untold
doctor() { # WHO NAME OK VALUE
    as "$1" dokter --json
    json "x=[f for f in d['findings'] if f['name']=='$2']; assert [(f['ok'],f['value']) for f in x]==[($3,'$4')], x"
}
claim "doctor finds it, for everybody" doctor ana emergencies-open False 1
claim "who is not named does not close it" ends 3 'is beperkt' ivo nood sluit "$shut" --doel CTL
claim "who is named gives it a new key" ends 0 '' ilse nood sluit "$shut"
claim "then doctor is content" doctor ilse emergencies-open True 0
claim "then the shares open nothing" ends 3 'geldt niet meer' ivo toon "$shut" --doel NOOD --uit "$MK_TMP/y2"
claim "and no more are given" ends 3 'geldt niet meer' bo nood geef "$nr"
claim "what was written before can still be read" ends 0 '' ilse toon "$shut" --uit "$MK_TMP/y3"

# ---- somebody leaves ------------------------------------------------------------
claim "a dossier for ivo alone" ends 0 '' ivo beperk "$first" --aan ivo
claim "ivo is suspended" ends 0 '' bo gebruiker blokkeer ivo
claim "doctor tells an inspector of dossiers without one" doctor ilse orphans False 1
claim "whose they are others cannot read" doctor bo orphans True 'told to inspectors only'
claim "everybody is told of restricted ones whose people left" doctor bo restricted-people False '1 of 2'
claim "and that nobody can open it" doctor ana restricted-shut False '1 of 2'
claim "doctor says it in Dutch" bash -c "$(declare -f as phrase ends); meldkluis=$meldkluis output=$output errors=$errors
    as bo dokter; grep -q 'LET OP *beperkt: niemand kan erbij *1 van 2' $output"
claim "who is not named does not take it over" ends 3 'is beperkt' ilse overdracht "$first" --aan ilse --doel OVD
claim "ivo comes back" ends 0 '' bo gebruiker hervat ivo
claim "then nothing is wrong" doctor bo restricted-people True '0 of 2'
claim "the vault is whole afterwards" ends 0 '' aad log controleer
