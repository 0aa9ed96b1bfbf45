/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The driver for PostgreSQL: asks meldkluis-pg, which has the connection, over
 * a socket (wire.h).  Nothing that comes back is trusted: a frame that is
 * broken, late or out of order ends the driver, and whatever was open with it.
 *
 * The other side rolls back before it says that something failed, so after
 * any error of its own no transaction is open here either.
 *
 *   commit of a write: no whole frame left here  -> nothing was saved
 *                      no answer, or a bad one   -> nobody knows
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/store/driver.h"
#include "core/store/migrate_texts.h"
#include "core/store/shell.h"
#include "core/store/wire.h"
#include "crypto/hash.h"

#define GRACE_S 10u    /* that the helper gets beyond its own deadline */
#define CONNECT_S 300u /* all hosts, each by its own time-out */

static const char helper[] = "meldkluis-pg";

/* SHA-256 over the catalogue of the server after each migration. */
static const char *const schema_hashes[] = {
#define MK_SCHEMA_HASH(version, hex) [version - 1] = hex,
#include "core/store/schema/postgres.def"
#undef MK_SCHEMA_HASH
};

enum tx { TX_NONE, TX_READ, TX_WRITE };

struct cursor {
    bool active;
    bool on_row;
    struct mk_buf body; /* of the last ROWS; values point into it */
    struct mk_wire_rows rows;
    struct mk_sql_value value[MK_QUERY_COLUMNS]; /* the current row */
    bool strange[MK_QUERY_COLUMNS];
    struct mk_buf opened; /* the column that came in the shell */
};

struct mk_pg {
    struct mk_driver driver;
    int fd; /* -1: the helper is given up */
    unsigned wait_s;
    enum tx tx;
    struct mk_shell *shell;
    struct mk_buf frame;  /* what is asked */
    struct mk_buf answer; /* where no cursor keeps it */
    struct mk_buf sealed; /* a parameter in the shell */
    struct cursor cursors[MK_QUERY_COUNT];
};

static struct mk_pg *self(struct mk_driver *d)
{
    return (struct mk_pg *)d;
}

/* ---- asking ---- */

static void finish(struct cursor *c)
{
    c->active = c->on_row = false;
    mk_buf_clear(&c->body);
    mk_buf_clear(&c->opened);
}

static void no_transaction(struct mk_pg *s)
{
    for (size_t q = 0; q < MK_QUERY_COUNT; q++)
        finish(&s->cursors[q]);
    s->tx = TX_NONE;
}

/* The end of the socket is the end of the helper and its transaction. */
static enum mk_err give_up(struct mk_pg *s, enum mk_err err,
                           struct mk_diag *diag)
{
    if (s->fd >= 0)
        (void)close(s->fd);
    s->fd = -1;
    no_transaction(s);
    return mk_fail(diag, err, helper);
}

/*
 * Sends s->frame and takes the answer, of the kind wanted, into body.
 * *sent: the question left whole, so the helper may have acted on it.
 */
static enum mk_err ask(struct mk_pg *s, enum mk_wire_kind wanted,
                       struct mk_buf *body, unsigned wait_s, bool *sent,
                       struct mk_diag *diag)
{
    int64_t deadline = mk_wire_now() + (int64_t)wait_s * 1000;
    uint8_t kind = 0;
    enum mk_err rc;

    *sent = false;
    if (s->fd < 0)
        return mk_fail(diag, MK_E_SERVER, helper);
    rc = mk_wire_send(s->fd, &s->frame, deadline, diag);
    mk_buf_clear(&s->frame);
    if (rc == MK_E_TOO_LARGE)
        return rc;
    if (rc == MK_OK) {
        *sent = true;
        rc = mk_wire_receive(s->fd, &kind, body, NULL, deadline, diag);
    }
    if (rc != MK_OK)
        return give_up(s, rc, diag);
    if (kind == MK_WIRE_FAILED) {
        rc = mk_wire_read_failed(body, diag);
        no_transaction(s);
        return rc;
    }
    return kind == wanted ? MK_OK : give_up(s, MK_E_SERVER, diag);
}

