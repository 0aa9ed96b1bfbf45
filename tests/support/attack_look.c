/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people find in a vault, as tests/support/attack.h says. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "crypto/hash.h"
#include "tests/support/attack.h"

static const struct mk_access as_stand_in = {.purpose = MK_PURPOSE_WRN};

struct look {
    struct attack *a;
    struct attack_seen *seen;
    struct mk_buf shown;
};

static void note_read(struct look *l, enum mk_err rc,
                      const struct mk_diag *diag)
{
    if (rc == MK_OK || l->seen->read != MK_OK)
        return;
    l->seen->read = rc;
    snprintf(l->seen->place, sizeof l->seen->place, "%s", diag->place);
}

static void note_verify(struct look *l, enum mk_err rc,
                        const struct mk_diag *diag)
{
    if (rc == MK_OK || l->seen->verify != MK_OK)
        return;
    l->seen->verify = rc;
    snprintf(l->seen->verify_place, sizeof l->seen->verify_place, "%s",
             diag->place);
}

static void show_number(struct look *l, uint64_t n)
{
    ck_assert_int_eq(mk_buf_add_u64(&l->shown, n), MK_OK);
}

static enum mk_err see_item(void *ctx, const struct mk_list_item *item)
{
    struct look *l = ctx;

    ck_assert_int_eq(mk_buf_add(&l->shown, item->id, MK_ID), MK_OK);
    ck_assert_int_eq(mk_buf_add(&l->shown, item->owners.owner, MK_ID), MK_OK);
    show_number(l, item->state);
    show_number(l, item->duty);
    show_number(l, (uint64_t)item->received);
    ck_assert_int_eq(mk_buf_add_str(&l->shown, item->label), MK_OK);
    return MK_OK;
}

static enum mk_err see_entry(void *ctx, const struct mk_log_item *item)
{
    struct look *l = ctx;

    if (item->seq >= l->a->log_size)
        return MK_OK;
    show_number(l, item->seq);
    show_number(l, (uint64_t)item->time_ms);
    ck_assert_int_eq(mk_buf_add(&l->shown, item->actor, MK_ID), MK_OK);
    ck_assert_int_eq(mk_buf_add(&l->shown, item->object, MK_ID), MK_OK);
    show_number(l, item->kind);
    show_number(l, item->outcome);
    return MK_OK;
}

static void see_dossiers(struct look *l, struct mk_vault *v)
{
    struct mk_view view;

    for (size_t i = 0; i < ATTACK_DOSSIERS; i++) {
        struct mk_diag diag = MK_DIAG_INIT;
        enum mk_err rc;

        mk_view_init(&view);
        rc = mk_dossier_open(v, &as_stand_in, MK_AUDIT_SHOW, &l->a->ref[i],
                             &view, &diag);
        note_read(l, rc, &diag);
        ck_assert_int_eq(mk_buf_add(&l->shown, view.id, MK_ID), MK_OK);
        show_number(l, view.version);
        for (size_t k = 0; k < view.c.n_events; k++)
            ck_assert_int_eq(
                mk_event_encode(&view.c.events[k], &l->shown, &l->shown),
                MK_OK);
        mk_view_release(&view);
    }
}

static void see_counts(struct look *l, struct mk_vault *v)
{
    const struct mk_count_request request = {.internal = true};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_cube cube;
    enum mk_err rc;

    mk_cube_init(&cube);
    cube.years[0] = 2019;
    cube.years[1] = 2020;
    cube.n_years = 2;
    rc = mk_count(v, &as_stand_in, &request, &cube, &diag);
    note_read(l, rc, &diag);
    if (rc == MK_OK)
        ck_assert_int_eq(mk_cube_format(&cube, &l->shown), MK_OK);
    mk_cube_release(&cube);
}

static void verify(struct look *l, struct mk_vault *v, enum mk_err unlocked,
                   const struct mk_diag *why)
{
    struct mk_diag diag = MK_DIAG_INIT;

    if (v == NULL || v->store == NULL)
        note_verify(l, unlocked, why);
    else
        note_verify(l, vault_verify(v, NULL, &diag), &diag);
}

static void as_inspector(struct look *l)
{
    const struct mk_list_filter any = {.everybody = true};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_diag why = MK_DIAG_INIT;
    struct mk_vault *v;
    uint64_t others;
    enum mk_err rc = attack_unlock(l->a, "inspecteur1", &v, &why);

    note_read(l, rc, &why);
    if (rc == MK_OK) {
        note_read(l,
                  mk_list(v, &as_stand_in, &any, see_item, l, &others, &diag),
                  &diag);
        see_dossiers(l, v);
        see_counts(l, v);
    }
    verify(l, v, rc, &why);
    mk_vault_close(v);
}

static void as_auditor(struct look *l)
{
    const struct mk_log_filter any = {.from = MK_DAY_NONE,
                                      .until = MK_DAY_NONE};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_diag why = MK_DIAG_INIT;
    struct mk_vault *v;
    enum mk_err rc = attack_unlock(l->a, "auditor1", &v, &why);

    note_read(l, rc, &why);
    if (rc == MK_OK)
        note_read(l, mk_log_list(v, &as_stand_in, &any, see_entry, l, &diag),
                  &diag);
    if (l->seen->verify == MK_OK)
        verify(l, v, rc, &why);
    mk_vault_close(v);
}

void attack_look(struct attack *a, struct attack_seen *out)
{
    struct look l = {.a = a, .seen = out, .shown = MK_BUF_INIT};

    *out = (struct attack_seen){.read = MK_OK};
    as_inspector(&l);
    if (out->read == MK_OK)
        as_auditor(&l);
    mk_sha256(out->digest, l.shown.data, l.shown.len);
    mk_buf_release(&l.shown);
}

bool attack_noticed(const struct attack_seen *seen)
{
    return mk_err_exit(seen->read) == MK_EXIT_INTEGRITY ||
           mk_err_exit(seen->verify) == MK_EXIT_INTEGRITY;
}

void attack_assert_verify(const struct attack_seen *seen, const char *what)
{
    ck_assert_msg(mk_err_exit(seen->verify) == MK_EXIT_INTEGRITY,
                  "%s: log verify gives %s %s (read: %s %s)", what,
                  mk_err_name(seen->verify), seen->verify_place,
                  mk_err_name(seen->read), seen->place);
    ck_assert_msg(seen->verify_place[0] != '\0', "%s: verify names nothing",
                  what);
}

void attack_assert_read(const struct attack_seen *seen, const char *what)
{
    ck_assert_msg(mk_err_exit(seen->read) == MK_EXIT_INTEGRITY,
                  "%s: reading gives %s %s (verify: %s %s)", what,
                  mk_err_name(seen->read), seen->place,
                  mk_err_name(seen->verify), seen->verify_place);
    attack_assert_verify(seen, what);
}
