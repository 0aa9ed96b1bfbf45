/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cards in and out, for core/recovery*.c. */
#ifndef MK_CORE_RECOVERY_IMPL_H
#define MK_CORE_RECOVERY_IMPL_H

#include "core/card.h"
#include "core/recovery.h"

/* Cards that were read. */
struct mk_hand {
    struct mk_card card[MK_SHARES_MOST];
    const char *what[MK_SHARES_MOST]; /* borrowed from the texts */
    size_t n;
};
void mk_hand_release(struct mk_hand *h);
MK_MUST_USE enum mk_err mk_hand_read(struct mk_hand *h,
                                     const struct mk_card_text *texts,
                                     size_t n, struct mk_diag *diag);
/* As mk_keyring_combine. */
MK_MUST_USE enum mk_err mk_hand_combine(const struct mk_keyring *k,
                                        const struct mk_hand *h,
                                        struct mk_recovery *out,
                                        struct mk_diag *diag);
/* New cards as text to where they go. */
MK_MUST_USE enum mk_err mk_hand_out(const struct mk_keyring *k,
                                    const struct mk_new_cards *fresh,
                                    const struct mk_card *cards,
                                    struct mk_diag *diag);

#endif
