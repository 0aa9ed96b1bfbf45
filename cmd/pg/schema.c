/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/pg/program.h"
#include "core/base/bytes.h"
#include "core/store/migrate_texts.h"

/* made by the Makefile from core/store/schema/grants.sql */
#include "grants_sql.h"

static const char head[] =
    "-- Tables and rights of a vault of meldkluis " MK_VERSION
    " on PostgreSQL 15 or newer.\n"
    "-- For the administrator, with psql; again after each new version:\n"
    "--   meldkluis-pg --schema | psql -d DATABASE [-v schema=NAME]\n"
    "\\set ON_ERROR_STOP on\n"
    "\\if :{?schema}\n"
    "\\else\n"
    "\\set schema meldkluis\n"
    "\\endif\n"
    "BEGIN;\n"
    "CREATE SCHEMA IF NOT EXISTS :\"schema\";\n"
    "SET LOCAL search_path = :\"schema\", pg_temp;\n"
    "SELECT to_regclass('migration') IS NULL AS mk_new \\gset\n"
    "\\if :mk_new\n"
    "\\set mk_have 0\n"
    "\\else\n"
    "SELECT coalesce(max(version), 0) AS mk_have FROM migration \\gset\n"
    "\\endif\n";

static const char tail[] = "COMMIT;\n";

static enum mk_err add_version(struct mk_buf *out, unsigned version)
{
    uint8_t sum[MK_HASH];
    char hex[2 * MK_HASH + 1];
    enum mk_err rc;

    mk_migrate_checksum(version, sum);
    mk_hex(hex, sum, sizeof(sum));
    MK_TRY(mk_buf_addf(out,
                       "\nSELECT :mk_have < %u AS mk_wanted \\gset\n"
                       "\\if :mk_wanted\n",
                       version));
    MK_TRY(mk_buf_add_str(out, mk_migrate_text(version)));
    MK_TRY(mk_buf_addf(out,
                       "\nINSERT INTO migration (version, checksum)"
                       " VALUES (%u, '\\x%s');\n\\endif\n",
                       version, hex));
out:
    return rc;
}

enum mk_err mk_pg_schema(struct mk_buf *out)
{
    enum mk_err rc;

    MK_TRY(mk_buf_add_str(out, head));
    for (unsigned v = 1; v <= mk_migrate_newest(); v++)
        MK_TRY(add_version(out, v));
    MK_TRY(mk_buf_add_str(out, "\n"));
    MK_TRY(mk_buf_add_str(out, grants_sql));
    MK_TRY(mk_buf_add_str(out, tail));
out:
    return rc;
}
