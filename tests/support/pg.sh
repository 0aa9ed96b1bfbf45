# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Servers of PostgreSQL for tests: made by whoever runs the test, gone when it ends.
#
#   pg_start NAME [SETTING=VALUE...]    a primary, empty; ready when this returns
#   pg_standby NAME PRIMARY [SETTING=VALUE...]   a copy that follows, by a slot
#   pg_wait_for PRIMARY STANDBY         commits on PRIMARY wait for STANDBY from now on
#   pg_promote NAME                     the standby becomes a primary
#   pg_kill NAME                        all its processes at once, by signal 9
#   pg_stop NAME [again]                in good order; its files go, unless it starts again
#   pg_again NAME                       starts what was killed or stopped
#   pg_database NAME DB                 a database with the tables of a vault, still empty
#   pg_copy_database NAME FROM TO       TO becomes a copy of FROM; both have no clients
#   pg_url NAME[,NAME...] DB [ROLE] [KEY=VALUE...]   what --kluis takes
#   pg_sql NAME DB [psql options]       runs the SQL of standard input or -c as superuser
#   pg_pid NAME, pg_socket NAME, pg_log NAME, pg_data NAME
#   pg_end                              all of them, at once
#
# `run` is the server that tests/run --on server keeps for all tests of that run.
#
# Roles in a database of pg_database: `inspecteur` may what the application may,
# `wisser` may prune and destroy as well, `postgres` is superuser.
#
# A server listens on a UNIX socket only, in a folder that only its owner and the
# group of whoever runs the test can enter: anybody who gets there is let in. It never
# runs as root. Its files lie in $MK_TMP/pg/NAME, and nothing waits for the disk unless
# fsync=on is asked for: what is killed is the process, not the machine.
#
# Everything is stopped by process id when the shell that read this file ends; who sets
# a trap on EXIT calls pg_end in it.

pg_fail() {
    echo "tests: $*" >&2
    return 1
}

pg_bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t / -k 5 -n | tail -n 1)
# the path of a socket has room for 107 bytes
pg_place=${MK_TMP:-${TMPDIR:-/tmp}}/pg
[ "${#pg_place}" -le 60 ] || pg_place=$(mktemp -d /tmp/mk-pg.XXXXXX)
pg_user=()
if [ "$(id -u)" -eq 0 ]; then
    pg_account=postgres
    id -u "$pg_account" >/dev/null 2>&1 || pg_account=nobody
    pg_user=(setpriv --reuid "$pg_account" --regid "$(id -g "$pg_account")" --clear-groups
        env HOME=/ TMPDIR=/tmp)
fi
pg_have() { [ -x "$pg_bin/postgres" ] || pg_fail "no server of PostgreSQL here; run .ci/setup check"; }

pg_data() { echo "$pg_place/$1/data"; }
pg_log() { echo "$pg_place/$1/log"; }
pg_socket() { if [ "$1" = run ]; then echo "$MK_PG_RUN"; else echo "$pg_place/$1/s"; fi; }
pg_pid() { head -n 1 "$pg_place/$1/data/postmaster.pid" 2>/dev/null; }