static unsigned wait_of(const struct mk_pg *s)
{
    return s->wait_s + GRACE_S;
}

/* A question without a body that is answered with DONE. */
static enum mk_err tell(struct mk_pg *s, enum mk_wire_kind kind, bool *sent,
                        struct mk_diag *diag)
{
    enum mk_err rc = mk_wire_begin(&s->frame, kind);

    *sent = false;
    if (rc != MK_OK)
        return mk_fail(diag, rc, helper);
    rc = ask(s, MK_WIRE_DONE, &s->answer, wait_of(s), sent, diag);
    if (rc == MK_OK && s->answer.len > 0)
        rc = give_up(s, MK_E_SERVER, diag);
    return rc;
}

/* ---- transactions ---- */

static enum mk_err op_begin(struct mk_driver *d, bool write, bool wait,
                            struct mk_diag *diag)
{
    struct mk_pg *s = self(d);
    unsigned wait_s = wait_of(s) + (write && wait ? MK_WIRE_LOCK_WAIT : 0);
    enum mk_err rc;
    bool sent;

    if (s->tx != TX_NONE)
        return mk_fail(diag, MK_E_INTERNAL, "BEGIN");
    MK_TRY(mk_wire_begin(&s->frame, MK_WIRE_BEGIN));
    MK_TRY(mk_buf_add_u8(&s->frame, write));
    MK_TRY(mk_buf_add_u8(&s->frame, wait));
    MK_TRY(ask(s, MK_WIRE_DONE, &s->answer, wait_s, &sent, diag));
    s->tx = write ? TX_WRITE : TX_READ;
    return MK_OK;
out:
    return mk_fail(diag, rc, diag && diag->err == rc ? diag->place : helper);
}

static enum mk_err op_commit(struct mk_driver *d, struct mk_diag *diag)
{
    struct mk_pg *s = self(d);
    enum tx tx = s->tx;
    enum mk_err rc;
    bool sent;

    if (tx == TX_NONE)
        return mk_fail(diag, MK_E_INTERNAL, "COMMIT");
    rc = tell(s, MK_WIRE_COMMIT, &sent, diag);
    /* given up without an answer to trust */
    if (rc != MK_OK && sent && s->fd < 0 && tx == TX_WRITE)
        rc = mk_fail(diag, MK_E_UNKNOWN_OUTCOME, "COMMIT");
    no_transaction(s);
    return rc;
}

static void op_rollback(struct mk_driver *d)
{
    struct mk_pg *s = self(d);
    bool sent;

    /* if it fails the helper is given up, and the server undoes it */
    if (s->tx != TX_NONE)
        (void)tell(s, MK_WIRE_ROLLBACK, &sent, NULL);
    no_transaction(s);
}

static bool op_inside(struct mk_driver *d)
{
    return self(d)->tx != TX_NONE;
}

static void op_close(struct mk_driver *d)
{
    struct mk_pg *s = self(d);

    (void)give_up(s, MK_OK, NULL);
    for (size_t q = 0; q < MK_QUERY_COUNT; q++) {
        mk_buf_release(&s->cursors[q].body);
        mk_buf_release(&s->cursors[q].opened);
    }
    mk_buf_release(&s->frame);
    mk_buf_release(&s->answer);
    mk_buf_release(&s->sealed);
    mk_shell_free(s->shell);
    free(s);
}

/* ---- statements ---- */

/* Asks with s->frame for rows of c. */
static enum mk_err take_rows(struct mk_pg *s, struct cursor *c, bool walk,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    bool sent;

    rc = ask(s, MK_WIRE_ROWS, &c->body, wait_of(s), &sent, diag);
    if (rc != MK_OK)
        return rc;
    /* more of nothing would be asked for without end */
    if (!mk_wire_read_rows(&c->rows, &c->body) ||
        (c->rows.more && (!walk || c->rows.rows == 0)))
        return give_up(s, MK_E_SERVER, diag);
    return MK_OK;
}

