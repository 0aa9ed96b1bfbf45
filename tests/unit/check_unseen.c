/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: both */
/* Entries that crossed: what their authors are told, what stays. */
#include "core/unseen.h"

#include <stdio.h>
#include <string.h>

#include "core/vault.h"
#include "tests/support/case_kit.h"
#include "tests/support/race.h"
#include "tests/support/unit.h"
#include "tests/support/vault.h"

/* --- the fold --- */

enum { ILSE = 1, IVO = 2 };

/* The next event of c, by somebody who had seen it up to an event. */
static void by(struct mk_case *c, uint8_t who, uint32_t seen,
               enum mk_verb verb, const char *form)
{
    struct kit_options o = {.actor = who, .seen = seen, .kept = kit_kept()};
    enum mk_err rc = kit_try(c, verb, form, &o);

    ck_assert_msg(rc == MK_OK, "%s: %s", form, mk_err_name(rc));
}

/* What the last event of c has in common with event i. */
static struct mk_unseen last_and(const struct mk_case *c, size_t i)
{
    struct mk_unseen u;

    ck_assert(mk_unseen_is(c, &c->events[c->n_events - 1], i));
    ck_assert_int_eq(mk_unseen_look(c, &c->events[c->n_events - 1], i, &u),
                     MK_OK);
    ck_assert_uint_eq(u.seq, i + 1);
    return u;
}

START_TEST(unseen_is_what_others_wrote_after_the_last_that_was_seen)
{
    struct mk_case c = kit_after("melding duid_j");
    by(&c, IVO, 0, MK_VERB_NOTITIE, "narrative=Een.");
    by(&c, ILSE, 0, MK_VERB_NOTITIE, "narrative=Twee.");
    by(&c, IVO, 0, MK_VERB_NOTITIE, "narrative=Drie.");
    by(&c, ILSE, 3, MK_VERB_NOTITIE, "narrative=Vier.");
    const struct mk_event *e = &c.events[5];
    struct mk_unseen told[MK_UNSEEN_TOLD];
    size_t n;
    ck_assert_uint_eq(e->seen, 3);
    for (size_t i = 0; i < c.n_events; i++)
        ck_assert_int_eq(mk_unseen_is(&c, e, i), i == 4);
    ck_assert_int_eq(mk_unseen_tell(&c, e, told, &n), MK_OK);
    ck_assert_uint_eq(n, 1);
    ck_assert_uint_eq(told[0].seq, 5);
    ck_assert_uint_eq(told[0].actor[0], IVO);
    ck_assert_int_eq(told[0].verb, MK_VERB_NOTITIE);
    ck_assert_int_eq(told[0].overlap, MK_OVERLAP_NONE);
    /* who does not say what he had seen is not said to have missed any */
    ck_assert_int_eq(mk_unseen_tell(&c, &c.events[4], told, &n), MK_OK);
    ck_assert_uint_eq(n, 0);
    mk_case_release(&c);
}
END_TEST

