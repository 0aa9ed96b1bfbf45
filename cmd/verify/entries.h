/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The entries and tiles of an export, from front to back, in flat memory: one
 * bundle, one tile a level.
 *
 *   bundle  u16 length | leaf, 256 times    hashed, compared with
 *   tile/0  their hashes                    made[1] of the tree, gathered into
 *   tile/1  roots of 256 leaves each        ... and compared with the file
 */
#ifndef MK_CMD_VERIFY_ENTRIES_H
#define MK_CMD_VERIFY_ENTRIES_H

#include "cmd/verify/files.h"
#include "cmd/verify/report.h"
#include "cmd/verify/tree.h"

#define MK_VF_WIDTH 256

struct mk_vf_entries {
    int dir; /* borrowed */
    struct mk_vf_report *report;
    uint64_t size;   /* of the checkpoint */
    uint64_t pruned; /* below it a bundle may be missing */
    uint64_t at;     /* the entry to come */
    struct mk_vf_tree tree;
    struct mk_buf bundle, tile;
    unsigned width; /* of the bundle that is loaded */
    bool has_leaves, has_tile;
    struct {
        uint8_t *p;
        size_t n;
    } leaf[MK_VF_WIDTH];
    uint8_t hash[MK_VF_WIDTH][MK_HASH];
    struct {
        unsigned n;
        uint64_t index;
        uint8_t hash[MK_VF_WIDTH][MK_HASH];
    } level[MK_VF_LEVELS];
};

/* Owns: mk_vf_entries_release. */
void mk_vf_entries_init(struct mk_vf_entries *e, int dir,
                        struct mk_vf_report *report, uint64_t size,
                        uint64_t pruned);
void mk_vf_entries_release(struct mk_vf_entries *e);

/*
 * Takes the next entry into the tree.  *leaf (NULL: it was pruned or is gone)
 * is borrowed until the next call.  *more is false at the end, and when neither
 * entry nor hash can be had.  Errors: E_IO, E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_vf_entries_next(struct mk_vf_entries *e, bool *more,
                                           const uint8_t **leaf, size_t *n,
                                           struct mk_diag *diag);
/* Compares the partial tiles at the right edge. */
MK_MUST_USE enum mk_err mk_vf_entries_end(struct mk_vf_entries *e,
                                          struct mk_diag *diag);

/* Takes a bundle of width entries apart: leaf[i].p, .n and hash[i].  The bytes
 * of p are used up.  False if it is none. */
MK_MUST_USE bool mk_vf_bundle_parse(struct mk_vf_entries *e, uint8_t *p,
                                    size_t n, unsigned width);

#endif
