/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The answer of a time-stamp authority, as far as a vault looks into it: was
 * it granted, over which SHA-256, at what time.  Strict DER from front to
 * back, and nothing else: signature and chain of certificates are for
 * `openssl ts -verify` (docs/WITNESS.md), which needs no key of ours.
 * Source: RFC 3161 section 2.4.2, RFC 5652 section 5.1.
 */
#ifndef MK_CORE_TSR_H
#define MK_CORE_TSR_H

#include "crypto/crypto.h"

#define MK_TSR_MAX 65536 /* bytes of an answer */

struct mk_tsr {
    bool granted;
    uint8_t imprint[MK_HASH]; /* zeros unless granted */
    int64_t time;             /* seconds since 1970, as it says */
};

/* False if p (n bytes) is no answer over a SHA-256. */
MK_MUST_USE bool mk_tsr_read(struct mk_tsr *out, const void *p, size_t n);

#endif
