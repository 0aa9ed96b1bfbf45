/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The driver for PostgreSQL, second part: asking the MK_PG_PLACE, meeting it. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/store/driver_pg.h"

#define GRACE_S 10u    /* that the helper gets beyond its own deadline */
#define CONNECT_S 300u /* all hosts, each by its own time-out */

/* ---- asking ---- */

void mk_pg_finish(struct mk_pg_cursor *c)
{
    c->active = c->on_row = false;
    mk_buf_clear(&c->body);
    mk_buf_clear(&c->opened);
}

void mk_pg_finish_all(struct mk_pg *s)
{
    for (size_t q = 0; q < MK_QUERY_COUNT; q++)
        mk_pg_finish(&s->cursors[q]);
}

/* The other side has rolled back, or is gone. */
static enum mk_err broke(struct mk_pg *s, enum mk_err err)
{
    mk_pg_finish_all(s);
    return mk_driver_broke(&s->driver, err);
}

enum mk_err mk_pg_give_up(struct mk_pg *s, enum mk_err err,
                          struct mk_diag *diag)
{
    if (s->fd >= 0)
        (void)close(s->fd);
    s->fd = -1;
    return mk_fail(diag, broke(s, err), MK_PG_PLACE);
}

enum mk_err mk_pg_send(struct mk_pg *s, unsigned wait_s, struct mk_diag *diag)
{
    enum mk_err rc;

    if (s->fd < 0)
        return mk_fail(diag, MK_E_SERVER, MK_PG_PLACE);
    rc = mk_wire_send(s->fd, &s->frame, mk_wire_now() + (int64_t)wait_s * 1000,
                      diag);
    mk_buf_clear(&s->frame);
    return rc == MK_OK || rc == MK_E_TOO_LARGE ? rc
                                               : mk_pg_give_up(s, rc, diag);
}

enum mk_err mk_pg_ask(struct mk_pg *s, enum mk_wire_kind wanted,
                      struct mk_buf *body, unsigned wait_s, bool *sent,
                      struct mk_diag *diag)
{
    enum mk_err rc = mk_pg_send(s, wait_s, diag);
    uint8_t kind = 0;

    *sent = rc == MK_OK;
    if (rc != MK_OK)
        return rc;
    rc = mk_wire_receive(s->fd, &kind, body, NULL,
                         mk_wire_now() + (int64_t)wait_s * 1000, diag);
    if (rc != MK_OK)
        return mk_pg_give_up(s, rc, diag);
    if (kind == MK_WIRE_FAILED && mk_wire_read_failed(body, &rc, diag))
        return broke(s, rc);
    return kind == wanted ? MK_OK : mk_pg_give_up(s, MK_E_SERVER, diag);
}

unsigned mk_pg_wait(const struct mk_pg *s)
{
    return s->wait_s + GRACE_S;
}

enum mk_err mk_pg_tell(struct mk_pg *s, enum mk_wire_kind kind, bool *sent,
                       struct mk_diag *diag)
{
    enum mk_err rc = mk_wire_begin(&s->frame, kind);

    *sent = false;
    if (rc != MK_OK)
        return mk_fail(diag, rc, MK_PG_PLACE);
    rc = mk_pg_ask(s, MK_WIRE_DONE, &s->answer, mk_pg_wait(s), sent, diag);
    if (rc == MK_OK && s->answer.len > 0)
        rc = mk_pg_give_up(s, MK_E_SERVER, diag);
    return rc;
}

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
    MK_TRY(mk_pg_ask(s, MK_WIRE_WELCOME, &s->answer, CONNECT_S, &sent, diag));
    mk_reader_init(&r, s->answer.data, s->answer.len);
    s->wait_s = mk_read_u32(&r);
    if (!mk_reader_done(&r) || s->wait_s == 0 || s->wait_s > MK_WIRE_WAIT_MAX)
        rc = mk_pg_give_up(s, MK_E_SERVER, diag);
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
    s->driver.ops = &mk_pg_ops;
    s->fd = fd;
    s->shell = mk_shell_new();
    if (!s->shell)
        rc = mk_fail(diag, MK_E_MEMORY, NULL);
    else if (strlen(url) > MK_WIRE_URL_MAX)
        rc = mk_fail(diag, MK_E_USAGE, "--vault");
    else if (!mk_wire_ready(fd))
        rc = mk_fail_sys(diag, MK_E_SERVER, MK_PG_PLACE);
    else
        rc = hello(s, url, diag);
    if (rc == MK_OK)
        *out = &s->driver;
    else
        s->driver.ops->close(&s->driver);
    return rc;
}

enum mk_err mk_pg_shell(struct mk_driver *d, const struct mk_secret *dbk,
                        uint32_t gen, struct mk_diag *diag)
{
    return mk_shell_add(((struct mk_pg *)d)->shell, dbk, gen, diag);
}

void mk_pg_shell_forget(struct mk_driver *d)
{
    mk_shell_forget(((struct mk_pg *)d)->shell);
}
