/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/text.h"
#include "crypto/hash.h"

#define HEAD 5 /* length and kind */
/* Memory is taken as bytes arrive, not as a length promises. */
#define STEP ((size_t)1 << 20)

static const char place[] = "meldkluis-pg";

void mk_wire_statements(uint8_t out[static MK_HASH])
{
    uint8_t hash[MK_HASH] = {0};

    for (unsigned q = 0; q < MK_QUERY_COUNT; q++) {
        const char *name = mk_query_name((enum mk_query)q);
        const char *sql = mk_query_sql((enum mk_query)q);
        const uint8_t kind = (uint8_t)mk_query_kind((enum mk_query)q);
        const struct mk_part parts[] = {
            {hash, sizeof(hash)},
            {name, strlen(name) + 1},
            {&kind, 1},
            {sql, strlen(sql) + 1},
        };

        mk_sha256_parts(hash, parts, sizeof(parts) / sizeof(*parts));
    }
    memcpy(out, hash, MK_HASH);
}

/* ---- frames ---- */

int64_t mk_wire_now(void)
{
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts); /* cannot fail on Linux */
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

bool mk_wire_ready(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
           fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

/* Until fd is ready for what; false with errno, ETIMEDOUT after deadline. */
static bool wait_for(int fd, short what, int64_t deadline)
{
    struct pollfd p = {.fd = fd, .events = what};

    for (;;) {
        int64_t left = deadline == MK_WIRE_FOREVER ? -1
                                                   : deadline - mk_wire_now();
        int n;

        if (deadline != MK_WIRE_FOREVER && left < 0)
            left = 0;
        n = poll(&p, 1, left > INT32_MAX ? INT32_MAX : (int)left);
        if (n > 0)
            return true; /* an error shows at the call itself */
        if (n == 0 && left <= INT32_MAX) {
            errno = ETIMEDOUT;
            return false;
        }
        if (n < 0 && errno != EINTR)
            return false;
    }
}

enum mk_err mk_wire_begin(struct mk_buf *frame, enum mk_wire_kind kind)
{
    static const uint8_t length[4];
    enum mk_err rc;

    mk_buf_clear(frame);
    MK_TRY(mk_buf_add(frame, length, sizeof(length)));
    MK_TRY(mk_buf_add_u8(frame, (uint8_t)kind));
out:
    return rc;
}

enum mk_err mk_wire_send(int fd, struct mk_buf *frame, int64_t deadline,
                         struct mk_diag *diag)
{
    size_t done = 0;

    if (frame->len < HEAD || frame->len - 4 > MK_WIRE_MAX)
        return mk_fail(diag, MK_E_TOO_LARGE, place);
    mk_put_u32(frame->data, (uint32_t)(frame->len - 4));
    while (done < frame->len) {
        ssize_t n = write(fd, frame->data + done, frame->len - done);

        if (n > 0)
            done += (size_t)n;
        else if (n < 0 && errno == EAGAIN) {
            if (!wait_for(fd, POLLOUT, deadline))
                return mk_fail_sys(diag, MK_E_SERVER, place);
        } else if (n == 0 || errno != EINTR)
            return mk_fail_sys(diag, MK_E_SERVER, place);
    }
    return MK_OK;
}

/* Adds exactly n bytes to buf, unless *end: not one came. */
static enum mk_err take(int fd, struct mk_buf *buf, size_t n, bool *end,
                        int64_t deadline, struct mk_diag *diag)
{
    size_t start = buf->len;

    *end = false;
    while (buf->len - start < n) {
        size_t left = n - (buf->len - start);
        size_t room = left < STEP ? left : STEP;
        ssize_t got;
        enum mk_err rc = mk_buf_reserve(buf, room);

        if (rc != MK_OK)
            return mk_fail(diag, rc, place);
        got = read(fd, buf->data + buf->len, room);
        if (got > 0) {
            buf->len += (size_t)got;
        } else if (got < 0 && errno == EAGAIN) {
            if (!wait_for(fd, POLLIN, deadline))
                return mk_fail_sys(diag, MK_E_SERVER, place);
        } else if (got == 0) {
            *end = buf->len == start;
            return mk_fail(diag, MK_E_SERVER, place);
        } else if (errno != EINTR) {
            return mk_fail_sys(diag, MK_E_SERVER, place);
        }
    }
    return MK_OK;
}

enum mk_err mk_wire_receive(int fd, uint8_t *kind, struct mk_buf *body,
                            bool *end, int64_t deadline, struct mk_diag *diag)
{
    bool nothing = false;
    enum mk_err rc;
    size_t n;

    mk_buf_clear(body);
    rc = take(fd, body, HEAD, &nothing, deadline, diag);
    if (end)
        *end = nothing;
    if (rc != MK_OK)
        return rc;
    n = mk_get_u32(body->data);
    *kind = body->data[4];
    mk_buf_clear(body);
    if (n < 1 || n > MK_WIRE_MAX)
        return mk_fail(diag, MK_E_SERVER, place);
    return take(fd, body, n - 1, &nothing, deadline, diag);
}

/* ---- values and rows ---- */

enum mk_err mk_wire_add_value(struct mk_buf *frame,
                              const struct mk_sql_value *v)
{
    enum mk_err rc;

    MK_TRY(mk_buf_add_u8(frame, (uint8_t)v->type));
    switch (v->type) {
    case MK_SQL_NULL:
        break;
    case MK_SQL_U64:
        MK_TRY(mk_buf_add_u64(frame, v->u));
        break;
    case MK_SQL_BLOB:
        if (v->n > MK_WIRE_MAX)
            return MK_E_TOO_LARGE;
        MK_TRY(mk_buf_add_u32(frame, (uint32_t)v->n));
        MK_TRY(mk_buf_add(frame, v->p, v->n));
        break;
    }
out:
    return rc;
}

bool mk_wire_read_value(struct mk_reader *r, struct mk_sql_value *out)
{
    *out = (struct mk_sql_value){.type = MK_SQL_NULL};
    switch (mk_read_u8(r)) {
    case MK_SQL_NULL:
        return true;
    case MK_SQL_U64:
        *out = mk_sql_u64(mk_read_u64(r));
        if (out->u > INT64_MAX)
            r->bad = true;
        return !r->bad;
    case MK_SQL_BLOB:
        out->n = mk_read_u32(r);
        out->p = mk_read_bytes(r, out->n);
        out->type = MK_SQL_BLOB;
        return !r->bad;
    case MK_WIRE_STRANGE:
        return false;
    default:
        r->bad = true;
        return false;
    }
}

bool mk_wire_read_rows(struct mk_wire_rows *out, const struct mk_buf *body)
{
    struct mk_sql_value ignored;
    struct mk_reader r;
    uint8_t more;

    mk_reader_init(&r, body->data, body->len);
    more = mk_read_u8(&r);
    out->changed = mk_read_u64(&r);
    out->columns = mk_read_u16(&r);
    out->rows = mk_read_u32(&r);
    out->more = more == 1;
    out->values = r;
    if (r.bad || more > 1 || out->columns > MK_QUERY_COLUMNS ||
        (out->columns == 0 && out->rows > 0))
        return false;
    for (uint64_t n = (uint64_t)out->rows * out->columns; n > 0 && !r.bad; n--)
        (void)mk_wire_read_value(&r, &ignored);
    return mk_reader_done(&r);
}

/* ---- errors ---- */

/* What meldkluis-pg may say happened, by the number that goes over. */
static const enum mk_err errors[] = {
    MK_E_INTERNAL,        MK_E_MEMORY,          MK_E_SERVER,
    MK_E_SERVER_DENIED,   MK_E_SERVER_SCHEMA,   MK_E_BUSY,
    MK_E_CHANGED,         MK_E_EXISTS,          MK_E_DISK_FULL,
    MK_E_READ_ONLY,       MK_E_DAMAGED,         MK_E_TOO_LARGE,
    MK_E_UNKNOWN_OUTCOME, MK_E_SERVER_ADDRESS,  MK_E_LIBRARY,
    MK_E_SERVER_KEYWORD,  MK_E_SERVER_DATABASE, MK_E_SERVER_NO_SCHEMA,
    MK_E_SERVER_STANDBY,  MK_E_SERVER_ERASE,    MK_E_TAMPERED,
    MK_E_SERVER_FULL,
};
#define ERRORS (sizeof(errors) / sizeof(*errors))

enum mk_err mk_wire_fail(struct mk_buf *frame, const struct mk_diag *diag)
{
    uint8_t number = 0;
    enum mk_err rc;

    for (size_t i = 0; i < ERRORS; i++)
        if (errors[i] == diag->err)
            number = (uint8_t)i;
    MK_TRY(mk_wire_begin(frame, MK_WIRE_FAILED));
    MK_TRY(mk_buf_add_u8(frame, number));
    MK_TRY(mk_buf_add_u32(frame, (uint32_t)diag->sys));
    MK_TRY(mk_buf_add_u64(frame, (uint64_t)diag->num[0]));
    MK_TRY(mk_buf_add_u16(frame, (uint16_t)strlen(diag->place)));
    MK_TRY(mk_buf_add_str(frame, diag->place));
    MK_TRY(mk_buf_add_str(frame, diag->said));
out:
    return rc;
}

/* The next n bytes as text of at most size - 1; r->bad if there is no room. */
static void read_text(struct mk_reader *r, size_t n, char *out, size_t size)
{
    const uint8_t *p = n < size ? mk_read_bytes(r, n) : NULL;
    size_t to = 0;

    r->bad = r->bad || (n > 0 && !p);
    for (size_t i = 0; !r->bad && i < n;) {
        uint32_t c;
        bool hidden = true;
        size_t len = mk_text_next(p + i, n - i, &c, &hidden);

        if (len > 0 && !hidden) {
            memcpy(out + to, p + i, len);
            to += len;
        } else if (len == 0) {
            out[to++] = '?';
        }
        i += len > 0 ? len : 1;
    }
    out[to] = '\0';
}

bool mk_wire_read_failed(const struct mk_buf *body, enum mk_err *err,
                         struct mk_diag *diag)
{
    char text[sizeof(diag->place)], said[sizeof(diag->said)];
    struct mk_reader r;
    uint8_t number;
    int32_t sys;
    int64_t num;

    mk_reader_init(&r, body->data, body->len);
    number = mk_read_u8(&r);
    sys = (int32_t)mk_read_u32(&r);
    num = (int64_t)mk_read_u64(&r);
    read_text(&r, mk_read_u16(&r), text, sizeof(text));
    read_text(&r, r.left, said, sizeof(said));
    if (r.bad || number >= ERRORS)
        return false;
    if (diag) {
        diag->sys = sys;
        diag->num[0] = num;
    }
    *err = mk_fail(diag, errors[number], text);
    mk_diag_said(diag, said, strlen(said));
    return true;
}
