#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Witnesses with machines of their own, a vault that is shown in two versions, and time stamps.
# store: both, long
# shellcheck disable=SC2030,SC2031 # a state folder of its own is meant for one line
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
new_vault
out=$MK_TMP/uit

# outside MACHINE ARGUMENTS...: runs on the machine of a witness, who has nothing of ours
outside() {
    local machine=$MK_TMP/machine-$1
    mkdir -p "$machine"
    HOME=$machine XDG_STATE_HOME='' XDG_DATA_HOME='' "$meldkluis" log getuige "${@:2}" --passphrase-fd 3 \
        3< <(phrase "$1") >"$output" 2>"$errors"
}
# refused STATUS PATTERN MACHINE ARGUMENTS...
refused() {
    local wanted=$1 pattern=$2 status
    shift 2
    outside "$@"
    status=$?
    [ "$status" -eq "$wanted" ] && grep -q -- "$pattern" "$errors" && [ "$(wc -l <"$errors")" -eq 1 ] && return
    echo "status $status: $(cat "$errors")"
    return 1
}
state_of() { echo "$MK_TMP/machine-$1/.local/state/meldkluis"; }
# the cosigned note of its newest checkpoint, if a witness put one there
note_of() { find "$1" -maxdepth 1 -name "witness-$(size "$1")-*.note"; }
size() { sed -n 2p "$1/checkpoint"; }
export_log() { as aad log uitvoer "$out" >/dev/null || { cat "$errors" && return 1; }; }
finding() { json 'n={f["name"]:f for f in d["findings"]}; '"$1"; }
show() { as ilse log getuige toon --json && json "$1"; }

# ---- keys ------------------------------------------------------------------------------
key() { outside wim sleutel getuige.voorbeeld/wim && head -n 1 "$output" >"$MK_TMP/wim.vkey" && [ ! -e "$MK_TMP/machine-wim/.local/share" ]; }
claim "a witness makes a key on a machine without a vault" key
words() { [ "$(sed -n '3,$p' "$output" | wc -w)" -eq 16 ]; }
claim "it is printed with sixteen words to read aloud" words
sealed() {
    [ "$(stat -c %a "$(state_of wim)/witness.key")" = 600 ] && ! grep -q 'wachtwoord' "$(state_of wim)/witness.key"
}
claim "it lies sealed, in a file of mode 600" sealed
cp "$output" "$MK_TMP/wim.printed"
claim "a second key does not take its place" refused 1 'bestaat al' wim sleutel getuige.voorbeeld/wim
claim "a name with a space is none" refused 2 'geen naam voor een getuige' bad sleutel 'getuige wim'
outside wil sleutel getuige.voorbeeld/wil && head -n 1 "$output" >"$MK_TMP/wil.vkey"
claim "who has no key cannot sign" refused 1 'nog geen sleutel' bad teken "$MK_TMP"
claim "an unknown step is wrong usage" ends 2 'onbekende stap' bo log getuige zomaar
claim "an option of another step is wrong usage" ends 2 'bij deze stap hoort geen maat' bo log getuige intrek x --maat 3
steps() { "$meldkluis" help log getuige >"$output" && grep -q '^ *vertrouw BESTAND' "$output" && grep -q 'en: stamp' "$output"; }
claim "help names the steps" steps

# ---- naming a witness --------------------------------------------------------------------
claim "only a custodian names a witness" ends 3 'bewaarder' aad log getuige vertrouw "$MK_TMP/wim.vkey"
printed() { ends 0 '' bo log getuige vertrouw "$MK_TMP/wim.printed" --proef; }
claim "the whole of what the witness was shown does as well as its first line" printed
tried() { ends 0 '' bo log getuige vertrouw "$MK_TMP/wim.vkey" --proef && show 'assert d["witnesses"] == []'; }
claim "--proef names nobody" tried
named() { ends 0 '' bo log getuige vertrouw "$MK_TMP/wim.vkey" && show 'assert [w["name"] for w in d["witnesses"]] == ["getuige.voorbeeld/wim"]'; }
claim "a custodian names one" named
claim "not twice" ends 1 'bestaat al' bo log getuige vertrouw "$MK_TMP/wim.vkey"
log_vkey() { as ilse log getuige toon --json && json 'print(d["log"]["vkey"])' >"$MK_TMP/log.vkey"; }
claim "the log's own key is shown to whoever compares it" log_vkey
claim "the log's key is no witness" ends 2 'niet te lezen' bo log getuige vertrouw "$MK_TMP/log.vkey"
logged() { as aad log lijst --soort "$1" --json && json "assert len(d['entries']) == $2, d"; }
claim "naming is in the access log, also where it was only tried" logged witness-trust 3

