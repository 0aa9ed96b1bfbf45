/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/old_log.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/tx.h"

static const struct mk_access plain = {.purpose = MK_PURPOSE_CTL};

void old_clock(const char *day)
{
    ck_assert_int_eq(setenv("MELDKLUIS_TEST_TIME", day, 1), 0);
}

int64_t old_ms(const char *day)
{
    mk_day d;

    ck_assert(mk_date_parse(day, strlen(day), &d));
    return mk_date_amsterdam_end(d - 1);
}

void old_work(struct attack *a, const char *who, size_t n)
{
    const struct mk_log_item item = {.kind = MK_AUDIT_LOG_VERIFY};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v = attack_as(a, who);

    for (size_t i = 0; i < n; i++)
        ck_assert_int_eq(mk_log_now(v, &item, &diag), MK_OK);
    mk_vault_close(v);
}

static uint64_t size_of(struct attack *a)
{
    struct mk_vault *v = attack_as(a, "auditor1");
    uint64_t size = v->head.log_size;

    mk_vault_close(v);
    return size;
}

/* A session has a leaf of its own, and one entry at least. */
void old_work_to(struct attack *a, const char *who, uint64_t size)
{
    uint64_t left = size - size_of(a);

    while (left > 0) {
        uint64_t now = left > 70 ? 50 : left;

        ck_assert_uint_ge(left, 2);
        old_work(a, who, (size_t)now - 1);
        left -= now;
    }
    ck_assert_uint_eq(size_of(a), size);
}

void old_set_term(struct attack *a, uint32_t months)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v = attack_as(a, "bewaarder1");

    ck_assert_int_eq(mk_log_term_set(v, &plain, months, &diag), MK_OK);
    mk_vault_close(v);
}

void old_setup(struct attack *a)
{
    old_clock(OLD_FIRST);
    attack_setup(a, 0);
    old_set_term(a, OLD_TERM);
    old_work_to(a, "inspecteur1", 256);
    old_work_to(a, "inspecteur1", 300);
    old_clock(OLD_SECOND);
    old_work_to(a, "inspecteur2", 512);
    old_work_to(a, "inspecteur2", 560);
}

void old_others(struct attack *a)
{
    old_work(a, "auditor1", 1);
    old_work(a, "inspecteur1", 1);
}

enum mk_err old_prune(struct attack *a, const char *before, bool dry_run,
                      struct mk_log_pruned *out, struct mk_diag *diag)
{
    const struct mk_access access = {.purpose = MK_PURPOSE_CTL,
                                     .dry_run = dry_run};
    struct mk_vault *v = attack_as(a, "bewaarder1");
    enum mk_err rc =
        mk_log_prune(v, &access, before ? old_ms(before) : 0, out, diag);

    mk_vault_close(v);
    return rc;
}

void old_prune_to(struct attack *a, uint64_t size)
{
    struct mk_log_pruned out;
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc = old_prune(a, NULL, false, &out, &diag);

    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
    ck_assert_uint_eq(out.size, size);
}

void old_forge(struct attack *a, const char *who, enum mk_register_kind kind,
               const void *body, size_t n)
{
    const struct mk_log_item item = {.kind = MK_AUDIT_LOG_VERIFY};
    struct mk_vault *v = attack_as(a, who);
    struct mk_tx tx;

    ck_assert_int_eq(mk_tx_begin(&tx, v, NULL, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_register(&tx, kind, body, n, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_leaf(&tx, &item, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_commit(&tx, NULL), MK_OK);
    mk_vault_close(v);
}

struct mk_pruning old_pruning(struct attack *a, uint64_t size,
                              const char *before)
{
    struct mk_pruning p = {.size = size, .before_ms = old_ms(before)};
    struct mk_vault *v = attack_as(a, "bewaarder1");
    struct mk_merkle *tree;

    ck_assert_int_eq(mk_snapshot_begin(v, NULL), MK_OK);
    ck_assert_int_eq(mk_tree_get(v, MK_TREE_LOG, &tree, NULL), MK_OK);
    if (size <= v->head.log_size)
        ck_assert_int_eq(mk_merkle_root(tree, size, p.root, NULL), MK_OK);
    mk_snapshot_end(v);
    mk_vault_close(v);
    return p;
}
