/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The texts of core/store/schema/, built in, numbered from 1. */
#ifndef MK_STORE_MIGRATE_TEXTS_H
#define MK_STORE_MIGRATE_TEXTS_H

#include <stdint.h>

#include "crypto/crypto.h"

/* The newest version this program knows. */
unsigned mk_migrate_newest(void);

/* Text number version (1..newest). */
const char *mk_migrate_text(unsigned version);
void mk_migrate_checksum(unsigned version, uint8_t out[static MK_HASH]);

#endif
