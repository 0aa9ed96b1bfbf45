/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By a custodian who prunes. */
#include "tests/support/export_scene.h"

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "crypto/hash.h"

void mk_xs_term(struct mk_xs *s, size_t person, enum mk_audit kind,
                uint32_t months)
{
    uint8_t body[24] = "MKT1";
    const struct mk_xk_tx tx = {.person = person,
                                .kind = kind,
                                .row_kind = 4,
                                .row = body,
                                .n_row = sizeof body};

    memcpy(body + 4, s->x.head.store, MK_ID);
    mk_put_u32(body + 20, months);
    mk_xk_do(&s->x, &tx);
}

/* As it should be. */
static void set_term(struct mk_xs *s, uint32_t months)
{
    mk_xs_term(s, MK_KR_FOUNDER, MK_AUDIT_LOG_TERM, months);
}

/* Somebody of each role, so long afterwards. */
static void pass(struct mk_xk *x, int64_t ms)
{
    const struct mk_xk_tx aud = {
        .person = MK_KR_AUDITOR, .kind = MK_AUDIT_LOG_VERIFY, .clock_ms = ms};

    mk_xk_do(x, &aud);
    mk_xk_work(x, 1);
}

/* 512 entries gone, as a custodian signs it; the files of them go too. */
void mk_xs_pruned(struct mk_xs *s, int64_t before_ms, bool forge)
{
    uint8_t body[68] = "MKP1";
    const struct mk_xk_tx tx = {.person = MK_KR_FOUNDER,
                                .kind = MK_AUDIT_LOG_PRUNE,
                                .row_kind = 5,
                                .row = body,
                                .n_row = sizeof body};
    char path[256];

    memcpy(body + 4, s->x.head.store, MK_ID);
    mk_put_u64(body + 20, 512);
    mk_xk_root(&s->x, 512, body + 28);
    body[30] ^= forge;
    mk_put_u64(body + 60, (uint64_t)before_ms);
    mk_xk_do(&s->x, &tx);
    mk_xs_written(s);
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/tile/entries/%03d", s->folder, i);
        ck_assert_int_eq(unlink(path), 0);
    }
}

void mk_xs_old(struct mk_xs *s)
{
    mk_xk_work(&s->x, 260);
    set_term(s, 60);
    pass(&s->x, 70 * MK_XS_MONTH_MS);
}

static void pruned_with_a_forged_proof(struct mk_xs *s)
{
    mk_xs_old(s);
    mk_xs_pruned(s, MK_XS_FIRST_MS + MK_XS_MONTH_MS, true);
}

static void pruned_too_young(struct mk_xs *s)
{
    mk_xk_work(&s->x, 260);
    set_term(s, 60);
    pass(&s->x, 3 * MK_XS_MONTH_MS);
    mk_xs_pruned(s, MK_XS_FIRST_MS + MK_XS_MONTH_MS, false);
}

/* The vault knows no term of a year; his own program does. */
static void term_too_short(struct mk_xs *s)
{
    mk_xk_work(&s->x, 260);
    set_term(s, 12);
    pass(&s->x, 20 * MK_XS_MONTH_MS);
    mk_xs_pruned(s, MK_XS_FIRST_MS + MK_XS_MONTH_MS, false);
}

/* His clock stands still while he works; only later somebody else is there. */
static void pruned_by_his_own_clock(struct mk_xs *s)
{
    const struct mk_xk_tx own = {.person = MK_KR_FOUNDER,
                                 .kind = MK_AUDIT_SETTING};

    set_term(s, 60);
    while (s->x.n < 512)
        mk_xk_do(&s->x, &own);
    pass(&s->x, 30 * MK_XS_MONTH_MS);
    pass(&s->x, 40 * MK_XS_MONTH_MS);
    mk_xs_pruned(s, MK_XS_FIRST_MS + MK_XS_MONTH_MS, false);
}

static void pruned_without_a_term(struct mk_xs *s)
{
    mk_xk_work(&s->x, 260);
    pass(&s->x, 20 * MK_XS_MONTH_MS);
    mk_xs_pruned(s, MK_XS_FIRST_MS + MK_XS_MONTH_MS, false);
}

static void pruned_with_a_false_age(struct mk_xs *s)
{
    mk_xs_old(s);
    mk_xs_pruned(s, MK_XS_FIRST_MS + 1000, false);
}

/* A custodian whose clock runs a year ahead. */
static void pruned_with_a_clock_ahead(struct mk_xs *s)
{
    mk_xk_work(&s->x, 260);
    set_term(s, 60);
    pass(&s->x, 2 * MK_XS_MONTH_MS);
    s->x.now_ms += 70 * MK_XS_MONTH_MS;
    mk_xs_pruned(s, MK_XS_FIRST_MS + MK_XS_MONTH_MS, false);
}

/* Who holds no key writes a pruning behind the rows that a head signs. */
static void pruned_by_nobody(struct mk_xs *s)
{
    uint8_t body[68] = "MKP1", hash[MK_HASH];
    struct mk_buf rows = MK_BUF_INIT;
    char path[256];

    mk_xs_old(s);
    mk_xs_written(s);
    memcpy(body + 4, s->x.head.store, MK_ID);
    mk_put_u64(body + 20, 512);
    mk_xk_root(&s->x, 512, body + 28);
    mk_put_u64(body + 60, MK_XS_FIRST_MS + MK_XS_MONTH_MS);
    mk_sha256(hash, body, sizeof body);
    mk_xk_get_file(s->folder, "register", &rows);
    ck_assert_int_eq(mk_buf_add_u64(&rows, s->x.head.n_register), MK_OK);
    ck_assert_int_eq(mk_buf_add_u32(&rows, 5), MK_OK);
    ck_assert_int_eq(mk_buf_add(&rows, hash, sizeof hash), MK_OK);
    ck_assert_int_eq(mk_buf_add_u32(&rows, sizeof body), MK_OK);
    ck_assert_int_eq(mk_buf_add(&rows, body, sizeof body), MK_OK);
    mk_xk_put_file(s->folder, "register", rows.data, rows.len);
    mk_buf_release(&rows);
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/tile/entries/%03d", s->folder, i);
        ck_assert_int_eq(unlink(path), 0);
    }
}

static void bundle_missing(struct mk_xs *s)
{
    char path[256];

    mk_xk_work(&s->x, 130);
    mk_xs_written(s);
    snprintf(path, sizeof path, "%s/tile/entries/000", s->folder);
    ck_assert_int_eq(unlink(path), 0);
}

const struct mk_xs_attack mk_xs_prune[] = {
    {"pruned with a forged proof", pruned_with_a_forged_proof},
    {"pruned too young", pruned_too_young},
    {"term shorter than the vault allows", term_too_short},
    {"pruned before others had seen it", pruned_by_his_own_clock},
    {"pruned without a term", pruned_without_a_term},
    {"pruned with a false age", pruned_with_a_false_age},
    {"pruned with a clock that runs ahead", pruned_with_a_clock_ahead},
    {"pruned by nobody", pruned_by_nobody},
    {"bundle missing", bundle_missing},
    {NULL, NULL},
};
