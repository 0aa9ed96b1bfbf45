/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shared by the parts of log export.  The format: docs/FORMAT-export.md.
 *
 *   export.c        who may, which folder, checkpoint
 *   export_log.c    leaves, tiles, bundles, heads: what grows
 *   export_parts.c  members, register, witnesses, kept checkpoints: small
 *   export_dir.c    files in the folder
 *
 * In a proven snapshot the vault is read once, from where an earlier export
 * ended; what is read is compared with the newest head, and only then does
 * `checkpoint` say that it is there.  Cut off before that, the folder is still
 * the export that it was: readers take nothing beyond their checkpoint.
 */
#ifndef MK_CORE_EXPORT_H
#define MK_CORE_EXPORT_H

#include "core/export_dir.h"
#include "core/vault.h"
#include "crypto/note.h"

#define MK_EXPORT_HEAD (MK_HEAD + MK_SIG) /* one record of `heads` */

struct mk_export {
    struct mk_vault *v;
    struct mk_export_dir dir;
    struct mk_export_report *report;
    struct mk_note_key key;   /* of the log */
    bool is_new;              /* the folder was empty */
    bool new_key;             /* it does not name the key of now */
    struct mk_checkpoint old; /* of the folder; size 0: none */
    uint64_t from;   /* leaves that stay as they are: old.size, or 0 */
    uint64_t pruned; /* leaves whose bodies are gone */
};

/* The register as of v->head, proven; finds e->pruned. */
MK_MUST_USE enum mk_err mk_export_register(struct mk_export *e,
                                           struct mk_diag *diag);
/* Members, witnesses. */
MK_MUST_USE enum mk_err mk_export_people(struct mk_export *e,
                                         struct mk_diag *diag);
/* What lies in the folder `checkpoints` of the vault. */
MK_MUST_USE enum mk_err mk_export_kept(struct mk_export *e,
                                       struct mk_diag *diag);

/*
 * Leaves up to v->head, as tiles and bundles, and the heads, proven.  Goes on
 * behind e->old where the folder holds its right edge whole, else begins anew
 * and sets e->from to 0.  Errors: E_TAMPERED.
 */
MK_MUST_USE enum mk_err mk_export_log(struct mk_export *e,
                                      struct mk_diag *diag);
/* After the checkpoint: partial tiles that have become whole, bundles that
 * were pruned. */
MK_MUST_USE enum mk_err mk_export_tidy(struct mk_export *e,
                                       struct mk_diag *diag);

#endif
