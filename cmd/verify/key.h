/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The auditor's key file.  Source: FORMAT-export. */
#ifndef MK_CMD_VERIFY_KEY_H
#define MK_CMD_VERIFY_KEY_H

#include "core/base/buf.h"

#define MK_VF_KEY_FILE_MAX 4096
#define MK_VF_PHRASE_MAX 1024

struct mk_vf_key_file {
    uint8_t store[16];
    uint8_t key_id[16];
    uint64_t t, m_kib;
    uint8_t salt[16];
    uint8_t bundle[109];
};

/* False if p is no such file, or its costs are out of bounds. */
MK_MUST_USE bool mk_vf_key_file_parse(struct mk_vf_key_file *out,
                                      const void *p, size_t n);
/*
 * secret (32 bytes, guarded) from the file and the passphrase, as typed.
 * Errors: E_BAD_UTF8 (no text, or characters that this version of Unicode
 * does not know), E_VERIFY_LOCKED, E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_vf_key_open(uint8_t secret[static 32],
                                       const struct mk_vf_key_file *file,
                                       const char *phrase, size_t n,
                                       struct mk_diag *diag);

#endif
