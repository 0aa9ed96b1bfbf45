/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON from a hostile source (RFC 8259): one object, UTF-8, no NUL, no key
 * twice, not too deep.  Order of keys is kept.
 */
#ifndef MK_SDC_JSON_H
#define MK_SDC_JSON_H

#include <jansson.h>

#include "core/base/buf.h"

#define MK_SDC_JSON_DEPTH 32

/*
 * *root: the object in text (n bytes); the caller's to json_decref.
 * Errors: E_TOO_LARGE (more than max bytes, or nested deeper than
 * MK_SDC_JSON_DEPTH), E_SYNTAX, E_DUPLICATE_KEY, each with its line; E_MEMORY.
 * place names the input in them.
 */
MK_MUST_USE enum mk_err mk_sdc_json_load(json_t **root, const void *text,
                                         size_t n, size_t max,
                                         const char *place,
                                         struct mk_diag *diag);

/* Adds json as text to out, keys in their order, lines with one space more at
 * each level (compact: in one line), and LF.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_sdc_json_dump(struct mk_buf *out,
                                         const json_t *json, bool compact);

/*
 * Refuses what stands at a path like "tables[2].where", which is printf of
 * fmt; what a terminal could obey in it is made visible.  num0 is a limit.
 */
enum mk_err mk_sdc_json_refuse(struct mk_diag *diag, enum mk_err err,
                               int64_t num0, int64_t num1, const char *fmt,
                               ...) __attribute__((format(printf, 5, 6)));

/* Puts value (taken in every case, NULL: out of memory) into a container. */
MK_MUST_USE enum mk_err mk_sdc_json_put(json_t *object, const char *key,
                                        json_t *value);
MK_MUST_USE enum mk_err mk_sdc_json_append(json_t *array, json_t *value);

#endif