static enum mk_err add_param(struct mk_pg *s, enum mk_shell_column column,
                             const struct mk_sql_value *v,
                             struct mk_diag *diag)
{
    struct mk_sql_value sealed;
    enum mk_err rc;

    if (v->type == MK_SQL_U64 && v->u > INT64_MAX)
        return MK_E_INTERNAL; /* as every engine */
    if (column == MK_SHELL_NONE || v->type == MK_SQL_NULL)
        return mk_wire_add_value(&s->frame, v);
    rc = mk_shell_seal(s->shell, column, &s->sealed, v->p, v->n, diag);
    if (rc != MK_OK)
        return rc;
    sealed = mk_sql_blob(s->sealed.data, s->sealed.len);
    return mk_wire_add_value(&s->frame, &sealed);
}

static enum mk_err op_run(struct mk_driver *d, enum mk_query q,
                          const struct mk_sql_value *params, size_t n,
                          struct mk_diag *diag)
{
    const struct mk_shell_spot spot = mk_shell_spot(q);
    struct mk_pg *s = self(d);
    struct cursor *c = &s->cursors[q];
    enum mk_err rc;

    if (c->active || n > MK_QUERY_PARAMS || s->tx == TX_NONE ||
        (mk_query_writes(q) && s->tx != TX_WRITE))
        return mk_fail(diag, MK_E_INTERNAL, mk_query_name(q));
    if (spot.column != MK_SHELL_NONE && !mk_shell_has_key(s->shell))
        return mk_fail(diag, MK_E_LOCKED, mk_query_name(q));
    MK_TRY(mk_wire_begin(&s->frame, MK_WIRE_RUN));
    MK_TRY(mk_buf_add_u16(&s->frame, (uint16_t)q));
    for (size_t i = 0; i < n; i++)
        MK_TRY(add_param(
            s, spot.is_param && spot.at == i ? spot.column : MK_SHELL_NONE,
            &params[i], diag));
    rc = take_rows(s, c, mk_query_kind(q) == MK_QUERY_WALK, diag);
    c->active = rc == MK_OK;
    return rc;
out:
    return mk_fail(diag, rc, mk_query_name(q));
}

/* The next batch of a walk. */
static enum mk_err ask_more(struct mk_pg *s, enum mk_query q,
                            struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(mk_wire_begin(&s->frame, MK_WIRE_NEXT));
    MK_TRY(mk_buf_add_u16(&s->frame, (uint16_t)q));
    return take_rows(s, &s->cursors[q], true, diag);
out:
    return mk_fail(diag, rc, mk_query_name(q));
}

/* Takes one column out of the shell. */
static enum mk_err open_shell(struct mk_pg *s, enum mk_query q,
                              struct mk_diag *diag)
{
    const struct mk_shell_spot spot = mk_shell_spot(q);
    struct cursor *c = &s->cursors[q];
    struct mk_sql_value *v;
    enum mk_err rc;

    if (spot.column == MK_SHELL_NONE || spot.is_param)
        return MK_OK;
    v = &c->value[spot.at];
    if (v->type != MK_SQL_BLOB)
        return MK_OK; /* NULL, or not ours: the reader of rows sees that */
    rc = mk_shell_open(s->shell, spot.column, &c->opened, v->p, v->n, diag);
    if (rc != MK_OK)
        return rc;
    v->n = c->opened.len;
    v->p = v->n > 0 ? (const void *)c->opened.data : "";
    return MK_OK;
}

