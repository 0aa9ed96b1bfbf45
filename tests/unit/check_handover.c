/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that somebody has goes to somebody else: what is found, what is left,
 * and what a run leaves that was cut off.  Of the three dossiers of inspecteur1
 * the first is restricted to him. */
#include "core/handover.h"

#include <string.h>

#include "core/access.h"
#include "tests/support/emergency_kit.h"

static const struct mk_access ovd = {.purpose = MK_PURPOSE_OVD};
static const struct mk_access rehearsal = {.purpose = MK_PURPOSE_OVD,
                                           .dry_run = true};

static const uint8_t *id_of(const char *name)
{
    const struct mk_member *m = mk_keyring_by_name(em.named->keyring, name);

    ck_assert_ptr_nonnull(m);
    return m->id;
}

static struct mk_handover what_of(const char *from, const char *to,
                                  bool deputy)
{
    struct mk_handover what = {.deputy = deputy};

    memcpy(what.from, id_of(from), MK_ID);
    memcpy(what.to, id_of(to), MK_ID);
    return what;
}

/* What each became, in order; stops after so many. */
struct told {
    enum mk_err rc[8];
    size_t n, stop;
};
static enum mk_err each(void *ctx, const uint8_t dossier[16], enum mk_err rc,
                        const struct mk_diag *why)
{
    struct told *t = ctx;

    (void)dossier;
    ck_assert_int_eq(rc, why->err);
    ck_assert_uint_lt(t->n, 8);
    t->rc[t->n++] = rc;
    return t->n == t->stop ? MK_E_CANCELLED : MK_OK;
}

/* A plan by v and its run, with what happens in between (or NULL); the number
 * of dossiers in the plan. */
static size_t go_while(struct mk_vault *v, const struct mk_access *access,
                       const struct mk_handover *what, struct told *t,
                       size_t stop, void (*meanwhile)(void))
{
    struct mk_handover_plan plan;
    uint8_t last[16];
    size_t n;

    *t = (struct told){.stop = stop};
    mk_handover_plan_init(&plan);
    ck_assert_int_eq(mk_handover_find(v, access, what, &plan, NULL), MK_OK);
    n = plan.n;
    if (meanwhile)
        meanwhile();
    ck_assert_int_eq(mk_handover_run(v, access, &plan, each, t, last, NULL),
                     stop != 0 && stop <= n ? MK_E_CANCELLED : MK_OK);
    mk_handover_plan_release(&plan);
    return n;
}

static size_t go(struct mk_vault *v, const struct mk_access *access,
                 const struct mk_handover *what, struct told *t, size_t stop)
{
    return go_while(v, access, what, t, stop, NULL);
}

static struct mk_owners owners_of(size_t i)
{
    struct mk_view view;
    struct mk_owners owners;

    mk_view_init(&view);
    ck_assert_int_eq(mk_dossier_open(em.named, &ovd, MK_AUDIT_SHOW,
                                     &em.a.ref[i], &view, NULL),
                     MK_OK);
    owners = view.c.owners;
    mk_view_release(&view);
    return owners;
}

static void assert_owner(size_t i, const char *name)
{
    ck_assert_mem_eq(owners_of(i).owner, id_of(name), MK_ID);
}

static void assert_deputies(size_t i, size_t n, const char *last)
{
    struct mk_owners owners = owners_of(i);

    ck_assert_uint_eq(owners.n_deputies, n);
    if (n != 0)
        ck_assert_mem_eq(owners.deputy[n - 1], id_of(last), MK_ID);
}

static void name_deputy(size_t i, const char *name)
{
    struct mk_event e;
    struct mk_written w;

    mk_event_init(&e);
    e.verb = MK_VERB_WAARNEMER;
    ck_assert_int_eq(mk_fields_set_id(&e.f, MK_F_MEMBER, id_of(name)), MK_OK);
    ck_assert_int_eq(
        mk_dossier_event(em.named, &ovd, &em.a.ref[i], &e, &w, NULL), MK_OK);
}

START_TEST(all_that_one_owns_goes_and_nothing_is_left)
{
    const struct mk_handover what =
        what_of("inspecteur1", "inspecteur2", false);
    struct told t;
    struct mk_written w;

    ck_assert_int_eq(
        mk_restrict(em.named, &em_own, &em.a.ref[0], NULL, 0, &w, NULL),
        MK_OK);
    ck_assert_uint_eq(go(em.named, &em_own, &what, &t, 0), ATTACK_DOSSIERS);
    ck_assert_uint_eq(t.n, ATTACK_DOSSIERS);
    for (size_t i = 0; i < ATTACK_DOSSIERS; i++) {
        ck_assert_int_eq(t.rc[i], MK_OK);
        assert_owner(i, "inspecteur2");
    }
    ck_assert_uint_eq(go(em.named, &em_own, &what, &t, 0), 0);
    ck_assert_uint_eq(t.n, 0);
}
END_TEST

