/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What meldkluis and meldkluis-pg say to each other over a socket of their
 * own.  One asks, the other answers; each question but PUT has one answer:
 *
 *   frame     length u32 (of what follows) | kind u8 | body
 *
 *   HELLO     version u32 | SHA-256 of all statements | url      -> WELCOME
 *   BEGIN     write u8 | wait u8                                 -> DONE
 *   RUN       statement u16 | parameters                         -> ROWS
 *   PUT       statement u16 | changed u8 | parameters
 *   NEXT      statement u16 (of a walk)                          -> ROWS
 *   COMMIT, ROLLBACK                                             -> DONE
 *   CATALOGUE                                                    -> ROWS
 *   FACTS                                                        -> FACTS
 *   anything                                                     -> FAILED
 *
 *   WELCOME   seconds u32 that an answer of the server may take
 *   ROWS      more u8 | changed u64 | columns u16 | rows u32 | values
 *   FACTS     two texts, each u32 length | bytes
 *   FAILED    error u8 | errno u32 | number u64 | place u16 length | bytes |
 *             what was said
 *   value     type u8 | nothing, u64, or u32 length | bytes
 *
 * PUT writes one row, when it suits.  If it could not, the answer to a later
 * question is FAILED, at the latest that to COMMIT.  When it meets no row, or
 * one that is there already, that is E_CHANGED with changed 1, else E_TAMPERED.
 *
 * All integers big-endian.  Neither side trusts the other: every length is
 * bounded before memory is taken, every value is checked before it is used,
 * and nobody waits for ever for somebody who began a frame.
 */
#ifndef MK_STORE_WIRE_H
#define MK_STORE_WIRE_H

#include "core/base/buf.h"
#include "core/base/bytes.h"
#include "core/store/queries.h"
#include "crypto/crypto.h"

#define MK_WIRE_VERSION 2
#define MK_WIRE_MAX ((size_t)64 << 20) /* bytes of a frame after its length */
#define MK_WIRE_URL_MAX 4096
/* seconds that an answer of the server may take: what the user may ask */
#define MK_WIRE_WAIT_MAX 3600u
/* seconds that a writer waits for the writer before him */
#define MK_WIRE_LOCK_WAIT 60u

enum mk_wire_kind {
    MK_WIRE_HELLO = 1,
    MK_WIRE_BEGIN,
    MK_WIRE_RUN,
    MK_WIRE_NEXT,
    MK_WIRE_COMMIT,
    MK_WIRE_ROLLBACK,
    MK_WIRE_CATALOGUE,
    MK_WIRE_FACTS,
    MK_WIRE_PUT,

    MK_WIRE_WELCOME = 65,
    MK_WIRE_DONE,
    MK_WIRE_ROWS,
    MK_WIRE_FACTS_ARE,
    MK_WIRE_FAILED,
};

/* SHA-256 over name, kind and text of all statements: who has another list is
 * not of this build. */
void mk_wire_statements(uint8_t out[static MK_HASH]);

/* ---- frames ---- */

/* Milliseconds of a clock that nobody sets, for the deadlines below. */
int64_t mk_wire_now(void);
#define MK_WIRE_FOREVER INT64_MAX

/* Begins a frame in an empty frame buffer; its body is added to it. */
MK_MUST_USE enum mk_err mk_wire_begin(struct mk_buf *frame,
                                      enum mk_wire_kind kind);
/*
 * Sends the frame, all of it before the deadline, over a socket that does not
 * block (mk_wire_ready).  Errors: E_SERVER (closed, too late), E_TOO_LARGE.
 */
MK_MUST_USE enum mk_err mk_wire_send(int fd, struct mk_buf *frame,
                                     int64_t deadline, struct mk_diag *diag);
/*
 * Takes the next frame; body becomes what follows its kind.  *end (may be
 * NULL) is true when the other side closed instead: an error without it.
 * Errors: E_SERVER (closed, too long, too late), E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_wire_receive(int fd, uint8_t *kind,
                                        struct mk_buf *body, bool *end,
                                        int64_t deadline,
                                        struct mk_diag *diag);
/* Reads and writes on fd return at once.  False with errno if not. */
MK_MUST_USE bool mk_wire_ready(int fd);

/* ---- bodies ---- */

/* A value that is none of ours: of a type that no column has, or a number
 * below 0. */
#define MK_WIRE_STRANGE 3
MK_MUST_USE enum mk_err mk_wire_add_value(struct mk_buf *frame,
                                          const struct mk_sql_value *v);
/* False for a strange one, which is no broken frame; what it points to is
 * borrowed.  r->bad when the bytes are no value. */
bool mk_wire_read_value(struct mk_reader *r, struct mk_sql_value *out);

struct mk_wire_rows {
    bool more; /* of a walk: ask NEXT */
    uint64_t changed;
    unsigned columns;
    uint32_t rows;
    struct mk_reader values; /* rows x columns of them, checked */
};
/* Borrows body.  False if it is no ROWS, whole and nothing more. */
MK_MUST_USE bool mk_wire_read_rows(struct mk_wire_rows *out,
                                   const struct mk_buf *body);

/* An error as it goes over; what the other side may not give is E_INTERNAL.
 * Of place and what was said arrives what is valid UTF-8 and can be seen. */
MK_MUST_USE enum mk_err mk_wire_fail(struct mk_buf *frame,
                                     const struct mk_diag *diag);
/* Fills diag, and *err with its error.  False if the body is no FAILED. */
MK_MUST_USE bool mk_wire_read_failed(const struct mk_buf *body,
                                     enum mk_err *err, struct mk_diag *diag);

#endif