# ---- the first cosignature -----------------------------------------------------------------
report label=een
export_log || not_ok "the log is exported" "$(cat "$errors")"
wrong() {
    phrase niemand >"$MK_TMP/wrong"
    HOME=$MK_TMP/machine-wim XDG_STATE_HOME='' XDG_DATA_HOME='' "$meldkluis" log getuige teken "$out" --passphrase-fd 3 \
        3<"$MK_TMP/wrong" >"$output" 2>"$errors"
    [ $? -eq 3 ] && grep -q 'wachtwoord klopt niet' "$errors"
}
claim "a wrong passphrase signs nothing" wrong
first() { outside wim teken "$out" && grep -q 'nieuw' "$errors" && [ -f "$(note_of "$out")" ]; }
claim "a witness cosigns what he sees first, and is told to compare its key" first
same_words() {
    sed -n '/woorden van het checkpoint/,/^[^ ]/p' "$output" | sed -n 2,5p >"$MK_TMP/w1"
    as bo log getuige toon --maat "$(size "$out")" && sed -n '/woorden van het checkpoint/,/^[^ ]/p' "$output" | sed -n 2,5p >"$MK_TMP/w2"
    [ "$(wc -w <"$MK_TMP/w1")" -eq 16 ] && cmp "$MK_TMP/w1" "$MK_TMP/w2"
}
claim "witness and office read the same words for the same checkpoint" same_words
same_key() {
    sed -n '/woorden van deze sleutel/,$p' "$output" | sed -n 2,5p >"$MK_TMP/w3"
    outside wil teken "$out" --uit "$MK_TMP/wil-1.note" && sed -n '/woorden van deze sleutel/,$p' "$output" | sed -n 2,5p >"$MK_TMP/w4"
    cmp "$MK_TMP/w3" "$MK_TMP/w4"
}
claim "and the same words for the key of the log" same_key
note=$(note_of "$out")
again() { outside wim teken "$out" --json && json 'assert d["first_use"] is False and d["before"] == d["checkpoint"]["size"]'; }
claim "the same checkpoint may be cosigned again" again
keyed() { cp "$MK_TMP/wim.vkey" "$MK_TMP/andere" && refused 2 'niet te lezen' wim teken "$out" --vkey "$MK_TMP/andere"; }
claim "--vkey wants a log's key" keyed
claim "and takes it" outside wim teken "$out" --vkey "$MK_TMP/log.vkey"
beside() { # before the vault took it in
    "$MK_BUILD/meldkluis-verify" --json --witness "$MK_TMP/wim.vkey" "$out" >"$output" 2>"$errors" </dev/null &&
        json 'assert d["complete"]["verdict"]=="yes", d["complete"]'
}
beside_printed() {
    "$MK_BUILD/meldkluis-verify" --json --witness "$MK_TMP/wim.printed" "$out" >"$output" 2>"$errors" </dev/null &&
        json 'assert d["complete"]["verdict"]=="yes", d["complete"]'
}
claim "meldkluis-verify takes that file, too" beside_printed
claim "the note beside the checkpoint counts for whoever has the key of the witness" beside
other_past() { # a note of this log that does not fit, under a name of a witness
    cp -a "$out" "$MK_TMP/nota" && mv "$MK_TMP/nota/$(basename "$note")" "$MK_TMP/nota/witness-1-00000000.note" &&
        other_digit 3 "$MK_TMP/nota/witness-1-00000000.note"
    "$MK_BUILD/meldkluis-verify" --json "$MK_TMP/nota" >"$output" 2>"$errors" </dev/null
    [ $? -eq 4 ] && json 'assert d["complete"]["verdict"]=="no", d["complete"]'
}
claim "a note there that was changed does not pass" other_past
claim "anybody takes the cosignature in" ends 0 '' ana log getuige neem "$note"
closed() { [ "$(stat -c '%a' "$(place)/checkpoints" "$(place)/checkpoints/$(size "$out")" | xargs)" = "700 600" ]; }
of_files "$no_folder" "where it lies is closed to others" closed
covered() { show "assert d['covered'] == $(size "$out") and d['uncovered'] == d['log_size'] - d['covered'] > 0 and d['days'] == 0 and d['damaged'] == 0"; }
claim "the vault says what it covers" covered
claim "taking in is in the access log" logged witness-take 1
claim "a signature of nobody who was named is not taken in" ends 3 'aangewezen' ana log getuige neem "$MK_TMP/wil-1.note"
merged() {
    ends 0 '' bo log getuige vertrouw "$MK_TMP/wil.vkey" && ends 0 '' ana log getuige neem "$MK_TMP/wil-1.note" &&
        [ "$(document "checkpoints/$(size "$out")" | grep -c '^—')" -eq 3 ] && show 'assert all(w["size"] == d["covered"] for w in d["witnesses"])'
}
claim "a second witness's line is put beside the first" merged
forged() {
    python3 - "$note" "$MK_TMP/forged" <<'END'
import base64, sys
lines = open(sys.argv[1], encoding="utf-8").read().split("\n")
at = max(i for i, l in enumerate(lines) if l.startswith("—"))
dash, name, blob = lines[at].split(" ")
raw = bytearray(base64.b64decode(blob)); raw[11] ^= 1  # the time
lines[at] = " ".join((dash, name, base64.b64encode(bytes(raw)).decode()))
open(sys.argv[2], "w", encoding="utf-8").write("\n".join(lines))
END
    ends 4 'vals' ana log getuige neem "$MK_TMP/forged"
}
claim "a forged cosignature is refused: status 4" forged
claim "no checkpoint at all is wrong input" ends 2 'niet te lezen' ana log getuige neem "$MK_TMP/wim.vkey"
in_export() { export_log && cmp "$out/checkpoints/$(size "$MK_TMP/was")" <(document "checkpoints/$(size "$MK_TMP/was")") && [ "$(wc -l <"$out/witnesses")" -eq 2 ]; }
cp -a "$out" "$MK_TMP/was"
claim "cosignatures and witnesses go out with the next export" in_export

