/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A growing row of bytes that forgets: whatever memory it lets go of, when it
 * grows, is cleared or is released, is overwritten first.  Personal data
 * lives in these and nowhere else (keys do not: see crypto/secret.h).
 */
#ifndef MK_BASE_BUF_H
#define MK_BASE_BUF_H

#include "core/base/err.h"

struct mk_buf {
    uint8_t *data; /* NULL while cap is 0 */
    size_t len;
    size_t cap;
};

#define MK_BUF_INIT                      \
    {                                    \
        .data = NULL, .len = 0, .cap = 0 \
    }

/* Largest buffer that may be made: 1 GiB.  More is E_TOO_LARGE. */
#define MK_BUF_MAX ((size_t)1 << 30)

void mk_buf_init(struct mk_buf *buf);

/* Wipes and frees; buf is empty and usable afterwards.  NULL is fine. */
void mk_buf_release(struct mk_buf *buf);

/* Wipes the content, keeps the memory. */
void mk_buf_clear(struct mk_buf *buf);

/* Makes room for extra more bytes.  Errors: E_MEMORY, E_TOO_LARGE. */
MK_MUST_USE enum mk_err mk_buf_reserve(struct mk_buf *buf, size_t extra);

/* Adds to the end; p does not lie in buf.  After an error buf is as before.
 * Errors: as mk_buf_reserve. */
MK_MUST_USE enum mk_err mk_buf_add(struct mk_buf *buf, const void *p,
                                   size_t n);
MK_MUST_USE enum mk_err mk_buf_add_str(struct mk_buf *buf, const char *s);
MK_MUST_USE enum mk_err mk_buf_add_zero(struct mk_buf *buf, size_t n);
MK_MUST_USE enum mk_err mk_buf_add_u8(struct mk_buf *buf, uint8_t v);
MK_MUST_USE enum mk_err mk_buf_add_u16(struct mk_buf *buf, uint16_t v);
MK_MUST_USE enum mk_err mk_buf_add_u32(struct mk_buf *buf, uint32_t v);
MK_MUST_USE enum mk_err mk_buf_add_u64(struct mk_buf *buf, uint64_t v);

/* printf into the buffer: for texts without personal data or with. */
MK_MUST_USE enum mk_err mk_buf_addf(struct mk_buf *buf, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Puts one NUL behind the content (not counted in len); data is text then. */
MK_MUST_USE enum mk_err mk_buf_terminate(struct mk_buf *buf);

/* to gets what from holds (its own memory is wiped first); from is empty. */
void mk_buf_take(struct mk_buf *to, struct mk_buf *from);

#endif
