/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opaque tags of site and accused in a statistics record, so that disclosure
 * control can count distinct ones and nobody can recognise one.
 *
 *   site     first 8 bytes of HMAC-SHA-256(K_tag, "site" | lrk_id)
 *   accused  first 8 bytes of HMAC-SHA-256(K_tag, "accused" | person id)
 *   person id = SHA-256("mk1/person" | 00 | words of the name as search
 *               compares them, sorted, each ended by a space | 00 |
 *               day of birth or "-"), first 16 bytes: the same person in two
 *               dossiers has one id
 *   absent   8 random bytes, marked empty
 */
#ifndef MK_CORE_TAGS_H
#define MK_CORE_TAGS_H

#include "core/stats.h"

MK_MUST_USE enum mk_err mk_tags_of_case(const struct mk_secret *ktag,
                                        const struct mk_case *c,
                                        struct mk_stats_record *record,
                                        struct mk_diag *diag);
/* False if the fields hold no name. */
MK_MUST_USE bool mk_person_id(const struct mk_fields *person,
                              uint8_t id[static MK_ID]);

#endif