static enum mk_err op_step(struct mk_driver *d, enum mk_query q, bool *more,
                           uint64_t *changed, struct mk_diag *diag)
{
    struct mk_pg *s = self(d);
    struct cursor *c = &s->cursors[q];
    enum mk_err rc;

    *more = c->on_row = false;
    if (!c->active)
        return mk_fail(diag, MK_E_INTERNAL, mk_query_name(q));
    if (c->rows.rows == 0 && c->rows.more) {
        rc = ask_more(s, q, diag);
        if (rc != MK_OK)
            return rc;
    }
    if (c->rows.rows == 0) {
        if (changed)
            *changed = c->rows.changed;
        finish(c);
        return MK_OK;
    }
    c->rows.rows--;
    memset(c->value, 0, sizeof(c->value));
    for (unsigned i = 0; i < c->rows.columns; i++)
        c->strange[i] = !mk_wire_read_value(&c->rows.values, &c->value[i]);
    rc = open_shell(s, q, diag);
    *more = c->on_row = rc == MK_OK;
    return rc;
}

static bool op_column(struct mk_driver *d, enum mk_query q, unsigned i,
                      struct mk_sql_value *out)
{
    struct cursor *c = &self(d)->cursors[q];

    *out = (struct mk_sql_value){.type = MK_SQL_NULL};
    if (!c->on_row || i >= c->rows.columns || c->strange[i])
        return false;
    *out = c->value[i];
    return true;
}

static void op_finish(struct mk_driver *d, enum mk_query q)
{
    finish(&self(d)->cursors[q]);
}

/* ---- schema, state ---- */

/* Only the administrator of the server makes tables. */
static enum mk_err op_script(struct mk_driver *d, unsigned version,
                             struct mk_diag *diag)
{
    (void)d;
    if (diag)
        diag->num[0] = version;
    return mk_fail(diag, MK_E_SERVER_SCHEMA, "migration");
}

static enum mk_err hash_catalogue(struct mk_pg *s, uint8_t out[static MK_HASH],
                                  struct mk_diag *diag)
{
    struct mk_wire_rows rows;
    enum mk_err rc;
    bool sent;

    MK_TRY(mk_wire_begin(&s->frame, MK_WIRE_CATALOGUE));
    MK_TRY(ask(s, MK_WIRE_ROWS, &s->answer, wait_of(s), &sent, diag));
    if (!mk_wire_read_rows(&rows, &s->answer) || rows.more ||
        rows.columns != 1)
        return give_up(s, MK_E_SERVER, diag);
    /* each value with its type and length */
    mk_sha256(out, rows.values.p, rows.values.left);
out:
    return rc;
}

static enum mk_err op_check_schema(struct mk_driver *d, unsigned version,
                                   struct mk_diag *diag)
{
    uint8_t hash[MK_HASH], expected[MK_HASH];
    enum mk_err rc = hash_catalogue(self(d), hash, diag);

    if (rc != MK_OK)
        return rc;
    if (version == 0 ||
        version > sizeof(schema_hashes) / sizeof(*schema_hashes) ||
        !mk_unhex(expected, MK_HASH, schema_hashes[version - 1]) ||
        memcmp(hash, expected, MK_HASH) != 0)
        return mk_fail(diag, MK_E_TAMPERED, "schema");
    return MK_OK;
}

/* A text of at most size - 1 bytes of visible ASCII. */
static void read_text(struct mk_reader *r, char *out, size_t size)
{
    uint32_t n = mk_read_u32(r);
    const uint8_t *p = mk_read_bytes(r, n);

    if (!p || n >= size) {
        r->bad = true;
        n = 0;
    }
    for (uint32_t i = 0; i < n; i++)
        out[i] = p[i] >= ' ' && p[i] <= '~' ? (char)p[i] : '?';
    out[n] = '\0';
}

static enum mk_err op_facts(struct mk_driver *d, struct mk_store_facts *out,
                            struct mk_diag *diag)
{
    struct mk_pg *s = self(d);
    struct mk_reader r;
    enum mk_err rc;
    bool sent;