START_TEST(a_dry_run_judges_and_changes_nothing)
{
    const struct mk_handover what =
        what_of("inspecteur1", "inspecteur2", false);
    struct told t;

    ck_assert_uint_eq(go(em.named, &rehearsal, &what, &t, 0), 3);
    ck_assert_int_eq(t.rc[2], MK_OK);
    assert_owner(2, "inspecteur1");
}
END_TEST

START_TEST(who_is_cut_off_finds_the_rest_again)
{
    const struct mk_handover what =
        what_of("inspecteur1", "inspecteur2", false);
    struct told t;

    ck_assert_uint_eq(go(em.named, &em_own, &what, &t, 2), 3);
    assert_owner(1, "inspecteur2");
    assert_owner(2, "inspecteur1");
    ck_assert_uint_eq(go(em.named, &em_own, &what, &t, 0), 2);
    assert_owner(2, "inspecteur2");
}
END_TEST

START_TEST(what_the_receiver_could_not_read_is_left)
{
    const struct mk_handover what =
        what_of("inspecteur1", "inspecteur2", false);
    struct told t;

    ck_assert_uint_eq(go(em.named, &em_own, &what, &t, 0), 3);
    ck_assert_int_eq(t.rc[0], MK_E_NOT_NAMED);
    ck_assert_int_eq(t.rc[1], MK_OK);
    ck_assert_int_eq(t.rc[2], MK_OK);
    assert_owner(0, "inspecteur1");
}
END_TEST

START_TEST(only_of_who_is_not_in_a_colleague_takes_all)
{
    const struct mk_handover what =
        what_of("inspecteur1", "inspecteur2", false);
    struct told t;

    ck_assert_uint_eq(go(em.barred, &ovd, &what, &t, 0), 3);
    ck_assert_int_eq(t.rc[0], MK_E_RESTRICTED);
    ck_assert_int_eq(t.rc[1], MK_E_NOT_OWN);
    ck_assert_int_eq(mk_user_change(em.one, &em_own, MK_USER_SUSPEND,
                                    "inspecteur1", 0, NULL),
                     MK_OK);
    ck_assert_uint_eq(go(em.barred, &ovd, &what, &t, 0), 3);
    ck_assert_int_eq(t.rc[0], MK_E_RESTRICTED);
    ck_assert_int_eq(t.rc[1], MK_OK);
    ck_assert_int_eq(t.rc[2], MK_OK);
    ck_assert_uint_eq(go(em.barred, &ovd, &what, &t, 0), 1);
}
END_TEST

START_TEST(who_cannot_work_on_dossiers_gets_none)
{
    const struct mk_handover what = what_of("inspecteur1", "analist1", false);
    struct mk_handover_plan plan;
    struct mk_diag diag = MK_DIAG_INIT;

    mk_handover_plan_init(&plan);
    ck_assert_int_eq(mk_handover_find(em.named, &em_own, &what, &plan, &diag),
                     MK_E_NO_INSPECTOR);
    ck_assert_str_eq(diag.place, "analist1");
    ck_assert_int_eq(mk_handover_find(em.one, &em_own, &what, &plan, NULL),
                     MK_E_NO_ROLE);
    ck_assert_int_eq(mk_handover_find(em.barred, &em_own, &what, &plan, NULL),
                     MK_E_NO_INSPECTOR);
    mk_handover_plan_release(&plan);
}
END_TEST

START_TEST(that_of_a_colleague_wants_a_purpose)
{
    const struct mk_handover what =
        what_of("inspecteur1", "inspecteur2", false);
    struct mk_handover_plan plan;

    mk_handover_plan_init(&plan);
    ck_assert_int_eq(mk_handover_find(em.barred, &em_own, &what, &plan, NULL),
                     MK_E_PURPOSE);
    ck_assert_uint_eq(plan.n, 0);
    mk_handover_plan_release(&plan);
}
END_TEST

/* --- deputies --- */

START_TEST(of_an_owner_who_is_deputy_nothing_is_added)
{
    const struct mk_handover what =
        what_of("inspecteur2", "inspecteur1", true);
    struct told t;

    ck_assert_uint_eq(go(em.barred, &em_own, &what, &t, 0), 0);
    name_deputy(1, "inspecteur2");
    ck_assert_uint_eq(go(em.barred, &em_own, &what, &t, 0), 1);
    ck_assert_int_eq(t.rc[0], MK_OK);
    assert_deputies(1, 0, NULL);
    assert_owner(1, "inspecteur1");
}
END_TEST

