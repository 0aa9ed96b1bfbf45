/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Big-endian integers, a reader that cannot run over, hexadecimal. */
#ifndef MK_BASE_BYTES_H
#define MK_BASE_BYTES_H

#include "core/base/err.h"

void mk_put_u16(uint8_t out[static 2], uint16_t v);
void mk_put_u32(uint8_t out[static 4], uint32_t v);
void mk_put_u64(uint8_t out[static 8], uint64_t v);
uint16_t mk_get_u16(const uint8_t in[static 2]);
uint32_t mk_get_u32(const uint8_t in[static 4]);
uint64_t mk_get_u64(const uint8_t in[static 8]);

/*
 * Reads hostile bytes from front to back.  After the first read past the end
 * bad is set, every later read gives zeros or NULL, and the caller checks
 * once, at the end.
 */
struct mk_reader {
    const uint8_t *p;
    size_t left;
    bool bad;
};

void mk_reader_init(struct mk_reader *r, const void *p, size_t n);
uint8_t mk_read_u8(struct mk_reader *r);
uint16_t mk_read_u16(struct mk_reader *r);
uint32_t mk_read_u32(struct mk_reader *r);
uint64_t mk_read_u64(struct mk_reader *r);
const uint8_t *mk_read_bytes(struct mk_reader *r, size_t n); /* borrowed */
void mk_read_copy(struct mk_reader *r, void *out, size_t n);
/* True if nothing went wrong and nothing is left. */
bool mk_reader_done(const struct mk_reader *r);

/* out gets 2n lower-case digits and a NUL. */
void mk_hex(char *out, const uint8_t *p, size_t n);
/* Strict: exactly 2n digits of either case and a NUL.  False if not. */
MK_MUST_USE bool mk_unhex(uint8_t *out, size_t n, const char *text);

#endif
