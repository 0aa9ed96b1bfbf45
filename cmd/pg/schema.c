/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/pg/program.h"
#include "cmd/pg/server.h"
#include "core/base/bytes.h"
#include "core/store/migrate_texts.h"

/* made by the Makefile from core/store/schema/grants.sql */
#include "grants_sql.h"

static enum mk_err add_version(struct mk_buf *out, unsigned version)
{
    uint8_t sum[MK_HASH];
    char hex[2 * MK_HASH + 1];
    enum mk_err rc;

    mk_migrate_checksum(version, sum);
    mk_hex(hex, sum, sizeof(sum));
    MK_TRY(mk_buf_addf(out, "%s%u%s", mk_server_sql(MK_SERVER_SCRIPT_IF),
                       version, mk_server_sql(MK_SERVER_SCRIPT_THEN)));
    MK_TRY(mk_buf_add_str(out, mk_migrate_text(version)));
    MK_TRY(mk_buf_addf(out, "%s%u%s%s%s", mk_server_sql(MK_SERVER_SCRIPT_ADD),
                       version, mk_server_sql(MK_SERVER_SCRIPT_SUM), hex,
                       mk_server_sql(MK_SERVER_SCRIPT_FI)));
out:
    return rc;
}

enum mk_err mk_pg_schema(struct mk_buf *out)
{
    enum mk_err rc;

    MK_TRY(mk_buf_add_str(out, mk_server_sql(MK_SERVER_SCRIPT_BEGIN)));
    for (unsigned v = 1; v <= mk_migrate_newest(); v++)
        MK_TRY(add_version(out, v));
    MK_TRY(mk_buf_add_str(out, "\n"));
    MK_TRY(mk_buf_add_str(out, grants_sql));
    MK_TRY(mk_buf_add_str(out, mk_server_sql(MK_SERVER_SCRIPT_END)));
out:
    return rc;
}
