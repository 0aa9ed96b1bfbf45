/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/migrate.h"

#include <string.h>

#include "core/base/bytes.h"

/* Does the row of the table migration say what text number version says? */
static bool row_fits(struct mk_driver *d, unsigned version, uint64_t *found)
{
    struct mk_sql_value number, sum;
    uint8_t expected[MK_HASH];

    if (!d->ops->column(d, MK_Q_MIGRATION_ALL, 0, &number) ||
        !d->ops->column(d, MK_Q_MIGRATION_ALL, 1, &sum) ||
        number.type != MK_SQL_U64 || sum.type != MK_SQL_BLOB)
        return false;
    *found = number.u;
    if (number.u != version || version > mk_migrate_newest() ||
        sum.n != MK_HASH)
        return false;
    mk_migrate_checksum(version, expected);
    return memcmp(expected, sum.p, MK_HASH) == 0;
}

/* *version becomes the number of migrations applied.  All rows are read
 * before a difference is called tampering: it may be a newer version. */
static enum mk_err find_version(struct mk_driver *d, unsigned *version,
                                struct mk_diag *diag)
{
    enum mk_err rc;
    uint64_t found = 0;
    bool more, fits = true;

    *version = 0;
    MK_TRY(d->ops->run(d, MK_Q_MIGRATION_ALL, NULL, 0, diag));
    for (;;) {
        MK_TRY(d->ops->step(d, MK_Q_MIGRATION_ALL, &more, NULL, diag));
        if (!more)
            break;
        if (!row_fits(d, ++*version, &found))
            fits = false;
    }
    if (found > mk_migrate_newest())
        rc = mk_fail_at(diag, MK_E_NEWER, "database", 0, (int64_t)found,
                        mk_migrate_newest());
    else if (!fits || *version == 0)
        rc = mk_fail(diag, MK_E_TAMPERED, "migration");
out:
    d->ops->finish(d, MK_Q_MIGRATION_ALL);
    return rc;
}

/* Is the schema what version makes of it? */
static enum mk_err check_schema(struct mk_driver *d, unsigned version,
                                struct mk_diag *diag)
{
    uint8_t found[MK_HASH], expected[MK_HASH];
    enum mk_err rc = d->ops->hash_schema(d, found, diag);

    if (rc != MK_OK)
        return rc;
    if (!mk_unhex(expected, MK_HASH, d->ops->schemas[version - 1]) ||
        memcmp(found, expected, MK_HASH) != 0)
        return mk_fail(diag, MK_E_TAMPERED, "schema");
    return MK_OK;
}

static enum mk_err apply(struct mk_driver *d, unsigned version,
                         struct mk_diag *diag)
{
    struct mk_sql_value params[2];
    uint8_t sum[MK_HASH];
    enum mk_err rc;
    bool more;

    mk_migrate_checksum(version, sum);
    params[0] = mk_sql_u64(version);
    params[1] = mk_sql_blob(sum, sizeof(sum));
    MK_TRY(d->ops->script(d, version, diag));
    MK_TRY(check_schema(d, version, diag));
    MK_TRY(d->ops->run(d, MK_Q_MIGRATION_INSERT, params, 2, diag));
    MK_TRY(d->ops->step(d, MK_Q_MIGRATION_INSERT, &more, NULL, diag));
out:
    return rc;
}

/* Finds and checks what is there; then writes what is missing. */
static enum mk_err forward(struct mk_driver *d, bool create, bool write,
                           unsigned *version, struct mk_diag *diag)
{
    enum mk_err rc;

    rc = d->ops->begin(d, write, true, diag);
    if (rc != MK_OK)
        return rc;
    *version = 0;
    if (!create) {
        MK_TRY(find_version(d, version, diag));
        MK_TRY(check_schema(d, *version, diag));
    }
    while (write && *version < mk_migrate_newest())
        MK_TRY(apply(d, ++*version, diag));
    MK_TRY(d->ops->commit(d, diag));
out:
    if (rc != MK_OK)
        d->ops->rollback(d);
    return rc;
}

enum mk_err mk_migrate_check(struct mk_driver *d, unsigned *version,
                             struct mk_diag *diag)
{
    enum mk_err rc = forward(d, false, false, version, diag);

    if (rc == MK_OK && *version < mk_migrate_newest())
        rc = mk_fail_at(diag, MK_E_SERVER_SCHEMA, "migration", 0, *version,
                        mk_migrate_newest());
    return rc;
}

enum mk_err mk_migrate(struct mk_driver *d, bool create, unsigned *version,
                       struct mk_diag *diag)
{
    enum mk_err rc;

    if (create)
        return forward(d, true, true, version, diag);
    rc = forward(d, false, false, version, diag);
    /* under the lock of a write all is asked again: another process may have
     * been faster */
    if (rc == MK_OK && *version < mk_migrate_newest())
        rc = forward(d, false, true, version, diag);
    return rc;
}