/* A program that lets people have dossiers who are no inspectors: they were. */
static void write_all(size_t i, enum mk_verb verb, const char *const *names,
                      size_t n)
{
    const struct mk_log_item item = {.role = MK_ROLE_INSPECTOR,
                                     .kind = MK_AUDIT_DEPUTY};
    struct mk_opened d;
    struct mk_tx tx;

    mk_opened_init(&d);
    ck_assert_int_eq(mk_access_open(em.named, i, &d, NULL), MK_OK);
    for (size_t k = 0; k < n; k++) {
        struct mk_event e;

        mk_event_init(&e);
        e.verb = verb;
        e.seq = (uint32_t)d.c.n_events + 1;
        e.time_ms = d.c.events[0].time_ms;
        memcpy(e.actor, em.named->my_id, MK_ID);
        e.derived = d.c.events[d.c.n_events - 1].derived;
        ck_assert_int_eq(mk_fields_set_id(&e.f, MK_F_MEMBER, id_of(names[k])),
                         MK_OK);
        ck_assert_int_eq(mk_case_add(&d.c, &e, NULL), MK_OK);
    }
    ck_assert_int_eq(mk_tx_begin(&tx, em.named, NULL, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_leaf(&tx, &item, NULL), MK_OK);
    ck_assert_int_eq(mk_sealed_append(&tx, &d, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_commit(&tx, NULL), MK_OK);
    mk_opened_release(&d);
}

START_TEST(a_deputy_is_replaced_with_room_and_without)
{
    static const char *const three[] = {"analist1", "bewaarder1",
                                        "bewaarder2"};
    const struct mk_handover what = what_of("analist1", "inspecteur2", true);
    struct told t;

    write_all(1, MK_VERB_WAARNEMER, three, 1);
    write_all(2, MK_VERB_WAARNEMER, three, 3);
    ck_assert_uint_eq(go(em.named, &ovd, &what, &t, 0), 2);
    ck_assert_int_eq(t.rc[0], MK_OK);
    ck_assert_int_eq(t.rc[1], MK_OK);
    assert_deputies(1, 1, "inspecteur2");
    assert_deputies(2, 3, "inspecteur2");
    ck_assert_uint_eq(vault_verify(em.named, NULL, NULL), MK_OK);
}
END_TEST

/* --- others hand over between the list and the run --- */

static const char *const analyst[] = {"analist1"};

static void the_second_becomes_the_analysts(void)
{
    write_all(1, MK_VERB_OVERDRACHT, analyst, 1);
}

START_TEST(what_is_no_longer_whose_it_was_is_left)
{
    const struct mk_handover what =
        what_of("inspecteur1", "inspecteur2", false);
    struct told t;

    ck_assert_uint_eq(go_while(em.named, &ovd, &what, &t, 0,
                               the_second_becomes_the_analysts),
                      3);
    ck_assert_uint_eq(t.n, 3);
    ck_assert_int_eq(t.rc[1], MK_E_CHANGED);
    ck_assert_int_eq(t.rc[2], MK_OK);
    assert_owner(1, "analist1");
    assert_owner(2, "inspecteur2");
}
END_TEST

static void the_deputies_change(void)
{
    static const char *const colleague[] = {"inspecteur2"};

    write_all(1, MK_VERB_WAARNEMER_AF, colleague, 1);
    write_all(2, MK_VERB_WAARNEMER_AF, analyst, 1);
}

/* Of the second dossier the new deputy, who was there, has gone; of the third
 * the old one. */
START_TEST(where_the_deputies_are_others_than_listed_they_stay)
{
    static const char *const both[] = {"analist1", "inspecteur2"};
    const struct mk_handover what = what_of("analist1", "inspecteur2", true);
    struct told t;

    write_all(1, MK_VERB_WAARNEMER, both, 2);
    write_all(2, MK_VERB_WAARNEMER, analyst, 1);
    ck_assert_uint_eq(
        go_while(em.named, &ovd, &what, &t, 0, the_deputies_change), 2);
    ck_assert_int_eq(t.rc[0], MK_E_CHANGED);
    ck_assert_int_eq(t.rc[1], MK_E_CHANGED);
    assert_deputies(1, 1, "analist1");
    assert_deputies(2, 0, NULL);
}
END_TEST

START_TEST(of_two_events_both_are_written_or_none)
{
    struct mk_event e[2];
    struct mk_written w;

    for (size_t i = 0; i < 2; i++) {
        mk_event_init(&e[i]);
        e[i].verb = MK_VERB_WAARNEMER;
        ck_assert_int_eq(
            mk_fields_set_id(&e[i].f, MK_F_MEMBER, id_of("inspecteur2")),
            MK_OK);
    }
    ck_assert_int_eq(mk_dossier_events(em.named, &em_own, &em.a.ref[1], e, 2,
                                       NULL, &w, NULL),
                     MK_E_IS_OWN);
    assert_deputies(1, 0, NULL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        all_that_one_owns_goes_and_nothing_is_left,
        a_dry_run_judges_and_changes_nothing,
        who_is_cut_off_finds_the_rest_again,
        what_the_receiver_could_not_read_is_left,
        only_of_who_is_not_in_a_colleague_takes_all,
        who_cannot_work_on_dossiers_gets_none,
        that_of_a_colleague_wants_a_purpose,
        of_an_owner_who_is_deputy_nothing_is_added,
        a_deputy_is_replaced_with_room_and_without,
        what_is_no_longer_whose_it_was_is_left,
        where_the_deputies_are_others_than_listed_they_stay,
        of_two_events_both_are_written_or_none,
    };
    return em_run("handover", tests, sizeof tests / sizeof *tests);
}