pg_end() { # all servers of this shell, without ado
    local server
    for server in "$pg_place"/*/; do
        [ -e "$server/data" ] && pg_kill "$(basename "$server")"
    done
    rm -rf "$pg_place"
}
trap pg_end EXIT

# pg_folder NAME: its folder, with the one of its socket
pg_folder() {
    mkdir -p "$pg_place" && chmod 711 "$pg_place" && mkdir -m 711 "$pg_place/$1" && mkdir -m 710 "$pg_place/$1/s" || return 1
    [ ${#pg_user[@]} -eq 0 ] ||
        chown "$pg_account" "$pg_place/$1" "$pg_place/$1/s" || return 1
}
# pg_settings NAME SETTING=VALUE...: added to those it has
pg_settings() {
    local file=$pg_place/$1/data/postgresql.conf pair
    shift
    for pair; do printf "%s = '%s'\n" "${pair%%=*}" "${pair#*=}"; done >>"$file"
}

# pg_template: a cluster to be copied, made once in a run of tests ($MK_PG_TEMPLATE)
# or else once in a test
pg_template() {
    pg_made=${MK_PG_TEMPLATE:-$pg_place/template}
    [ ! -e "$pg_made/done" ] || return 0
    pg_have && mkdir -p "$(dirname "$pg_made")" && (umask 022 && mkdir "$pg_made") || return 1
    [ ${#pg_user[@]} -eq 0 ] || chown "$pg_account" "$pg_made" || return 1
    "${pg_user[@]}" "$pg_bin/initdb" -D "$pg_made/data" -U postgres -A trust -E UTF8 --locale=C \
        --wal-segsize=1 --no-sync --no-instructions >"$pg_made.log" 2>&1 || {
        pg_fail "initdb: $(tail -n 3 "$pg_made.log")"
        return
    }
    printf 'local %s all trust\n' all replication |
        "${pg_user[@]}" tee "$pg_made/data/pg_hba.conf" >/dev/null
    # files of shared memory lie in the folder, so that a killed server leaves none
    cat >>"$pg_made/data/postgresql.conf" <<'CONF'
listen_addresses = ''
fsync = off
full_page_writes = off
shared_buffers = 32MB
max_connections = 60
max_wal_size = 512MB
dynamic_shared_memory_type = mmap
log_line_prefix = '%m [%p] %q%u@%d '
log_min_messages = warning
wal_retrieve_retry_interval = 100ms
timezone = UTC
log_timezone = UTC
CONF
    : >"$pg_made/done"
}

# pg_run NAME: starts it, and waits until it answers
pg_run() {
    local home=$pg_place/$1 pid
    # of a killed one; the number in there may be somebody else's by now
    rm -f "$home/data/postmaster.pid" "$home/s"/.s.*
    "${pg_user[@]}" "$pg_bin/postgres" -D "$home/data" -k "$home/s" >>"$home/log" 2>&1 </dev/null &
    pid=$!
    disown
    for _ in $(seq 600); do
        case $(sed -n 8p "$home/data/postmaster.pid" 2>/dev/null) in
        ready* | standby*) return ;;
        esac
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.05
    done
    pg_fail "the server $1 does not start: $(tail -n 5 "$home/log")"
}

pg_start() { # NAME [SETTING=VALUE...]
    local name=$1
    shift
    pg_template && pg_folder "$name" && cp -a "$pg_made/data" "$pg_place/$name/data" &&
        pg_settings "$name" "$@" && pg_run "$name"
}

pg_standby() { # NAME PRIMARY [SETTING=VALUE...]
    local name=$1 primary=$2
    shift 2
    pg_folder "$name" || return 1
    "${pg_user[@]}" "$pg_bin/pg_basebackup" -D "$pg_place/$name/data" -R -C -S "slot_$name" -c fast --no-sync \
        -d "host=$(pg_socket "$primary") user=postgres application_name=$name" 2>"$pg_place/$name.backup" || {
        pg_fail "pg_basebackup: $(cat "$pg_place/$name.backup")"
        return
    }
    pg_settings "$name" hot_standby=on "$@" && pg_run "$name"
}

pg_wait_for() { # PRIMARY STANDBY
    pg_sql "$1" postgres -c "ALTER SYSTEM SET synchronous_standby_names = '$2'" -c 'SELECT pg_reload_conf()' >/dev/null || return 1
    for _ in $(seq 200); do
        [ "$(pg_sql "$1" postgres -c "SELECT sync_state FROM pg_stat_replication WHERE application_name = '$2'")" = sync ] && return
        sleep 0.05
    done
    pg_fail "$2 does not follow $1"
}

pg_promote() { # NAME
    # what it has to wait for was a setting of the primary before it
    pg_settings "$1" synchronous_standby_names= || return 1
    [ "$(pg_sql "$1" postgres -c 'SELECT pg_promote(true, 30)')" = t ] || pg_fail "$1 is not promoted"
}

pg_runs() { [ -n "$1" ] && grep -qs . "/proc/$1/cmdline"; } # PID: of a zombie that file is empty
# pg_family NAME: the process that was started, and those below it
pg_family() {
    local pid
    pid=$(pg_pid "$1")
    pg_runs "$pid" && grep -qsF "$pg_place/$1/data" "/proc/$pid/cmdline" && echo "$pid" && ps -o pid= --ppid "$pid" | tr -d ' '
}
# pg_gone NAME PID: waits until it has ended
pg_gone() {
    for _ in $(seq 600); do
        pg_runs "$2" || return 0
        sleep 0.02
    done
    pg_fail "the server $1 does not end"
}

pg_kill() { # NAME
    local family pid
    mapfile -t family < <(pg_family "$1")
    for pid in "${family[@]}"; do kill -KILL "$pid" 2>/dev/null; done
    for pid in "${family[@]}"; do pg_gone "$1" "$pid"; done
    # the one thing of a killed server that outlives its files
    pid=$(sed -n 7p "$pg_place/$1/data/postmaster.pid" 2>/dev/null | awk '{ print $2 }')
    [ -z "$pid" ] || ipcrm -m "$pid" 2>/dev/null
    return 0
}

pg_stop() { # NAME [again]
    local pid
    pid=$(pg_family "$1" | head -n 1)
    [ -z "$pid" ] || { kill -INT "$pid" && pg_gone "$1" "$pid"; } || return 1
    [ "${2:-}" = again ] || rm -rf "${pg_place:?}/$1"
}

pg_again() { pg_run "$1"; } # NAME

pg_sql() { # NAME DB [psql options]
    local name=$1 db=$2
    shift 2
    "$pg_bin/psql" -X -q -At -v ON_ERROR_STOP=1 -h "$(pg_socket "$name")" -U postgres -d "$db" "$@"
}

# The tables and the roles come from the program itself, as an administrator has them;
# once in a server, and a database is a copy of that.
pg_empty=kluis_leeg
pg_schema() { # NAME
    local name=$1
    [ -z "$(pg_sql "$name" postgres -c "SELECT 1 FROM pg_database WHERE datname = '$pg_empty'")" ] || return 0
    pg_sql "$name" postgres -c "CREATE DATABASE $pg_empty" &&
        "$MK_BUILD/meldkluis-pg" --schema | pg_sql "$name" "$pg_empty" >/dev/null &&
        pg_sql "$name" "$pg_empty" -c 'CREATE ROLE inspecteur LOGIN IN ROLE meldkluis_gebruik' \
            -c 'CREATE ROLE wisser LOGIN IN ROLE meldkluis_gebruik, meldkluis_wissen'
}
pg_copy_database() { pg_sql "$1" postgres -c "CREATE DATABASE $3 TEMPLATE $2"; } # NAME FROM TO
pg_database() { pg_schema "$1" && pg_copy_database "$1" "$pg_empty" "$2"; } # NAME DB

pg_url() { # NAME[,NAME...] DB [ROLE] [KEY=VALUE...]
    local names=${1//,/ } db=$2 role=${3:-wisser} hosts='' name pair
    for name in $names; do hosts+=${hosts:+,}$(pg_socket "$name"); done
    printf 'postgresql://%s@/%s?host=%s' "$role" "$db" "$hosts"
    for pair in "${@:4}"; do printf '&%s' "$pair"; done
    echo
}
