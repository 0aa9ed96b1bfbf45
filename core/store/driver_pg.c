/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The driver for PostgreSQL: asks meldkluis-pg, which has the connection, over
 * a socket (wire.h).  Nothing that comes back is trusted: a frame that is
 * broken, late or out of order ends the driver, and whatever was open with it.
 *
 * The other side rolls back before it says that something failed: whoever is
 * inside of that transaction here has to end it before the next can begin.
 *
 *   commit of a write: no whole frame left here  -> nothing was saved
 *                      no answer, or a bad one   -> nobody knows
 */
#include <stdlib.h>
#include <string.h>

#include "core/store/driver_pg.h"
#include "core/store/migrate_texts.h"
#include "crypto/hash.h"

/* SHA-256 over the catalogue of the server after each migration. */
static const char *const schemas[] = {
#define MK_SCHEMA_HASH(version, hex) [version - 1] = hex,
#include "core/store/schema/postgres.def"
#undef MK_SCHEMA_HASH
    NULL,
};

static struct mk_pg *self(struct mk_driver *d)
{
    return (struct mk_pg *)d;
}

/* ---- transactions ---- */

static enum mk_err op_begin(struct mk_driver *d, bool write, bool wait,
                            struct mk_diag *diag)
{
    struct mk_pg *s = self(d);
    unsigned wait_s = mk_pg_wait(s) + (write && wait ? MK_WIRE_LOCK_WAIT : 0);
    enum mk_err rc;
    bool sent;

    if (mk_driver_inside(d))
        return mk_fail(diag, MK_E_INTERNAL, "BEGIN");
    MK_TRY(mk_wire_begin(&s->frame, MK_WIRE_BEGIN));
    MK_TRY(mk_buf_add_u8(&s->frame, write));
    MK_TRY(mk_buf_add_u8(&s->frame, wait));
    rc = mk_pg_ask(s, MK_WIRE_DONE, &s->answer, wait_s, &sent, diag);
    if (rc == MK_OK)
        mk_driver_began(d, write);
    return rc;
out:
    return mk_fail(diag, rc, MK_PG_PLACE);
}

static void ended(struct mk_pg *s)
{
    mk_pg_finish_all(s);
    mk_driver_ended(&s->driver);
}

static enum mk_err op_commit(struct mk_driver *d, struct mk_diag *diag)
{
    struct mk_pg *s = self(d);
    bool write = d->tx == MK_DRIVER_WRITE;
    enum mk_err rc = mk_driver_may(d, false, "COMMIT", diag);
    bool sent = false;

    if (rc == MK_OK)
        rc = mk_pg_tell(s, MK_WIRE_COMMIT, &sent, diag);
    /* given up without an answer to trust */
    if (rc != MK_OK && sent && s->fd < 0 && write)
        rc = mk_fail(diag, MK_E_UNKNOWN_OUTCOME, "COMMIT");
    ended(s);
    return rc;
}

static void op_rollback(struct mk_driver *d)
{
    struct mk_pg *s = self(d);
    bool sent;

    /* if it fails the helper is given up, and the server undoes it */
    if (mk_driver_inside(d) && d->tx != MK_DRIVER_BROKEN)
        (void)mk_pg_tell(s, MK_WIRE_ROLLBACK, &sent, NULL);
    ended(s);
}

