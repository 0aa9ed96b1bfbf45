/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who is named for a restricted dossier, as the register has it.  The row of a
 * dossier can be written by whoever holds its keys, in an emergency by who was
 * let in; this record only by somebody whom the record before names.
 *
 *   kind 14  "MKN3" | store 16 | dossier 16 | people 16 | n u8, 0..16 |
 *            n times the member who is named 16
 *
 * people is mk_restricted_people of the row that came with it, n 0 (people
 * zeros) says that the dossier is for all inspectors again.  The head that
 * brings it is of an inspector whom the newest record of the dossier names; of
 * any inspector where there is none, or one with n 0.  A row that is not as the
 * newest record says was written by somebody who may not.
 * Source: docs/FORMAT.md "Register".
 */
#ifndef MK_CORE_NAMED_H
#define MK_CORE_NAMED_H

#include "core/restricted.h"
#include "core/tx.h"

/* Bytes of a record before its members, and of the longest. */
#define MK_NAMED_HEAD (4 + 3 * MK_ID + 1)
#define MK_NAMED_MAX (MK_NAMED_HEAD + MK_RESTRICTED_MOST * MK_ID)

struct mk_named {
    uint64_t seq; /* of its row in the register */
    uint8_t dossier[MK_ID];
    uint8_t people[MK_ID];
    size_t n;
    uint8_t member[MK_RESTRICTED_MOST][MK_ID];
};
MK_MUST_USE bool mk_named_has(const struct mk_named *named,
                              const uint8_t id[static MK_ID]);

/* The newest record of each dossier that has one. */
struct mk_named_all {
    struct mk_buf newest; /* of struct mk_named */
};
#define MK_NAMED_ALL_INIT     \
    {                         \
        .newest = MK_BUF_INIT \
    }
void mk_named_all_release(struct mk_named_all *all);
/* Takes row in, the next of kind 14; actor signed the head that brought it,
 * NULL: that was proven before.
 * Errors: E_TAMPERED (it is none); E_NOT_ALLOWED_HEAD (not by who may). */
MK_MUST_USE enum mk_err mk_named_take(struct mk_named_all *all,
                                      const uint8_t store[static MK_ID],
                                      const struct mk_register_row *row,
                                      const uint8_t *actor,
                                      struct mk_diag *diag);
/* All of the register; in a snapshot, or a transaction that has not appended
 * to it yet. */
MK_MUST_USE enum mk_err mk_named_read(struct mk_vault *v,
                                      struct mk_named_all *all,
                                      struct mk_diag *diag);
/* Of that dossier; NULL: none.  Borrowed until the next take. */
MK_MUST_USE const struct mk_named *mk_named_of(
    const struct mk_named_all *all, const uint8_t dossier[static MK_ID]);
/* Is row as its newest record says? */
MK_MUST_USE bool mk_named_fits(const struct mk_named_all *all,
                               const struct mk_dossier_row *row);
/* As mk_named_read demands.  Errors: E_NAMED when row does not fit. */
MK_MUST_USE enum mk_err mk_named_check(struct mk_vault *v,
                                       const struct mk_dossier_row *row,
                                       struct mk_diag *diag);
/* The record of row, which tx writes.  Errors: E_RESTRICTED, unless who
 * unlocked is named in the record before. */
MK_MUST_USE enum mk_err mk_named_append(struct mk_tx *tx,
                                        const struct mk_dossier_row *row,
                                        struct mk_diag *diag);

#endif
