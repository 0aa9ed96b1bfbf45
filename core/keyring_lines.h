/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines `key: value` of a keyring, slot or request, read and written. */
#ifndef MK_CORE_KEYRING_LINES_H
#define MK_CORE_KEYRING_LINES_H

#include "core/keyring.h"

/* Text read line by line; after the first refusal bad stays set. */
struct mk_kr_text {
    const char *p;
    size_t left;
    uint64_t line; /* of the line read last, from 1 */
    bool bad;
    bool newer; /* refused because of an unknown type or number */
};
void mk_kr_text_init(struct mk_kr_text *t, const void *p, size_t n);
/* Takes exactly these bytes (whole lines), or sets bad. */
void mk_kr_expect(struct mk_kr_text *t, const char *lines);
/* True if the next bytes are these. */
bool mk_kr_ahead(const struct mk_kr_text *t, const char *lines);
/* "key: value" LF; the value is put in out (max bytes and a NUL) or parsed. */
void mk_kr_read_line(struct mk_kr_text *t, const char *key, char *out,
                     size_t max);
void mk_kr_read_hex(struct mk_kr_text *t, const char *key, uint8_t *out,
                    size_t n);
/* Exactly n bytes. */
void mk_kr_read_b64(struct mk_kr_text *t, const char *key, uint8_t *out,
                    size_t n);
uint64_t mk_kr_read_num(struct mk_kr_text *t, const char *key, uint64_t min,
                        uint64_t max);
MK_MUST_USE enum mk_err mk_kr_add_hex(struct mk_buf *out, const char *key,
                                      const uint8_t *p, size_t n);
MK_MUST_USE enum mk_err mk_kr_add_b64(struct mk_buf *out, const char *key,
                                      const uint8_t *p, size_t n);

/* `key: ...`; MK_KEY_KINDS and bad when there is no such kind. */
enum mk_key_kind mk_kr_read_kind(struct mk_kr_text *t);
/* Bytes of the secret of this kind. */
size_t mk_kr_kind_size(enum mk_key_kind kind);
/* Bytes of the envelope of the generation before; 0 where none is kept. */
size_t mk_kr_previous_size(enum mk_key_kind kind);

#endif