# ---- it goes on --------------------------------------------------------------------------
goes_on() { outside wim teken "$out" --json && json 'assert 0 < d["before"] < d["checkpoint"]["size"] and not d["first_use"]'; }
claim "a log that continues is cosigned" goes_on
many() { # past a tile: the proof goes over two levels
    head -n 301 "$MK_SRC/tests/data/dossiers-2018-2020.csv" >"$MK_TMP/many.csv"
    ends 0 '' ilse invoer "$MK_TMP/many.csv" && export_log && outside wim teken "$out" --json &&
        json 'assert d["checkpoint"]["size"] > 300 and 0 < d["before"] < 256' &&
        ends 0 '' bo log getuige neem "$(note_of "$out")"
}
keep vroeg
claim "also over many entries" many
claim "an older export is refused, loudly: status 4" refused 4 'KORTER' wim teken "$MK_TMP/was"
claim "by who has seen less it is not: nothing contradicts" outside wil teken "$MK_TMP/was"

# ---- split view: a copy of the vault that goes on by itself --------------------------------
keep ander
report label=hier
export_log
cp -a "$MK_TMP/was" "$MK_TMP/uit-ander"
other() { "$meldkluis" -k "$(place_of ander)" -g "$1" --passphrase-fd 3 "${@:2}" 3< <(phrase "$1") >"$output" 2>"$errors"; }
# the other machine has not seen this one: a state of its own
(export XDG_STATE_HOME=$MK_TMP/ander-state && for _ in 1 2 3 4 5; do other ilse lijst; done && other aad log uitvoer "$MK_TMP/uit-ander") ||
    not_ok "the other copy is exported" "$(cat "$errors")"