/* Two corrections that crossed, each of an event, a key and a value. */
START_TEST(two_corrections_are_of_the_same_field_or_of_others)
{
    static const struct {
        const char *first, *second;
        enum mk_field field;
    } rows[] = {
        {"event=2;key=category;value=SI", "event=2;key=category;value=OV",
         MK_F_CATEGORY},
        {"event=2;key=category;value=SI", "event=2;key=care_type;value=KDV",
         MK_F_NONE},
        {"event=1;key=channel;value=GES", "event=2;key=category;value=OV",
         MK_F_NONE},
        {"event=1;key=narrative;value=Anders.",
         "event=1;key=narrative;value=Nog anders.", MK_F_NARRATIVE},
        {"event=3;key=narrative;value=Anders.",
         "event=1;key=narrative;value=Nog anders.", MK_F_NONE},
        /* of the correction that is event 4, and of what it corrects */
        {"event=4;key=value;value=BRIEF", "event=1;key=channel;value=MAIL",
         MK_F_CHANNEL},
        {"event=4;key=reason;value=BEO", "event=1;key=channel;value=MAIL",
         MK_F_NONE},
        {"event=4;key=reason;value=BEO", "event=4;key=reason;value=FEI",
         MK_F_REASON_CORRECT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mk_case c = kit_after("melding duid_j notitie corrigeer");
        char form[160];
        snprintf(form, sizeof form, "%s;reason=TYP", rows[i].first);
        by(&c, IVO, 0, MK_VERB_CORRIGEER, form);
        snprintf(form, sizeof form, "%s;reason=TYP", rows[i].second);
        by(&c, ILSE, 4, MK_VERB_CORRIGEER, form);
        struct mk_unseen u = last_and(&c, 4);
        ck_assert_msg(u.field == rows[i].field, "row %zu: field %d", i,
                      u.field);
        ck_assert_int_eq(u.overlap, rows[i].field != MK_F_NONE
                                        ? MK_OVERLAP_FIELD
                                        : MK_OVERLAP_NONE);
        mk_case_release(&c);
    }
}
END_TEST

START_TEST(a_step_and_a_correction_may_give_the_same_fact)
{
    struct mk_case c = kit_after("melding duid_j");
    by(&c, IVO, 0, MK_VERB_CORRIGEER,
       "event=2;key=known;value=2026-02-01;reason=TYP");
    by(&c, ILSE, 2, MK_VERB_OVERLEG,
       "contact=2026-02-04;direct=J;speaker=LEI;known=2026-02-03");
    struct mk_unseen u = last_and(&c, 2);
    ck_assert_int_eq(u.overlap, MK_OVERLAP_FIELD);
    ck_assert_int_eq(u.field, MK_F_KNOWN);
    mk_case_release(&c);
}
END_TEST

START_TEST(two_entries_are_about_the_same_person_or_not)
{
    static const struct {
        enum mk_verb verb[2];
        const char *form[2];
        enum mk_overlap overlap;
    } rows[] = {
        {{MK_VERB_PERSOON, MK_VERB_PERSOON},
         {"role=OUD;name=Bert van Verzonnen", "role=BES;name=verzonnen, BERT"},
         MK_OVERLAP_NONE}, /* the order of words is kept */
        {{MK_VERB_PERSOON, MK_VERB_PERSOON},
         {"role=OUD;name=Zoë van Verzonnen", "role=BES;name=zoe Verzonnen"},
         MK_OVERLAP_PERSON},
        {{MK_VERB_PERSOON, MK_VERB_PERSOON},
         {"role=BES;name=Bert Een", "role=BES;name=Bert Twee"},
         MK_OVERLAP_NONE},
        {{MK_VERB_CORRIGEER, MK_VERB_CORRIGEER},
         {"event=2;key=phone;value=010-1;reason=TYP",
          "event=2;key=mail;value=a@b.example;reason=TYP"},
         MK_OVERLAP_PERSON},
        {{MK_VERB_CORRIGEER, MK_VERB_PERSOON},
         {"event=2;key=phone;value=010-1;reason=TYP",
          "role=BES;name=noor verzonnen"},
         MK_OVERLAP_PERSON},
        {{MK_VERB_NOTITIE, MK_VERB_PERSOON},
         {"narrative=Noor Verzonnen", "role=BES;name=Noor Verzonnen"},
         MK_OVERLAP_NONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mk_case c = kit_after("melding persoon");
        by(&c, IVO, 0, rows[i].verb[0], rows[i].form[0]);
        by(&c, ILSE, 2, rows[i].verb[1], rows[i].form[1]);
        ck_assert_msg(last_and(&c, 2).overlap == rows[i].overlap, "row %zu",
                      i);
        mk_case_release(&c);
    }
}
END_TEST

/* The one of the two values of category that is not shown as the fact. */
static const char *rival_of(const struct mk_case *c, size_t *by_event)
{
    static char text[64];
    struct mk_fields f;
    struct mk_buf value = MK_BUF_INIT;
    size_t rival;

    if (!mk_unseen_rival(c, MK_F_CATEGORY, by_event, &rival))
        return NULL;
    mk_fields_init(&f);
    ck_assert_int_eq(mk_unseen_value(c, rival, MK_F_CATEGORY, &f), MK_OK);
    ck_assert_int_eq(mk_fields_format(&value, &f, MK_F_CATEGORY), MK_OK);
    snprintf(text, sizeof text, "%.*s", (int)value.len,
             value.len ? (const char *)value.data : "");
    mk_buf_release(&value);
    mk_fields_release(&f);
    return text;
}

START_TEST(both_values_are_there_until_somebody_knew_both)
{
    struct mk_case c = kit_after("melding duid_j");
    size_t i = 0;
    by(&c, IVO, 0, MK_VERB_CORRIGEER,
       "event=2;key=category;value=SI;reason=TYP");
    ck_assert_ptr_null(rival_of(&c, &i));
    by(&c, ILSE, 2, MK_VERB_CORRIGEER,
       "event=2;key=category;value=OV;reason=TYP");
    ck_assert_str_eq(rival_of(&c, &i), "SI");
    ck_assert_uint_eq(i, 3);
    ck_assert_uint_eq(mk_fields_code(&c.facts, MK_F_CATEGORY), MK_CATEGORY_OV);
    /* what is about something else does not settle it */
    by(&c, ILSE, 0, MK_VERB_NOTITIE, "narrative=Vier.");
    ck_assert_str_eq(rival_of(&c, &i), "SI");
    by(&c, ILSE, 0, MK_VERB_CORRIGEER,
       "event=4;key=value;value=SI;reason=TYP");
    ck_assert_ptr_null(rival_of(&c, &i));
    mk_case_release(&c);
}
END_TEST

START_TEST(many_are_counted_and_those_about_the_same_are_told_first)
{
    struct mk_case c = kit_after("melding duid_j");
    struct mk_unseen told[MK_UNSEEN_TOLD];
    size_t n;
    for (int i = 0; i < 2 * MK_UNSEEN_TOLD; i++)
        by(&c, IVO, 0, MK_VERB_NOTITIE, "narrative=Nog een.");
    by(&c, IVO, 0, MK_VERB_CORRIGEER,
       "event=2;key=category;value=SI;reason=TYP");
    by(&c, ILSE, 2, MK_VERB_CORRIGEER,
       "event=2;key=category;value=OV;reason=TYP");
    ck_assert_int_eq(mk_unseen_tell(&c, &c.events[c.n_events - 1], told, &n),
                     MK_OK);
    ck_assert_uint_eq(n, 2 * MK_UNSEEN_TOLD + 1);
    for (size_t i = 0; i + 1 < MK_UNSEEN_TOLD; i++)
        ck_assert_uint_eq(told[i].seq, i + 3);
    ck_assert_uint_eq(told[MK_UNSEEN_TOLD - 1].seq, 2 * MK_UNSEEN_TOLD + 3);
    ck_assert_int_eq(told[MK_UNSEEN_TOLD - 1].field, MK_F_CATEGORY);
    mk_case_release(&c);
}
END_TEST

/* --- two people, two handles, one vault --- */

static struct vault_fixture f;

static void set_up(void)
{
    vault_setup(&f);
}

static void take_down(void)
{
    vault_teardown(&f);
}

/* Two inspectors, and a classified dossier of two entries that both have seen. */
struct pair {
    struct mk_vault *ilse, *ivo;
    struct mk_dossier_ref ref;
    struct mk_written w; /* of the last write */
};

static void begin(struct pair *p)
{
    *p = (struct pair){.ilse = vault_as(&f, "inspecteur1"),
                       .ivo = vault_as(&f, "inspecteur2")};
    p->ref = vault_intake(p->ilse, "2026-03-01");
    vault_classify(p->ilse, &p->ref, true);
}

static void end(struct pair *p)
{
    mk_vault_close(p->ilse);
    mk_vault_close(p->ivo);
}

/* e by somebody who had seen the dossier up to an entry. */
static enum mk_err write_as(struct pair *p, struct mk_vault *who,
                            uint32_t seen, bool only_seen, struct mk_event *e)
{
    const struct mk_access access = {.purpose = MK_PURPOSE_WRN,
                                     .only_seen = only_seen};

    e->seen = seen;
    return mk_dossier_event(who, &access, &p->ref, e, &p->w, NULL);
}

static void correction(struct mk_event *e, const char *key, const char *value)
{
    vault_event(e, MK_VERB_CORRIGEER, "event", "2", "key", key, "value", value,
                "reason", "TYP", NULL);
}

static void open_it(struct pair *p, struct mk_view *view)
{
    const struct mk_access access = {.purpose = MK_PURPOSE_WRN};

    mk_view_init(view);
    ck_assert_int_eq(
        mk_dossier_open(p->ivo, &access, MK_AUDIT_SHOW, &p->ref, view, NULL),
        MK_OK);
}

START_TEST(who_wrote_meanwhile_is_told_and_stays_in_the_entry)
{
    struct pair p;
    struct mk_event e;
    struct mk_view view;
    begin(&p);
    correction(&e, "category", "SI");
    ck_assert_int_eq(write_as(&p, p.ivo, 2, false, &e), MK_OK);
    ck_assert_uint_eq(p.w.n_unseen, 0);
    correction(&e, "category", "OV");
    ck_assert_int_eq(write_as(&p, p.ilse, 2, false, &e), MK_OK);
    ck_assert_uint_eq(p.w.seq, 4);
    ck_assert_uint_eq(p.w.n_unseen, 1);
    ck_assert_uint_eq(p.w.unseen[0].seq, 3);
    ck_assert_int_eq(p.w.unseen[0].verb, MK_VERB_CORRIGEER);
    ck_assert_mem_eq(p.w.unseen[0].actor, mk_vault_user(p.ivo)->id, 16);
    ck_assert_int_eq(p.w.unseen[0].field, MK_F_CATEGORY);
    correction(&e, "care_type", "KDV");
    ck_assert_int_eq(write_as(&p, p.ivo, 3, false, &e), MK_OK);
    ck_assert_uint_eq(p.w.n_unseen, 1);
    ck_assert_uint_eq(p.w.unseen[0].seq, 4);
    ck_assert_int_eq(p.w.unseen[0].overlap, MK_OVERLAP_NONE);
    /* nothing of others since, and not said at all: nothing to tell */
    vault_event(&e, MK_VERB_NOTITIE, "narrative", "Gezien.", NULL);
    ck_assert_int_eq(write_as(&p, p.ivo, 4, false, &e), MK_OK);
    ck_assert_uint_eq(p.w.n_unseen, 0);
    vault_event(&e, MK_VERB_NOTITIE, "narrative", "Zomaar.", NULL);
    ck_assert_int_eq(write_as(&p, p.ilse, 0, false, &e), MK_OK);
    ck_assert_uint_eq(p.w.n_unseen, 0);

    static const uint32_t seen[] = {0, 0, 0, 2, 3, 0, 0};
    open_it(&p, &view);
    ck_assert_uint_eq(view.c.n_events, sizeof seen / sizeof *seen);
    for (size_t i = 0; i < view.c.n_events; i++)
        ck_assert_uint_eq(view.c.events[i].seen, seen[i]);
    ck_assert_uint_eq(mk_fields_code(&view.c.facts, MK_F_CATEGORY),
                      MK_CATEGORY_OV);
    mk_view_release(&view);
    end(&p);
}
END_TEST

START_TEST(only_beside_what_was_seen_if_its_author_wants_so)
{
    struct pair p;
    struct mk_event e;
    struct mk_view view;
    begin(&p);
    vault_event(&e, MK_VERB_NOTITIE, "narrative", "Van ivo.", NULL);
    ck_assert_int_eq(write_as(&p, p.ivo, 2, true, &e), MK_OK);
    vault_event(&e, MK_VERB_NOTITIE, "narrative", "Van ilse.", NULL);
    ck_assert_int_eq(write_as(&p, p.ilse, 2, true, &e), MK_E_CHANGED);
    ck_assert_uint_eq(p.w.n_unseen, 1);
    ck_assert_uint_eq(p.w.unseen[0].seq, 3);
    open_it(&p, &view);
    ck_assert_uint_eq(view.c.n_events, 3);
    mk_view_release(&view);
    vault_event(&e, MK_VERB_NOTITIE, "narrative", "Van ilse.", NULL);
    ck_assert_int_eq(write_as(&p, p.ilse, 3, true, &e), MK_OK);
    end(&p);
}
END_TEST

START_TEST(a_dry_run_tells_it_and_an_entry_that_is_not_there_is_refused)
{
    struct pair p;
    struct mk_event e;
    const struct mk_access dry = {.dry_run = true, .only_seen = true};
    begin(&p);
    vault_event(&e, MK_VERB_NOTITIE, "narrative", "Van ivo.", NULL);
    ck_assert_int_eq(write_as(&p, p.ivo, 2, false, &e), MK_OK);
    vault_event(&e, MK_VERB_NOTITIE, "narrative", "Van ilse.", NULL);
    e.seen = 2;
    ck_assert_int_eq(mk_dossier_event(p.ilse, &dry, &p.ref, &e, &p.w, NULL),
                     MK_OK);
    ck_assert_uint_eq(p.w.n_unseen, 1);
    vault_event(&e, MK_VERB_NOTITIE, "narrative", "Van ilse.", NULL);
    ck_assert_int_eq(write_as(&p, p.ilse, 4, false, &e), MK_E_BAD_NUMBER);
    end(&p);
}
END_TEST

START_TEST(the_workflow_judges_by_what_the_dossier_is_now)
{
    struct pair p;
    struct mk_event e;
    begin(&p);
    vault_event(&e, MK_VERB_OVERLEG, "contact", "2026-03-04", "direct", "J",
                "speaker", "LEI", NULL);
    ck_assert_int_eq(write_as(&p, p.ivo, 2, true, &e), MK_OK);
    vault_event(&e, MK_VERB_NIET_NAGEKOMEN, "unmet", "overleg", "reason",
                "WEI", "next_check", "2026-04-01", NULL);
    ck_assert_int_eq(write_as(&p, p.ilse, 2, true, &e), MK_E_WORKFLOW);
    ck_assert_uint_eq(p.w.n_unseen, 1); /* and why is told */
    ck_assert_int_eq(p.w.unseen[0].verb, MK_VERB_OVERLEG);
    /* what is still possible is taken */
    vault_event(&e, MK_VERB_NOTITIE, "narrative", "Nog dit.", NULL);
    ck_assert_int_eq(write_as(&p, p.ilse, 2, false, &e), MK_OK);
    ck_assert_uint_eq(p.w.n_unseen, 1);
    end(&p);
}
END_TEST

START_TEST(who_was_shut_out_meanwhile_is_told_nothing)
{
    static const char *const names[] = {"inspecteur1"};
    const struct mk_access access = {.purpose = 0};
    struct pair p;
    struct mk_event e;
    begin(&p);
    ck_assert_int_eq(
        mk_restrict(p.ilse, &access, &p.ref, names, 1, &p.w, NULL), MK_OK);
    vault_event(&e, MK_VERB_NOTITIE, "narrative", "Van ivo.", NULL);
    ck_assert_int_eq(write_as(&p, p.ivo, 2, false, &e), MK_E_RESTRICTED);
    ck_assert_uint_eq(p.w.n_unseen, 0);
    vault_event(&e, MK_VERB_NOTITIE, "narrative", "Van ilse.", NULL);
    ck_assert_int_eq(write_as(&p, p.ilse, 2, false, &e), MK_OK);
    ck_assert_uint_eq(p.w.n_unseen, 0); /* the restriction is her own */
    end(&p);
}
END_TEST

/* --- somebody who is faster --- */

static struct pair at_once;

static void ivo_writes(void)
{
    struct mk_event e;

    vault_event(&e, MK_VERB_NOTITIE, "narrative", "Van ivo.", NULL);
    ck_assert_int_eq(write_as(&at_once, at_once.ivo, 0, false, &e), MK_OK);
}

/* Who is faster makes everybody read the keyring anew. */
static void ivo_changes_his_passphrase(void)
{
    const struct mk_access access = {.purpose = 0};
    struct mk_secret *fresh = vault_passphrase("inspecteur2");

    ck_assert_int_eq(mk_passphrase_change(at_once.ivo, &access,
                                          MK_PASSPHRASE_FIRST, fresh, NULL),
                     MK_OK);
    mk_secret_free(fresh);
}

/* ilse restricts her dossier to both while that happens. */
static void restrict_while(void (*meanwhile)(void), struct mk_written *w)
{
    static const char *const names[] = {"inspecteur1", "inspecteur2"};
    const struct mk_access access = {.purpose = 0};

    begin(&at_once);
    race_while(at_once.ilse, true, meanwhile);
    ck_assert_int_eq(
        mk_restrict(at_once.ilse, &access, &at_once.ref, names, 2, w, NULL),
        MK_OK);
    ck_assert(race_was_run());
}

START_TEST(a_restriction_that_is_overtaken_is_written_and_tells_by_whom)
{
    struct mk_written w;
    struct mk_view view;

    restrict_while(ivo_writes, &w);
    ck_assert_uint_eq(w.seq, 4);
    ck_assert_uint_eq(w.n_unseen, 1);
    ck_assert_uint_eq(w.unseen[0].seq, 3);
    ck_assert_mem_eq(w.unseen[0].actor, mk_vault_user(at_once.ivo)->id, 16);
    open_it(&at_once, &view);
    ck_assert_uint_eq(view.c.n_events, 4);
    ck_assert_uint_eq(view.c.events[3].seen, 2);
    mk_view_release(&view);
    end(&at_once);
}
END_TEST

START_TEST(a_restriction_names_people_of_the_keyring_of_now)
{
    struct mk_written w;
    struct mk_view view;

    restrict_while(ivo_changes_his_passphrase, &w);
    ck_assert_uint_eq(w.n_unseen, 0);
    open_it(&at_once, &view);
    ck_assert_uint_eq(view.c.n_events, 3);
    mk_view_release(&view);
    end(&at_once);
}
END_TEST

START_TEST(of_a_further_report_it_is_told_and_of_a_new_one_not)
{
    struct pair p;
    struct mk_event e;
    const struct mk_access access = {.purpose = 0};
    begin(&p);
    vault_event(&e, MK_VERB_NOTITIE, "narrative", "Van ivo.", NULL);
    ck_assert_int_eq(write_as(&p, p.ivo, 2, false, &e), MK_OK);
    for (int i = 0; i < 2; i++) {
        vault_event(&e, MK_VERB_MELDING, "received", "2026-03-05", "channel",
                    "TEL", "reporter", "OUD", NULL);
        e.seen = 2;
        ck_assert_int_eq(mk_report_new(p.ilse, &access, &e,
                                       i == 0 ? &p.ref : NULL, &p.w, NULL),
                         MK_OK);
        ck_assert_uint_eq(p.w.n_unseen, i == 0);
    }
    end(&p);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        unseen_is_what_others_wrote_after_the_last_that_was_seen,
        two_corrections_are_of_the_same_field_or_of_others,
        a_step_and_a_correction_may_give_the_same_fact,
        two_entries_are_about_the_same_person_or_not,
        both_values_are_there_until_somebody_knew_both,
        many_are_counted_and_those_about_the_same_are_told_first,
        who_wrote_meanwhile_is_told_and_stays_in_the_entry,
        only_beside_what_was_seen_if_its_author_wants_so,
        a_dry_run_tells_it_and_an_entry_that_is_not_there_is_refused,
        the_workflow_judges_by_what_the_dossier_is_now,
        who_was_shut_out_meanwhile_is_told_nothing,
        a_restriction_that_is_overtaken_is_written_and_tells_by_whom,
        a_restriction_names_people_of_the_keyring_of_now,
        of_a_further_report_it_is_told_and_of_a_new_one_not,
    };
    return UNIT_RUN_SHARED("unseen", tests, set_up, take_down);
}
