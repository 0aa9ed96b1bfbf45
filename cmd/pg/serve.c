/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cmd/pg/program.h"
#include "cmd/pg/session.h"

/* Milliseconds that the other side may take to read an answer. */
#define SEND_MS 60000

static enum mk_err read_hello(struct mk_session *s, const struct mk_buf *body,
                              struct mk_diag *diag)
{
    uint8_t ours[MK_HASH], theirs[MK_HASH];
    char url[MK_WIRE_URL_MAX + 1];
    struct mk_reader r;
    uint32_t version;
    size_t n;

    mk_wire_statements(ours);
    mk_reader_init(&r, body->data, body->len);
    version = mk_read_u32(&r);
    mk_read_copy(&r, theirs, sizeof(theirs));
    n = r.left;
    if (r.bad || n > MK_WIRE_URL_MAX || memchr(r.p, '\0', n))
        return mk_fail(diag, MK_E_INTERNAL, "HELLO");
    if (version != MK_WIRE_VERSION || memcmp(ours, theirs, MK_HASH) != 0)
        return mk_fail(diag, MK_E_LIBRARY, "meldkluis-pg " MK_VERSION);
    mk_read_copy(&r, url, n);
    url[n] = '\0';
    return mk_address_read(&s->address, url, diag);
}

static enum mk_err welcome(struct mk_session *s, const struct mk_buf *body,
                           struct mk_buf *out, struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(read_hello(s, body, diag));
    MK_TRY(mk_server_connect(&s->server, &s->address, diag));
    MK_TRY(mk_harden_server(s->harden, diag));
    MK_TRY(mk_wire_begin(out, MK_WIRE_WELCOME));
    MK_TRY(mk_buf_add_u32(out, s->address.answer_s));
out:
    return rc;
}

static enum mk_err answer(struct mk_session *s, uint8_t kind,
                          const struct mk_buf *body, struct mk_buf *out,
                          struct mk_diag *diag)
{
    if (!s->server.conn)
        return kind == MK_WIRE_HELLO
                   ? welcome(s, body, out, diag)
                   : mk_fail(diag, MK_E_INTERNAL, "question");
    s->server.deadline = mk_wire_now() + (int64_t)s->address.answer_s * 1000;
    return mk_replay_run(s, kind, body, out, diag);
}

/* A PUT that failed is told at the next question, and nothing is done until
 * then: who asks believes that he is inside of what is undone already. */
static enum mk_err answer_or_late(struct mk_session *s, uint8_t kind,
                                  const struct mk_buf *body,
                                  struct mk_buf *out, struct mk_diag *diag)
{
    struct mk_diag late = s->late;
    enum mk_err rc;

    s->late = (struct mk_diag)MK_DIAG_INIT;
    if (late.err == MK_OK)
        rc = answer(s, kind, body, out, diag);
    else if (kind == MK_WIRE_ROLLBACK)
        return mk_wire_begin(out, MK_WIRE_DONE);
    else
        rc = (*diag = late).err;
    diag->err = rc;
    if (kind == MK_WIRE_PUT)
        s->late = *diag;
    return rc;
}

/* One question and its answer; *end when there are no more. */
static enum mk_err serve_one(struct mk_session *s, int fd, struct mk_buf *body,
                             struct mk_buf *out, bool *end,
                             struct mk_diag *diag)
{
    struct mk_diag why = MK_DIAG_INIT;
    uint8_t kind = 0;
    enum mk_err rc;

    rc = mk_wire_receive(fd, &kind, body, end, MK_WIRE_FOREVER, diag);
    if (rc != MK_OK)
        return rc;
    rc = answer_or_late(s, kind, body, out, &why);
    if (kind == MK_WIRE_PUT)
        return MK_OK;
    if (rc != MK_OK)
        MK_TRY(mk_wire_fail(out, &why));
    MK_TRY(mk_wire_send(fd, out, mk_wire_now() + SEND_MS, diag));
    /* without a connection there is nothing left to do here */
    *end = s->server.lost;
out:
    return rc;
}

enum mk_err mk_session_serve(int fd, struct mk_harden *h, struct mk_diag *diag)
{
    struct mk_buf body = MK_BUF_INIT, out = MK_BUF_INIT;
    struct mk_session s = {.harden = h, .server = {.parent = fd}};
    enum mk_err rc = mk_harden_connect(h, diag);
    bool end = false;

    if (rc == MK_OK && !mk_wire_ready(fd))
        rc = mk_fail_sys(diag, MK_E_IO, "socket");
    while (rc == MK_OK && !end)
        rc = serve_one(&s, fd, &body, &out, &end, diag);
    if (end)
        rc = MK_OK;
    mk_server_hang_up(&s.server);
    mk_session_rollback(&s); /* the server does that itself */
    mk_address_release(&s.address);
    mk_buf_release(&s.tape.asked);
    mk_buf_release(&body);
    mk_buf_release(&out);
    return rc;
}
