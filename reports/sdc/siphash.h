/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SipHash-2-4: a keyed function of short texts with 64 bits of outcome.
 *
 * Controlled rounding takes its preference of up or down for each cell from
 * it.  That asks for two things: who has no key cannot foretell the outcome,
 * and the same key and name give the same outcome again.  Both are what a
 * pseudo-random function promises, SipHash was made to be one, and nothing
 * here is encrypted or signed with it.  Should it ever be broken, a reader
 * learns which way a cell would rather have gone, within an interval that the
 * audit holds for known anyway.
 *
 * The vault's library is out of reach here: this process has no crypto.
 *
 * Source: J.-P. Aumasson, D. J. Bernstein, SipHash: a fast short-input PRF,
 * Indocrypt 2012.
 */
#ifndef MK_SDC_SIPHASH_H
#define MK_SDC_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t mk_sdc_siphash(const uint8_t key[static 16], const void *p, size_t n);

#endif
