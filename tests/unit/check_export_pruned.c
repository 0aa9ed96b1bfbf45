/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The export of a log whose oldest part was pruned. */
#include <stdio.h>
#include <string.h>

#include "tests/support/export.h"
#include "tests/support/old_log.h"
#include "tests/support/unit.h"

static struct attack a;

static void start(void)
{
    ck_assert_int_eq(mk_init(NULL), MK_OK);
}

/* Without the first two bundles, and with all tiles. */
static void lacks_what_was_pruned(const char *name)
{
    ck_assert(export_has(&a.f, name, "tile/0/000"));
    ck_assert(export_has(&a.f, name, "tile/0/001"));
    ck_assert(!export_has(&a.f, name, "tile/entries/000"));
    ck_assert(!export_has(&a.f, name, "tile/entries/001"));
    ck_assert(!export_has(&a.f, name, "tile/entries/000.p"));
}

static bool same_file(const char *x, const char *y, const char *path)
{
    struct mk_buf p = export_file(&a.f, x, path);
    struct mk_buf q = export_file(&a.f, y, path);
    bool same = p.len == q.len && memcmp(p.data, q.data, p.len) == 0;

    mk_buf_release(&p);
    mk_buf_release(&q);
    return same;
}

START_TEST(a_pruned_log_keeps_its_tiles_and_loses_its_bundles)
{
    struct mk_export_report r;
    struct mk_vault *v;
    uint64_t before;

    old_setup(&a);
    old_clock(OLD_AFTER);
    old_others(&a);
    v = attack_as(&a, "auditor1");
    before = export_ok(&a.f, v, "uit").log_size;
    mk_vault_close(v);
    ck_assert(export_has(&a.f, "uit", "tile/entries/001"));
    export_copy(&a.f, "uit", "toen");
    old_prune_to(&a, 512);
    v = attack_as(&a, "auditor1");
    r = export_ok(&a.f, v, "uit");
    ck_assert_uint_eq(r.old_size, before);
    ck_assert(!r.repaired);
    lacks_what_was_pruned("uit");
    ck_assert(same_file("uit", "toen", "tile/0/000"));
    /* a first export afterwards has the same */
    export_ok(&a.f, v, "vers");
    lacks_what_was_pruned("vers");
    ck_assert(same_file("vers", "toen", "tile/0/000"));
    ck_assert(same_file("vers", "toen", "tile/0/001"));
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

/* Its hashes stand for leaves that are gone: they have to make the root. */
START_TEST(a_stored_hash_of_a_pruned_leaf_that_was_changed_is_noticed)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_export_report r;
    struct mk_vault *v;
    enum mk_err rc;

    old_setup(&a);
    old_clock(OLD_AFTER);
    old_others(&a);
    old_prune_to(&a, 512);
    v = attack_as(&a, "auditor1");
    attack_sql_in(v, "UPDATE node SET hashes = zeroblob(512)"
                     " WHERE tree = 1 AND level = 0 AND idx = 3");
    rc = export_run(&a.f, v, "uit", false, &r, &diag);
    ck_assert_msg(rc == MK_E_TAMPERED, "%s", mk_err_name(rc));
    ck_assert(!export_has(&a.f, "uit", "checkpoint"));
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_pruned_log_keeps_its_tiles_and_loses_its_bundles,
        a_stored_hash_of_a_pruned_leaf_that_was_changed_is_noticed,
    };

    return UNIT_RUN("export_pruned", tests, start);
}
