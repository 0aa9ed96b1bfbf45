/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What comes down to the publication gate, and what goes up again.
 *
 *   down  "meldkluis-gate: 1\n"
 *         "section NAME LENGTH\n" | LENGTH bytes | "\n"      any number of times
 *         "end\n"
 *   up    "record LENGTH\n" | LENGTH bytes | "\n"            if a release is wanted
 *   down  "commit\n": it is registered; "abort\n" or the end of input: it is
 *         not, and nothing may be published
 *
 * NAME: cube (counts, core/cube.h), release (the record of an earlier release,
 * oldest first), key (32 bytes, at most once).  "meldkluis-gate: none\n" alone
 * comes from a sender that gave up and has said why.  The input is taken as
 * hostile: bounded, and nothing is guessed.
 */
#ifndef MK_REPORTS_GATE_H
#define MK_REPORTS_GATE_H

#include "core/base/buf.h"

#define MK_GATE_BYTES ((size_t)1 << 27)  /* of all that comes down */
#define MK_GATE_RECORD ((size_t)1 << 24) /* of a record */
#define MK_GATE_SECTIONS 8192
#define MK_GATE_KEY_BYTES 32

enum mk_gate_kind {
    MK_GATE_CUBE,
    MK_GATE_RELEASE,
    MK_GATE_KEY,
    MK_GATE_KINDS
};

struct mk_gate_section {
    enum mk_gate_kind kind;
    size_t at, n; /* where it lies in text */
};

struct mk_gate {
    bool none;          /* the sender gave up */
    struct mk_buf text; /* all that came down */
    struct mk_buf list; /* struct mk_gate_section */
    size_t n_sections;
    size_t at; /* how far text was read; private */
    bool ended;
};

void mk_gate_init(struct mk_gate *g);
void mk_gate_release(struct mk_gate *g); /* wipes */

/*
 * Reads n bytes that are all of it.  g is initialised.
 * Errors: E_SYNTAX, E_NEWER, E_TOO_LARGE, E_MEMORY; diag->line is the number
 * of the section, from 1.
 */
MK_MUST_USE enum mk_err mk_gate_parse(struct mk_gate *g, const void *p,
                                      size_t n, struct mk_diag *diag);
/* The same from a descriptor, up to "end\n", which stays open.
 * Errors: also E_IO. */
MK_MUST_USE enum mk_err mk_gate_read(struct mk_gate *g, int fd,
                                     struct mk_diag *diag);
/* Section i < n_sections; data is borrowed from g. */
enum mk_gate_kind mk_gate_section(const struct mk_gate *g, size_t i,
                                  const uint8_t **data, size_t *n);

/* Hands a record up.  Errors: E_TOO_LARGE, E_IO. */
MK_MUST_USE enum mk_err mk_gate_send(int fd, const void *record, size_t n,
                                     struct mk_diag *diag);
/* Waits for what becomes of it.  Errors: E_SYNTAX, E_IO. */
MK_MUST_USE enum mk_err mk_gate_await(int fd, bool *registered,
                                      struct mk_diag *diag);

#endif
