/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/migrate_texts.h"

#include "crypto/hash.h"

struct text {
    const char *name;
    const char *sql;
    size_t n;
};

/* made by the Makefile from core/store/schema/, in order of their names */
static const struct text texts[] = {
#define MK_SCHEMA(name, sql) {name, sql, sizeof(sql) - 1},
#include "schema_texts.h"
#undef MK_SCHEMA
};

unsigned mk_migrate_newest(void)
{
    return sizeof(texts) / sizeof(*texts);
}

const char *mk_migrate_text(unsigned version)
{
    return texts[version - 1].sql;
}

void mk_migrate_checksum(unsigned version, uint8_t out[static MK_HASH])
{
    mk_sha256(out, texts[version - 1].sql, texts[version - 1].n);
}
