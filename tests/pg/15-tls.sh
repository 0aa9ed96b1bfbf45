#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The way to a server over TCP: who proves what to whom, and that meldkluis-pg, shut in as
# it is, can speak through the cipher.
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
# shellcheck source=tests/support/pg.sh
. "$MK_SRC/tests/support/pg.sh"

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# certificate NAME: a key and a certificate of localhost, signed by itself
certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost -keyout "$keys/$1.key" -out "$keys/$1.crt" 2>/dev/null
}

keys=$MK_TMP/keys port=$(free_port)
server_with_tls() {
    mkdir -m 755 "$keys" && certificate server && certificate other || return 1
    printf '%s\n' 'local all all trust' 'hostssl all inspecteur 127.0.0.1/32 scram-sha-256' >"$keys/hba"
    chmod 644 "$keys"/*.crt "$keys/hba" && chmod 600 "$keys/server.key" || return 1
    # the server takes a key of its own account only
    [ ${#pg_user[@]} -eq 0 ] || chown "$pg_account" "$keys/server.key" || return 1
    pg_start tls listen_addresses=127.0.0.1 port="$port" hba_file="$keys/hba" ssl=on \
        ssl_cert_file="$keys/server.crt" ssl_key_file="$keys/server.key" &&
        PGPORT=$port pg_database tls kluis &&
        PGPORT=$port pg_sql tls kluis -c "ALTER ROLE inspecteur PASSWORD 'geheim woord'"
}
server_with_tls || exit 1

# reach URL-END: asks the vault of that database, which has none yet
reach() { "$meldkluis" --taal en --kluis "postgresql://inspecteur@localhost:$port/kluis$1" dokter >"$output" 2>"$errors"; }
tells() { grep -qE "$1" "$output" "$errors" || { cat "$output" "$errors" && return 1; }; }

mkdir -p "$HOME/.postgresql"
cp "$keys/server.crt" "$HOME/.postgresql/root.crt"
(umask 077 && echo "localhost:$port:kluis:inspecteur:geheim woord" >"$HOME/.pgpass")

right() {
    reach "?sslmode=verify-full"
    tells "there is no vault"
}
claim "a server with the right certificate is reached, and asked through the cipher" right
wrong_certificate() {
    cp "$keys/other.crt" "$HOME/.postgresql/root.crt"
    reach "?sslmode=verify-full"
    tells "server was not reached.*certificate verify failed" || return 1
    cp "$keys/server.crt" "$HOME/.postgresql/root.crt"
}
claim "a server with another certificate is not" wrong_certificate
wrong_name() {
    reach "?host=127.0.0.1&sslmode=verify-full"
    tells "server was not reached.*does not match"
}
claim "nor one that has another name" wrong_name
in_clear() {
    reach "?sslmode=disable"
    tells "server refuses this account.*28000"
}
claim "a way without cipher, where the server wants one, is refused" in_clear
no_password() {
    mv "$HOME/.pgpass" "$MK_TMP/pgpass"
    PGPASSWORD='geheim woord' reach "?sslmode=verify-full"
    tells "server refuses this account" || return 1
    (umask 077 && echo "localhost:$port:kluis:inspecteur:another" >"$HOME/.pgpass")
    reach "?sslmode=verify-full"
    tells "server refuses this account.*28P01"
}
claim "a password comes from .pgpass, never from the environment, and a wrong one is told" no_password
in_address() {
    ! "$meldkluis" --taal en --kluis "postgresql://inspecteur:geheim@localhost:$port/kluis" dokter >"$output" 2>&1 &&
        ! grep -q geheim "$output" && tells "use .pgpass"
}
claim "a password in the address is refused" in_address
spelt() {
    local address
    for address in POSTGRESQL://localhost/kluis postgresql:/kluis Postgres://localhost/kluis http://localhost/kluis; do
        "$meldkluis" --taal en --kluis "$address" dokter >"$output" 2>"$errors"
        [ $? -eq 2 ] && tells "begins with postgresql:// in small letters" || return 1
    done
    mkdir -p "$MK_TMP/postgresql:" && (cd "$MK_TMP" && "$meldkluis" --taal en --kluis ./postgresql:/x dokter >"$output" 2>"$errors")
    tells "there is no vault"
}
claim "an address in another spelling is not taken for a folder" spelt

# ---- what meldkluis-pg is while it connects ----------------------------------------------
service() {
    printf '%s\n' '[kluis]' host=localhost "port=$port" dbname=kluis user=inspecteur sslmode=verify-full "password=geheim woord" >"$HOME/.pg_service.conf"
    rm -f "$HOME/.pgpass"
    "$meldkluis" --taal en --kluis 'postgresql:///?service=kluis' dokter >"$output" 2>"$errors"
    tells "there is no vault" || return 1
    echo options=-cfsync=off >>"$HOME/.pg_service.conf"
    "$meldkluis" --taal en --kluis 'postgresql:///?service=kluis' dokter >"$output" 2>"$errors"
    tells "options cannot stand in the address of a vault, or not in the service file"
}
claim "a service file, with a password, is taken as libpq takes it, but not all that it can say" service
# a server that lets in and says nothing: what comes to it holds still to be looked at
shut_in() {
    local silent pid helper found=1
    exec 5< <(exec python3 "$MK_SRC/tests/pg/hostile.py" silent)
    local listener=$!
    read -r silent <&5
    "$meldkluis" --kluis "postgresql://127.0.0.1:$silent/kluis?connect_timeout=5" dokter >/dev/null 2>&1 &
    pid=$!
    for _ in $(seq 60); do
        helper=$(ps -o pid= --ppid "$pid" | tr -d ' ')
        [ -n "$helper" ] && grep -qs '^NoNewPrivs:[[:space:]]*1$' "/proc/$helper/status" &&
            { grep -aq __asan_init "$meldkluis" || { grep -qs '^Seccomp:[[:space:]]*2$' "/proc/$helper/status" &&
                [ "$(readlink "/proc/$helper/fd/1" "/proc/$helper/fd/2" | sort -u)" = /dev/null ]; }; } && found=0 && break
        sleep 0.05
    done
    kill "$listener" "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    exec 5<&-
    return "$found"
}
claim "it is shut in before it is connected" shut_in

# ---- a vault, after all that looked for none ------------------------------------------
no_folder() {
    for who in bo bea ria ana aad; do phrase "$who"; done >"$MK_TMP/phrases"
    "$meldkluis" --kluis "postgresql://inspecteur@localhost:$port/kluis" init --herkomst Proef --bewaarder bo --bewaarder bea --inspecteur ria \
        --analist ana --auditor aad --passphrase-fd 3 3<"$MK_TMP/phrases" >"$output" 2>"$errors" || { cat "$errors" && return 1; }
    "$meldkluis" --kluis "postgresql://inspecteur@localhost:$port/kluis" dokter >"$output" 2>"$errors"
    grep -q 'bewaarsleutels *in de kluis' "$output" && ! grep -q 'map van de kluis' "$output"
}
(umask 077 && echo "localhost:$port:kluis:inspecteur:geheim woord" >"$HOME/.pgpass")
claim "a vault is made through the cipher, and dokter speaks of no folder" no_folder
