/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opening entries of the access log, for auditors.  A box a session holds its
 * log key; boxes are kept as they are, and opened when an entry needs them.
 */
#ifndef MK_CORE_LOG_READER_H
#define MK_CORE_LOG_READER_H

#include "core/leaf.h"
#include "core/vault.h"

struct mk_log_reader;

MK_MUST_USE enum mk_err mk_log_reader_new(struct mk_log_reader **out,
                                          const struct mk_vault *v,
                                          struct mk_diag *diag);
void mk_log_reader_free(struct mk_log_reader *r);

/* The first leaf to come is seq: those before it were pruned.  Without it 0. */
void mk_log_reader_begin(struct mk_log_reader *r, uint64_t seq);

/*
 * Takes the next leaf, in order from the first.  *yes true: item holds its
 * entry; false: a leaf that opens a session, or a failed unlock that was seen
 * before.  A leaf that cannot be read (it says another place, belongs to no
 * session, to one that its actor did not sign or that was opened before, or
 * speaks under another name) becomes an item with kind NONE: whoever is a
 * member can append such a leaf, and it may not hide the others.
 */
MK_MUST_USE enum mk_err mk_log_reader_next(struct mk_log_reader *r,
                                           const uint8_t *bytes, size_t n,
                                           bool *yes, struct mk_log_item *item,
                                           struct mk_diag *diag);

/* MK_OK, or what was wrong with the first leaf that could not be read. */
MK_MUST_USE enum mk_err mk_log_reader_verdict(const struct mk_log_reader *r,
                                              struct mk_diag *diag);

#endif