mine() { outside wim teken "$out"; }
claim "the witness cosigns the one that is shown first" mine
split() { [ "$(size "$MK_TMP/uit-ander")" -gt "$(size "$out")" ] && refused 4 'HET LOGBOEK IS GESPLITST' wim teken "$MK_TMP/uit-ander"; }
claim "and refuses the other, loudly: status 4" split
no_note() { [ -z "$(note_of "$MK_TMP/uit-ander")" ]; }
claim "no signature is given out" no_note
evidence() { cmp "$(ls "$(state_of wim)"/*.split-*)" "$MK_TMP/uit-ander/checkpoint"; }
claim "both checkpoints are kept as evidence" evidence
cheated() { outside wil teken "$MK_TMP/uit-ander" --uit "$MK_TMP/wil-2.note"; }
claim "a witness who was shown the other one only cannot know" cheated
compared() { [ "$(grep -c '^—' "$MK_TMP/wil-2.note")" -eq 2 ] && as ilse lijst && as ilse lijst && as ilse lijst && as ilse lijst && as ilse lijst && ends 4 'GESPLITST' ana log getuige neem "$MK_TMP/wil-2.note"; }
claim "but what he signed gives it away here: status 4" compared
planted() {
    local name
    name=checkpoints/$(size "$MK_TMP/uit-ander")
    set_document "$name" <"$MK_TMP/wil-2.note" && ends 4 'GESPLITST' ilse log getuige toon && no_document "$name"
}
claim "also when it is found among what was taken in" planted
ahead() { (export XDG_STATE_HOME=$MK_TMP/ander-state && other ilse log getuige neem "$(note_of "$out")"; [ $? -eq 4 ]); }
claim "and the other copy refuses what was signed here" ahead
back() {
    mixed terug vroeg checkpoints
    (export XDG_STATE_HOME=$MK_TMP/fresh-state && as ilse --kluis "$(place_of terug)" lijst && ends 4 'KORTER' ilse --kluis "$(place_of terug)" log getuige toon &&
        as ilse --kluis "$(place_of terug)" dokter --json; finding 'assert not n["witnesses"]["ok"]')
}
claim "an old vault beside newer cosignatures is noticed, also where nobody had a mark" back