    MK_TRY(mk_wire_begin(&s->frame, MK_WIRE_FACTS));
    MK_TRY(ask(s, MK_WIRE_FACTS_ARE, &s->answer, wait_of(s), &sent, diag));
    mk_reader_init(&r, s->answer.data, s->answer.len);
    read_text(&r, out->engine, sizeof(out->engine));
    read_text(&r, out->settings, sizeof(out->settings));
    if (!mk_reader_done(&r))
        rc = give_up(s, MK_E_SERVER, diag);
out:
    return rc;
}

/* Has the server read all tables: what it knows to be damaged shows. */
static enum mk_err op_check(struct mk_driver *d, struct mk_diag *diag)
{
    enum mk_err rc;
    bool more;

    MK_TRY(op_run(d, MK_Q_ROWS_TOTAL, NULL, 0, diag));
    MK_TRY(op_step(d, MK_Q_ROWS_TOTAL, &more, NULL, diag));
out:
    op_finish(d, MK_Q_ROWS_TOTAL);
    return rc;
}

static const struct mk_driver_ops pg_ops = {
    .close = op_close,
    .begin = op_begin,
    .commit = op_commit,
    .rollback = op_rollback,
    .inside = op_inside,
    .run = op_run,
    .step = op_step,
    .column = op_column,
    .finish = op_finish,
    .script = op_script,
    .check_schema = op_check_schema,
    .facts = op_facts,
    .check = op_check,
};

/* ---- opening ---- */

static enum mk_err hello(struct mk_pg *s, const char *url,
                         struct mk_diag *diag)
{
    uint8_t statements[MK_HASH];
    struct mk_reader r;
    enum mk_err rc;
    bool sent;

    mk_wire_statements(statements);
    MK_TRY(mk_wire_begin(&s->frame, MK_WIRE_HELLO));
    MK_TRY(mk_buf_add_u32(&s->frame, MK_WIRE_VERSION));
    MK_TRY(mk_buf_add(&s->frame, statements, sizeof(statements)));
    MK_TRY(mk_buf_add_str(&s->frame, url));
    MK_TRY(ask(s, MK_WIRE_WELCOME, &s->answer, CONNECT_S, &sent, diag));
    mk_reader_init(&r, s->answer.data, s->answer.len);
    s->wait_s = mk_read_u32(&r);
    if (!mk_reader_done(&r) || s->wait_s == 0 || s->wait_s > MK_WIRE_WAIT_MAX)
        rc = give_up(s, MK_E_SERVER, diag);
out:
    return rc;
}

enum mk_err mk_pg_open(struct mk_driver **out, int fd, const char *url,
                       struct mk_diag *diag)
{
    struct mk_pg *s = calloc(1, sizeof(*s));
    enum mk_err rc;

    *out = NULL;
    if (!s) {
        (void)close(fd);
        return mk_fail(diag, MK_E_MEMORY, NULL);
    }
    s->driver.ops = &pg_ops;
    s->fd = fd;
    s->shell = mk_shell_new();
    if (!s->shell)
        rc = mk_fail(diag, MK_E_MEMORY, NULL);
    else if (strlen(url) > MK_WIRE_URL_MAX)
        rc = mk_fail(diag, MK_E_USAGE, "--vault");
    else if (!mk_wire_ready(fd))
        rc = mk_fail_sys(diag, MK_E_SERVER, helper);
    else
        rc = hello(s, url, diag);
    if (rc == MK_OK)
        *out = &s->driver;
    else
        op_close(&s->driver);
    return rc;
}

enum mk_err mk_pg_shell(struct mk_driver *d, const struct mk_secret *dbk,
                        uint32_t gen, struct mk_diag *diag)
{
    return mk_shell_add(self(d)->shell, dbk, gen, diag);
}

void mk_pg_shell_forget(struct mk_driver *d)
{
    mk_shell_forget(self(d)->shell);
}