static void op_close(struct mk_driver *d)
{
    struct mk_pg *s = self(d);

    (void)mk_pg_give_up(s, MK_OK, NULL);
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
static enum mk_err take_rows(struct mk_pg *s, struct mk_pg_cursor *c,
                             bool walk, struct mk_diag *diag)
{
    enum mk_err rc;
    bool sent;

    rc = mk_pg_ask(s, MK_WIRE_ROWS, &c->body, mk_pg_wait(s), &sent, diag);
    if (rc != MK_OK)
        return rc;
    /* more of nothing would be asked for without end */
    if (!mk_wire_read_rows(&c->rows, &c->body) ||
        (c->rows.more && (!walk || c->rows.rows == 0)))
        return mk_pg_give_up(s, MK_E_SERVER, diag);
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

static enum mk_err add_params(struct mk_pg *s, enum mk_query q,
                              const struct mk_sql_value *params, size_t n,
                              struct mk_diag *diag)
{
    const struct mk_shell_spot spot = mk_shell_spot(q);
    enum mk_err rc = MK_OK;

    for (size_t i = 0; i < n && rc == MK_OK; i++)
        rc = add_param(
            s, spot.is_param && spot.at == i ? spot.column : MK_SHELL_NONE,
            &params[i], diag);
    return rc;
}

/* May q be sent now? */
static enum mk_err check(const struct mk_pg *s, enum mk_query q, size_t n,
                         struct mk_diag *diag)
{
    enum mk_err rc =
        mk_driver_may(&s->driver, mk_query_writes(q), mk_query_name(q), diag);

    if (rc != MK_OK)
        return rc;
    if (s->cursors[q].active || n > MK_QUERY_PARAMS)
        return mk_fail(diag, MK_E_INTERNAL, mk_query_name(q));
    if (mk_shell_spot(q).column != MK_SHELL_NONE &&
        !mk_shell_has_key(s->shell))
        return mk_fail(diag, MK_E_LOCKED, mk_query_name(q));
    return MK_OK;
}

static enum mk_err op_run(struct mk_driver *d, enum mk_query q,
                          const struct mk_sql_value *params, size_t n,
                          struct mk_diag *diag)
{
    struct mk_pg *s = self(d);
    struct mk_pg_cursor *c = &s->cursors[q];
    enum mk_err rc = check(s, q, n, diag);

    if (rc != MK_OK)
        return rc;
    MK_TRY(mk_wire_begin(&s->frame, MK_WIRE_RUN));
    MK_TRY(mk_buf_add_u16(&s->frame, (uint16_t)q));
    MK_TRY(add_params(s, q, params, n, diag));
    rc = take_rows(s, c, mk_query_kind(q) == MK_QUERY_WALK, diag);
    c->active = rc == MK_OK;
    return rc;
out:
    return mk_fail(diag, rc, mk_query_name(q));
}

static enum mk_err op_put(struct mk_driver *d, enum mk_query q,
                          const struct mk_sql_value *params, size_t n,
                          enum mk_err otherwise, struct mk_diag *diag)
{
    struct mk_pg *s = self(d);
    enum mk_err rc = check(s, q, n, diag);

    if (rc != MK_OK)
        return rc;
    MK_TRY(mk_wire_begin(&s->frame, MK_WIRE_PUT));
    MK_TRY(mk_buf_add_u16(&s->frame, (uint16_t)q));
    MK_TRY(mk_buf_add_u8(&s->frame, otherwise == MK_E_CHANGED));
    MK_TRY(add_params(s, q, params, n, diag));
    return mk_pg_send(s, mk_pg_wait(s), diag);
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
    struct mk_pg_cursor *c = &s->cursors[q];
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
    struct mk_pg_cursor *c = &s->cursors[q];
    enum mk_err rc;

    *more = c->on_row = false;
    rc = mk_driver_may(d, false, mk_query_name(q), diag);
    if (rc != MK_OK)
        return rc;
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
        mk_pg_finish(c);
        return MK_OK;
    }
    c->rows.rows--;
    memset(c->value, 0, sizeof(c->value));
    for (unsigned i = 0; i < c->rows.columns; i++)
        c->strange[i] = !mk_wire_read_value(&c->rows.values, &c->value[i]);
    rc = open_shell(s, q, diag);
    *more = c->on_row = rc == MK_OK;
    if (rc != MK_OK) /* to be read anew with the keys that came since */
        mk_pg_finish(c);
    return rc;
}

static bool op_column(struct mk_driver *d, enum mk_query q, unsigned i,
                      struct mk_sql_value *out)
{
    struct mk_pg_cursor *c = &self(d)->cursors[q];

    *out = (struct mk_sql_value){.type = MK_SQL_NULL};
    if (!c->on_row || i >= c->rows.columns || c->strange[i])
        return false;
    *out = c->value[i];
    return true;
}

static void op_finish(struct mk_driver *d, enum mk_query q)
{
    mk_pg_finish(&self(d)->cursors[q]);
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

static enum mk_err op_hash_schema(struct mk_driver *d,
                                  uint8_t out[static MK_HASH],
                                  struct mk_diag *diag)
{
    struct mk_pg *s = self(d);
    struct mk_wire_rows rows;
    enum mk_err rc;
    bool sent;

    MK_TRY(mk_wire_begin(&s->frame, MK_WIRE_CATALOGUE));
    MK_TRY(mk_pg_ask(s, MK_WIRE_ROWS, &s->answer, mk_pg_wait(s), &sent, diag));
    if (!mk_wire_read_rows(&rows, &s->answer) || rows.more ||
        rows.columns != 1)
        return mk_pg_give_up(s, MK_E_SERVER, diag);
    /* each value with its type and length */
    mk_sha256(out, rows.values.p, rows.values.left);
out:
    return rc;
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
    MK_TRY(mk_pg_ask(s, MK_WIRE_FACTS_ARE, &s->answer, mk_pg_wait(s), &sent,
                     diag));
    mk_reader_init(&r, s->answer.data, s->answer.len);
    read_text(&r, out->engine, sizeof(out->engine));
    read_text(&r, out->settings, sizeof(out->settings));
    if (!mk_reader_done(&r))
        rc = mk_pg_give_up(s, MK_E_SERVER, diag);
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

const struct mk_driver_ops mk_pg_ops = {
    .close = op_close,
    .begin = op_begin,
    .commit = op_commit,
    .rollback = op_rollback,
    .run = op_run,
    .step = op_step,
    .put = op_put,
    .column = op_column,
    .finish = op_finish,
    .script = op_script,
    .hash_schema = op_hash_schema,
    .schemas = schemas,
    .facts = op_facts,
    .check = op_check,
};