# ---- hostile exports -------------------------------------------------------------------------
hostile() { # NAME COMMAND: a copy of the export is changed by the command, and the witness refuses
    rm -rf "$MK_TMP/hostile" && cp -a "$out" "$MK_TMP/hostile" && (cd "$MK_TMP/hostile" && eval "$1") || return 1
    refused "$2" "$3" wim teken "$MK_TMP/hostile"
}
report label=nog && export_log
edge=$(cd "$out" && ls tile/0/*.p/"$(($(size "$out") % 256))")
claim "a tile with a changed hash is refused" hostile "flip $edge 5" 4 'tile.*nieuwe uitvoer op een andere stick'
claim "a tile that is too short is refused" hostile "truncate -s -1 $edge" 4 'tile'
claim "a missing tile is refused" hostile "rm $edge" 2 'is er niet'
claim "a link in the place of a tile is refused" hostile "ln -sf /dev/zero $edge" 2 'is er niet'
claim "a pipe in the place of the checkpoint is refused" hostile "rm checkpoint && mkfifo checkpoint" 2 'is er niet'
claim "a checkpoint that is far too long is refused" hostile "head -c 100000 /dev/zero >checkpoint" 2 'te groot'
claim "a checkpoint with another root is refused" hostile "other_digit 3 checkpoint" 4 ''
claim "a checkpoint of another name is refused" hostile "sed -i 1s/Proef/Ander/ checkpoint" 4 ''
claim "a folder that is none is refused by its name" refused 1 'geen uitvoer van een logboek op .*nergens' wim teken "$MK_TMP/nergens"
after() { outside wim teken "$out"; }
claim "and after all of these the true one is still cosigned" after

# ---- a witness who is none any more --------------------------------------------------------
claim "only a custodian drops a witness" ends 3 '' ilse log getuige intrek getuige.voorbeeld/wil
claim "an unknown one is not found" ends 1 'niet gevonden' bo log getuige intrek nemo
dropped() {
    ends 0 '' bo log getuige intrek getuige.voorbeeld/wil && show 'assert [w["trusted"] for w in d["witnesses"]] == [True, False]' &&
        ends 3 'aangewezen' ana log getuige neem "$MK_TMP/wil-1.note" && [ "$(document "checkpoints/$(size "$MK_TMP/was")" | grep -c '^—')" -eq 3 ]
}
claim "a custodian drops one: his later lines do not count, earlier ones stay" dropped
told() {
    as aad log lijst --vraag beheer && grep -q 'bo .* getuige ingetrokken ' "$output" && ! grep -q 'instelling gewijzigd' "$output" &&
        grep -q "bevestiging van een getuige opgenomen ($(size "$MK_TMP/was"))" "$output"
}
claim "the reviewer reads that one was dropped, and of which size one was taken in" told
damaged() { echo rommel | set_document checkpoints/7 && show 'assert d["damaged"] == 1' && no_document checkpoints/7; }
claim "a file that proves nothing is counted as such" damaged
whole() { ends 0 '' aad log controleer; }
claim "the vault verifies with witnesses in its register" whole

# ---- dokter ------------------------------------------------------------------------------------
young() { ends 0 '' bo log getuige neem "$(note_of "$out")" && as ilse dokter --json; finding 'assert n["witnesses"]["ok"] and "1 witnesses" in n["witnesses"]["value"], n["witnesses"]'; }
claim "dokter says how old the newest cosignature is" young
old() {
    MELDKLUIS_TEST_TIME=$(date -u -d '+15 days' +%FT%T) as ilse dokter --json
    finding 'assert not n["witnesses"]["ok"] and "15 days" in n["witnesses"]["value"], n["witnesses"]'
}
claim "and asks for a new one after fourteen days" old

future() {
    export MELDKLUIS_TEST_TIME
    MELDKLUIS_TEST_TIME=$(date -u -d '-2 days' +%FT%T)
    as ilse dokter --json
    finding 'assert not n["witness-clock"]["ok"]' && as ilse log getuige toon && grep -q ' toekomst' "$output"
    local rc=$?
    unset MELDKLUIS_TEST_TIME
    return $rc
}
claim "a cosignature from the future is told as such" future

# ---- time stamps: an authority of our own, made by openssl ---------------------------------------
tsa=$MK_TMP/tsa
authority() {
    mkdir -p "$tsa" && cd "$tsa" || return 1
    cat >conf <<'END'
[req]
distinguished_name = dn
prompt = no
[dn]
CN = Proefdienst
[ca]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[tsa]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa_config]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
certs = ca.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[plain]
END
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 30 \
        -config conf -extensions ca -subj /CN=Proefautoriteit &&
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tsa.key -out tsa.csr -config conf &&
        openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out tsa.pem -days 30 -extfile conf -extensions tsa &&
        echo 01 >serial
}
# stamp FILE OUT [QUERY OPTIONS]
stamp() {
    local file=$1 answer=$2
    shift 2
    (cd "$tsa" && openssl ts -query -data "$file" -sha256 -cert "$@" -out query.tsq 2>>log &&
        openssl ts -reply -config conf -section tsa_config -queryfile query.tsq -out "$answer" 2>>log)
}
claim "a local authority is made with openssl" authority
n=$(size "$out")
head -n 3 "$out/checkpoint" >"$MK_TMP/body"
stamped() { stamp "$MK_TMP/body" "$MK_TMP/a.tsr" && ends 0 '' ana log getuige stempel "$MK_TMP/a.tsr" --maat "$n" && document "checkpoints/$n.1.tsr" | cmp "$MK_TMP/a.tsr"; }
claim "its answer over a checkpoint is taken in" stamped
checked() { # the very line of the page
    local line
    line=$(sed -n 's/^    \(openssl ts -verify .*\)/\1/p' "$MK_SRC/docs/WITNESS.md")
    mkdir "$MK_TMP/page" && cd "$MK_TMP/page" || return 1
    cp "$MK_TMP/body" body && document "checkpoints/$n.1.tsr" >answer.tsr && cp "$tsa/ca.pem" authority.pem
    [ -n "$line" ] && eval "$line"
}
claim "openssl verifies it, as docs/WITNESS.md says" checked
moment() { as ana log getuige stempel "$MK_TMP/a.tsr" --maat "$n" --json && json "assert d['number'] == 1 and abs(d['time'] - $(date +%s)) < 600"; }
claim "the same answer is kept once, and its time is read" moment
second() { stamp "$MK_TMP/body" "$MK_TMP/b.tsr" -no_nonce && ends 0 '' ana log getuige stempel "$MK_TMP/b.tsr" --maat "$n" && has_document "checkpoints/$n.2.tsr"; }
claim "a second answer is put beside it" second
stamps_told() {
    as ilse log getuige toon && [ "$(grep -c "$(date +%Y-).* $n  *checkpoints/$n.[12].tsr" "$output")" -eq 2 ] &&
        as ilse log getuige toon --json && json "assert d['stamps'] == 2 and [(s['size'], s['number']) for s in d['time_stamps']] == [($n, 1), ($n, 2)] and d['damaged'] == 0"
}
claim "log getuige toon tells both, with their times" stamps_told
foreign() { # over another size, as somebody might put it there
    set_document "checkpoints/$((n - 1)).1.tsr" <"$MK_TMP/a.tsr" && as ilse log getuige toon --json &&
        json "assert d['stamps'] == 2 and d['damaged'] == 1" && no_document "checkpoints/$((n - 1)).1.tsr"
}
claim "a stamp over another text is counted as one that proves nothing" foreign
claim "of another size it is refused" ends 2 'andere tekst' ana log getuige stempel "$MK_TMP/a.tsr" --maat $((n - 1))
claim "of a size that is not there too" ends 2 'getal' ana log getuige stempel "$MK_TMP/a.tsr" --maat 99999999
claim "a size has to be said" ends 2 'maat ontbreekt' ana log getuige stempel "$MK_TMP/a.tsr"
other_hash() { (cd "$tsa" && openssl ts -query -data "$MK_TMP/body" -sha512 -out q5.tsq 2>>log && openssl ts -reply -config conf -section tsa_config -queryfile q5.tsq -out "$MK_TMP/c.tsr" 2>>log) && ends 2 'niet te lezen' ana log getuige stempel "$MK_TMP/c.tsr" --maat "$n"; }
claim "an answer over another hash is refused" other_hash
# flipped AT: one bit of the answer, in $MK_TMP/d.tsr
flipped() { cp "$MK_TMP/a.tsr" "$MK_TMP/d.tsr" && flip "$MK_TMP/d.tsr" "$1"; }
by_openssl() { openssl ts -verify -data "$MK_TMP/body" -in "$MK_TMP/d.tsr" -CAfile "$tsa/ca.pem" >/dev/null 2>&1; }
imprint() { # where the hash of the text begins
    python3 -c 'import hashlib,sys; print(open(sys.argv[2],"rb").read().find(hashlib.sha256(open(sys.argv[1],"rb").read()).digest()))' \
        "$MK_TMP/body" "$MK_TMP/a.tsr"
}
bad_signature() { flipped $(($(stat -c %s "$MK_TMP/a.tsr") - 1)) && ! by_openssl; }
claim "openssl refuses an answer with another signature" bad_signature
bad_imprint() { flipped "$(imprint)" && ! by_openssl && ends 2 'andere tekst' ana log getuige stempel "$MK_TMP/d.tsr" --maat "$n"; }
claim "an answer with another imprint is refused by openssl and here" bad_imprint
cut() { head -c 200 "$MK_TMP/a.tsr" >"$MK_TMP/e.tsr" && ends 2 'niet te lezen' ana log getuige stempel "$MK_TMP/e.tsr" --maat "$n"; }
claim "an answer that was cut off is refused here" cut
denied() { (cd "$tsa" && sed -i 's/^digests = .*/digests = sha512/' conf && openssl ts -query -data "$MK_TMP/body" -sha256 -out q.tsq 2>>log && openssl ts -reply -config conf -section tsa_config -queryfile q.tsq -out "$MK_TMP/f.tsr" 2>>log; [ -s "$MK_TMP/f.tsr" ]) && ends 2 'geweigerd' ana log getuige stempel "$MK_TMP/f.tsr" --maat "$n"; }
claim "a refusal of the authority is no stamp" denied
in_export_too() { export_log && cmp "$MK_TMP/a.tsr" "$out/checkpoints/$n.1.tsr"; }
claim "stamps go out with the export" in_export_too
