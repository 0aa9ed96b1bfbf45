/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The driver for PostgreSQL with whatever meldkluis-pg may answer: it neither
 * falls nor waits, gives only values that its frames hold, and after a frame
 * that is none it is of no use any more.
 */
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/store/driver.h"
#include "core/store/wire.h"
#include "tests/fuzz/fuzz.h"

#define ROWS_MAX 100000

static struct mk_secret *dbk;

static void read_columns(struct mk_driver *d, enum mk_query q)
{
    struct mk_sql_value v;

    for (unsigned i = 0; i <= MK_QUERY_COLUMNS; i++) {
        volatile uint8_t sum = 0;

        if (!d->ops->column(d, q, i, &v))
            continue;
        CLAIM(i < MK_QUERY_COLUMNS);
        CLAIM(v.type != MK_SQL_U64 || v.u <= INT64_MAX);
        CLAIM(v.type != MK_SQL_BLOB || v.p);
        for (size_t k = 0; k < v.n; k++)
            sum = (uint8_t)(sum + ((const uint8_t *)v.p)[k]);
    }
}

static enum mk_err walk(struct mk_driver *d, enum mk_query q)
{
    const struct mk_sql_value from = mk_sql_u64(0);
    enum mk_err rc = d->ops->run(d, q, &from, 1, NULL);
    bool more = rc == MK_OK;

    for (unsigned n = 0; more; n++) {
        CLAIM(n < ROWS_MAX);
        rc = d->ops->step(d, q, &more, NULL, NULL);
        CLAIM(rc == MK_OK || !more);
        if (more)
            read_columns(d, q);
    }
    d->ops->finish(d, q);
    return rc;
}

static void use(struct mk_driver *d)
{
    const struct mk_sql_value row[] = {mk_sql_u64(0), mk_sql_blob("leaf", 4)};
    struct mk_store_facts facts;
    uint8_t hash[MK_HASH];

    CLAIM(mk_pg_shell(d, dbk, 1, NULL) == MK_OK);
    if (d->ops->begin(d, true, true, NULL) != MK_OK) {
        CLAIM(!mk_driver_inside(d));
        return;
    }
    CLAIM(mk_driver_inside(d));
    (void)d->ops->put(d, MK_Q_LOG_INSERT, row, 2, MK_E_TAMPERED, NULL);
    (void)walk(d, MK_Q_LOG_WALK);
    (void)walk(d, MK_Q_HEAD_WALK);
    (void)walk(d, MK_Q_TAIL_GET);
    (void)d->ops->facts(d, &facts, NULL);
    (void)d->ops->hash_schema(d, hash, NULL);
    (void)d->ops->commit(d, NULL);
    CLAIM(!mk_driver_inside(d));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const int room = 1 << 20;
    struct mk_driver *d;
    int ends[2];

    if (!dbk) {
        CLAIM(mk_crypto_init(NULL) == MK_OK);
        (void)signal(SIGPIPE, SIG_IGN);
        dbk = mk_secret_from("0123456789abcdef0123456789abcdef", MK_KEY);
        CLAIM(dbk);
    }
    CLAIM(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    (void)setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
    CLAIM(write(ends[0], data, size) == (ssize_t)size);
    CLAIM(shutdown(ends[0], SHUT_WR) == 0);
    if (mk_pg_open(&d, ends[1], "postgresql://", NULL) == MK_OK) {
        use(d);
        d->ops->close(d);
    } else {
        CLAIM(!d);
    }
    (void)close(ends[0]);
    return 0;
}
