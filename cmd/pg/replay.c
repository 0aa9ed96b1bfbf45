/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When the server gives up a write because of another one (40001, 40P01), all
 * of it is asked again.  Who asked has built on the answers that he had: if
 * one of them differs now he has to begin anew, with other leaves and heads;
 * if none does, what he built is right, and he need not know.
 */
#include <string.h>
#include <time.h>

#include "cmd/pg/session.h"
#include "core/base/random.h"
#include "crypto/hash.h"

#define TRIES 8
#define PAUSE_MS 10u

static void pause_before(unsigned attempt)
{
    uint32_t chance;
    struct timespec t;
    unsigned ms = PAUSE_MS << attempt;

    mk_random(&chance, sizeof(chance));
    ms += chance % ms; /* who met will not meet again */
    t = (struct timespec){.tv_sec = ms / 1000,
                          .tv_nsec = (long)(ms % 1000) * 1000000};
    (void)nanosleep(&t, NULL);
}

static void forget(struct mk_tape *t)
{
    mk_buf_clear(&t->asked);
    t->full = false;
}

/* Keeps a question and the hash of its answer. */
static void record(struct mk_tape *t, uint8_t kind, const struct mk_buf *body,
                   const struct mk_buf *answer)
{
    uint8_t hash[MK_HASH];
    enum mk_err rc;

    if (t->full || t->asked.len + body->len > MK_TAPE_MAX) {
        t->full = true;
        return;
    }
    mk_sha256(hash, answer->data, answer->len);
    MK_TRY(mk_buf_add_u8(&t->asked, kind));
    MK_TRY(mk_buf_add_u32(&t->asked, (uint32_t)body->len));
    MK_TRY(mk_buf_add(&t->asked, body->data, body->len));
    MK_TRY(mk_buf_add(&t->asked, hash, sizeof(hash)));
out:
    if (rc != MK_OK)
        t->full = true;
}

/* Asks everything on the tape again.  Errors: E_CHANGED. */
static enum mk_err play(struct mk_session *s, struct mk_buf *out,
                        struct mk_diag *diag)
{
    struct mk_buf body = MK_BUF_INIT;
    uint8_t hash[MK_HASH];
    struct mk_reader r;
    enum mk_err rc;

    rc = mk_session_begin(s, true, true, diag);
    mk_reader_init(&r, s->tape.asked.data, s->tape.asked.len);
    while (rc == MK_OK && r.left > 0) {
        uint8_t kind = mk_read_u8(&r);
        size_t n = mk_read_u32(&r);
        const uint8_t *p = mk_read_bytes(&r, n);
        const uint8_t *before = mk_read_bytes(&r, MK_HASH);

        mk_buf_clear(&body);
        MK_TRY(mk_buf_add(&body, p, n));
        MK_TRY(mk_session_run(s, kind, &body, out, diag));
        mk_sha256(hash, out->data, out->len);
        if (memcmp(hash, before, MK_HASH) != 0)
            rc = mk_fail(diag, MK_E_CHANGED, "dossier");
    }
out:
    mk_buf_release(&body);
    return rc;
}

static bool is_kept(uint8_t kind)
{
    return kind == MK_WIRE_RUN || kind == MK_WIRE_NEXT || kind == MK_WIRE_PUT;
}

/* What may be saved is not written another time, whatever the server says. */
static bool may_begin_again(const struct mk_session *s, bool write,
                            enum mk_err rc)
{
    return rc != MK_OK && rc != MK_E_UNKNOWN_OUTCOME && write &&
           !s->tape.full && mk_server_again(&s->server);
}

enum mk_err mk_replay_run(struct mk_session *s, uint8_t kind,
                          const struct mk_buf *body, struct mk_buf *out,
                          struct mk_diag *diag)
{
    bool write = s->write;
    enum mk_err rc = mk_session_run(s, kind, body, out, diag);

    for (unsigned i = 0; may_begin_again(s, write, rc) && i < TRIES; i++) {
        mk_session_rollback(s);
        pause_before(i);
        rc = play(s, out, diag);
        if (rc == MK_OK)
            rc = mk_session_run(s, kind, body, out, diag);
    }
    if (rc != MK_OK)
        mk_session_rollback(s);
    if (!s->open)
        forget(&s->tape);
    else if (s->write && is_kept(kind))
        record(&s->tape, kind, body, out);
    return rc;
}
