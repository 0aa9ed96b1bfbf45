/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What lists show of a dossier, sealed in its row under its own key, so that
 * a list opens one envelope a dossier instead of all its entries.
 *
 *   version u8=2 | state u8 | unmet u8 | duty u8 | category u8 | care_type u8 |
 *   urgent u8 | received i32 | next_check i32 | meldingen u32 | owner 16 |
 *   deputies u8 | so many times: member 16 |
 *   3 times: status u8 | guess u8 | since i32 | met i32 | label len u16 | label
 * Version 1, which knew no deputies, is read too.
 */
#ifndef MK_CORE_SUMMARY_H
#define MK_CORE_SUMMARY_H

#include "core/meldkluis.h"

MK_MUST_USE enum mk_err mk_summary_encode(struct mk_buf *out,
                                          const struct mk_case *c);
/* item->label is borrowed from bytes, which ends with a NUL of its own.
 * id is left to the caller.  Errors: E_DAMAGED. */
MK_MUST_USE enum mk_err mk_summary_decode(struct mk_list_item *item,
                                          struct mk_buf *bytes,
                                          struct mk_diag *diag);

#endif
