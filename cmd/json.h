/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes JSON (RFC 8259) into a buffer.  The first failure sticks in rc and
 * makes every later call a no-op: the caller looks once, at the end.  key is
 * NULL inside an array.  Text must be UTF-8.
 */
#ifndef MK_CMD_JSON_H
#define MK_CMD_JSON_H

#include "core/base/buf.h"
#include "core/base/date.h"

struct mk_json {
    struct mk_buf *out; /* borrowed */
    enum mk_err rc;
    unsigned depth;
    uint64_t filled; /* bit d: something stands at depth d already */
    uint64_t arrays; /* bit d: depth d is an array */
};

/* Begins the outermost object, with "schema": 1. */
void mk_json_begin(struct mk_json *j, struct mk_buf *out);
/* Ends it, with a line end.  Returns rc. */
MK_MUST_USE enum mk_err mk_json_finish(struct mk_json *j);

void mk_json_object(struct mk_json *j, const char *key);
void mk_json_array(struct mk_json *j, const char *key);
void mk_json_end(struct mk_json *j); /* of the innermost object or array */

void mk_json_text(struct mk_json *j, const char *key, const void *p, size_t n);
void mk_json_str(struct mk_json *j, const char *key, const char *s);
void mk_json_num(struct mk_json *j, const char *key, int64_t n);
void mk_json_bool(struct mk_json *j, const char *key, bool b);
void mk_json_null(struct mk_json *j, const char *key);
/* null for MK_DAY_NONE */
void mk_json_day(struct mk_json *j, const char *key, mk_day day);
void mk_json_tag(struct mk_json *j, const char *key,
                 const uint8_t id[static 16]);
void mk_json_hex(struct mk_json *j, const char *key, const uint8_t *p,
                 size_t n);

#endif
