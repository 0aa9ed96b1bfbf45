/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every verb in every situation, against a table written here from the prose
 * of the domain, not from core/defs/transitions.def.
 */
#include "tests/support/case_kit.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

/*
 * How to get there, and what may happen there: "move>state".  What is not
 * listed is refused.  Besides: bijmelding, herinner wherever the workflow goes
 * on; notitie, persoon, corrigeer everywhere but in a destroyed dossier.
 */
static const struct situation {
    const char *name;
    const char *path;
    const char *state;
    bool open; /* the workflow goes on */
    const char *steps;
} situations[] = {
    {"new", "", "", false, "melding>ontvangen"},
    {"ontvangen", "melding", "ontvangen", true,
     "duid_j>overlegplicht duid_n>duiding duid_onb>duiding "
     "intrek>ingetrokken niet_bevoegd>niet-bevoegd dubbel>dubbel"},
    {"duiding, duty N", "melding duid_n", "duiding", true,
     "duid_j>overlegplicht duid_n>duiding duid_onb>duiding adviseer>advies "
     "houder_verdacht>houder-verdacht politiemelding>duiding "
     "intrek>ingetrokken niet_bevoegd>niet-bevoegd dubbel>dubbel "
     "naar_j>overlegplicht naar_n>duiding"},
    {"duiding, duty ONB", "melding duid_onb", "duiding", true,
     "duid_j>overlegplicht duid_n>duiding duid_onb>duiding adviseer>advies "
     "houder_verdacht>houder-verdacht politiemelding>duiding "
     "intrek>ingetrokken niet_bevoegd>niet-bevoegd dubbel>dubbel "
     "naar_j>overlegplicht naar_n>duiding"},
    {"advies", "melding duid_n adviseer", "advies", true,
     "duid_j>overlegplicht duid_n>duiding duid_onb>duiding "
     "politiemelding>advies plaats>bij-instantie sluit>afgerond "
     "intrek>ingetrokken dubbel>dubbel naar_j>overlegplicht naar_n>advies"},
    {"advies after a verdict", "melding duid_j overleg geen adviseer",
     "advies", true,
     "duid_j>overlegplicht duid_n>duiding duid_onb>duiding "
     "politiemelding>advies plaats>bij-instantie sluit>afgerond "
     "dubbel>dubbel naar_j>advies naar_n>advies"},
    {"overlegplicht", "melding duid_j", "overlegplicht", true,
     "overleg>overleg houder_verdacht>houder-verdacht "
     "politiemelding>overlegplicht nn_overleg>niet-nagekomen dubbel>dubbel "
     "naar_j>overlegplicht naar_n>overlegplicht"},
    {"overlegplicht that fell away", "melding duid_j naar_n", "overlegplicht",
     true,
     "overleg>overleg houder_verdacht>houder-verdacht "
     "politiemelding>overlegplicht dubbel>dubbel adviseer>advies "
     "naar_j>overlegplicht naar_n>overlegplicht"},
    {"overleg", "melding duid_j overleg", "overleg", true,
     "houder_verdacht>houder-verdacht geen>geen-vermoeden "
     "red>redelijk-vermoeden mog>overleg politiemelding>overleg "
     "naar_j>overleg naar_n>overleg"},
    {"overleg after MOG", "melding duid_j overleg mog", "overleg", true,
     "houder_verdacht>houder-verdacht geen>geen-vermoeden "
     "red>redelijk-vermoeden mog>overleg politiemelding>overleg "
     "naar_j>overleg naar_n>overleg"},
    {"overleg, the duty fell away", "melding duid_j overleg naar_n", "overleg",
     true,
     "houder_verdacht>houder-verdacht geen>geen-vermoeden mog>overleg "
     "politiemelding>overleg adviseer>advies naar_j>overleg naar_n>overleg"},
    {"houder-verdacht", "melding duid_j houder_verdacht", "houder-verdacht",
     true,
     "overleg>overleg geen>geen-vermoeden red>redelijk-vermoeden "
     "politiemelding>houder-verdacht naar_j>houder-verdacht "
     "naar_n>houder-verdacht"},
    {"houder-verdacht, duty ONB", "melding duid_onb houder_verdacht",
     "houder-verdacht", true,
     "overleg>overleg geen>geen-vermoeden adviseer>advies "
     "politiemelding>houder-verdacht naar_n>houder-verdacht"},
    {"geen-vermoeden", "melding duid_j overleg geen", "geen-vermoeden", true,
     "adviseer>advies overleg>overleg politiemelding>geen-vermoeden "
     "plaats>bij-instantie sluit>afgerond naar_j>geen-vermoeden "
     "naar_n>geen-vermoeden"},
    {"redelijk-vermoeden", "melding duid_j overleg red", "redelijk-vermoeden",
     true,
     "verwijs>verwezen aangifte>aangifte politiemelding>politiemelding "
     "nn_aangifte>niet-nagekomen naar_j>redelijk-vermoeden "
     "naar_n>redelijk-vermoeden"},
    {"redelijk-vermoeden, houder suspected",
     "melding duid_j houder_verdacht red", "redelijk-vermoeden", true,
     "verwijs>verwezen aangifte>aangifte politiemelding>politiemelding "
     "nn_aangifte>niet-nagekomen naar_j>redelijk-vermoeden "
     "naar_n>redelijk-vermoeden"},
    {"verwezen", "melding duid_j overleg red verwijs", "verwezen", true,
     "aangifte>aangifte politiemelding>politiemelding "
     "nn_aangifte>niet-nagekomen naar_j>verwezen naar_n>verwezen"},
    {"aangifte", "melding duid_j overleg red verwijs aangifte", "aangifte",
     true, "volg>volgen plaats>bij-instantie naar_j>aangifte naar_n>aangifte"},
    {"politiemelding", "melding duid_j overleg red politiemelding",
     "politiemelding", true,
     "aangifte>aangifte nn_aangifte>niet-nagekomen volg>volgen "
     "plaats>bij-instantie naar_j>politiemelding naar_n>politiemelding"},
    {"niet-nagekomen(overleg)", "melding duid_j nn_overleg", "niet-nagekomen",
     true,
     "overleg>overleg houder_verdacht>houder-verdacht volg>volgen "
     "plaats>bij-instantie naar_j>niet-nagekomen naar_n>niet-nagekomen"},
    {"niet-nagekomen(aangifte)", "melding duid_j overleg red nn_aangifte",
     "niet-nagekomen", true,
     "houder_verdacht>houder-verdacht verwijs>verwezen aangifte>aangifte "
     "politiemelding>politiemelding volg>volgen plaats>bij-instantie "
     "naar_j>niet-nagekomen naar_n>niet-nagekomen"},
    {"volgen after RED", "melding duid_j overleg red aangifte volg", "volgen",
     true,
     "aangifte>aangifte politiemelding>politiemelding "
     "plaats>bij-instantie sluit>afgerond naar_j>volgen naar_n>volgen"},
    {"volgen without RED", "melding duid_n adviseer plaats volg", "volgen",
     true,
     "plaats>bij-instantie sluit>afgerond naar_j>overlegplicht "
     "naar_n>volgen"},
    {"bij-instantie, duty N", "melding duid_n adviseer plaats",
     "bij-instantie", true,
     "volg>volgen sluit>afgerond heropen>duiding naar_j>overlegplicht "
     "naar_n>bij-instantie"},
    {"bij-instantie, duty J", "melding duid_j overleg red aangifte plaats",
     "bij-instantie", true,
     "volg>volgen sluit>afgerond heropen>overlegplicht "
     "naar_j>bij-instantie naar_n>bij-instantie"},
    {"afgerond, duty N", "melding duid_n adviseer sluit", "afgerond", false,
     "heropen>duiding naar_j>overlegplicht naar_n>afgerond"},
    {"afgerond, duty J", "melding duid_j overleg geen sluit", "afgerond",
     false, "heropen>overlegplicht naar_j>afgerond naar_n>afgerond"},
    {"ingetrokken", "melding duid_n intrek", "ingetrokken", false,
     "heropen>duiding naar_j>overlegplicht naar_n>ingetrokken"},
    {"niet-bevoegd", "melding duid_n niet_bevoegd", "niet-bevoegd", false,
     "heropen>duiding naar_j>overlegplicht naar_n>niet-bevoegd"},
    {"dubbel", "melding duid_n dubbel", "dubbel", false,
     "naar_j>overlegplicht naar_n>dubbel"},
};
#define N_SITUATIONS (sizeof(situations) / sizeof(situations[0]))

static void arrive(struct mk_case *c, const struct situation *s)
{
    mk_case_init(c);
    kit_walk(c, s->path);
    ck_assert_msg(strcmp(mk_state_slug(c->state), s->state) == 0, "%s: %s",
                  s->name, mk_state_slug(c->state));
}

/* The state that the table above gives; "" when it is refused. */
static void expected(char out[static 64], const struct situation *s,
                     const struct kit_move *m)
{
    static const char *const anywhere[] = {
        "notitie",   "persoon", "corrigeer",   "overdracht",
        "waarnemer", "beperk",  "beperking_op"};
    static const char *const going_on[] = {"bijmelding", "herinner"};
    size_t n = strlen(m->name);
    out[0] = '\0';
    for (const char *p = s->steps; (p = strstr(p, m->name)) != NULL; p += n) {
        if ((p == s->steps || p[-1] == ' ') && p[n] == '>') {
            snprintf(out, 64, "%.*s", (int)strcspn(p + n + 1, " "), p + n + 1);
            return;
        }
    }
    for (size_t i = 0; i < sizeof anywhere / sizeof *anywhere; i++) {
        if (*s->path && strcmp(m->name, anywhere[i]) == 0)
            snprintf(out, 64, "%s", s->state);
    }
    for (size_t i = 0; i < 2; i++) {
        if (s->open && strcmp(m->name, going_on[i]) == 0)
            snprintf(out, 64, "%s", s->state);
    }
    /* with the duty still unknown a correction to J leaves the state of who
     * already stands in for the houder */
    if (strcmp(s->name, "houder-verdacht, duty ONB") == 0 &&
        strcmp(m->name, "naar_j") == 0)
        snprintf(out, 64, "%s", s->state);
}

static void try_pair(const struct situation *s, const struct kit_move *m)
{
    struct mk_case c;
    char want[64], form[512];
    arrive(&c, s);
    expected(want, s, m);
    snprintf(form, sizeof(form), "%s%s%s", m->required,
             *m->optional ? ";" : "", m->optional);
    struct kit_options o = {.kept = kit_kept()};
    size_t before = c.n_events;
    enum mk_err rc = kit_try(&c, m->verb, form, &o);
    if (want[0]) {
        ck_assert_msg(rc == MK_OK, "%s, %s: %s at %s", s->name, m->name,
                      mk_err_name(rc), o.diag.place);
        ck_assert_msg(strcmp(mk_state_slug(c.state), want) == 0,
                      "%s, %s: %s, not %s", s->name, m->name,
                      mk_state_slug(c.state), want);
        ck_assert_uint_eq(c.n_events, before + 1);
    } else {
        bool absent = rc == MK_E_BAD_NUMBER && before < 2;
        ck_assert_msg(mk_err_exit(rc) == MK_EXIT_WORKFLOW || absent ||
                          (rc == MK_E_NOT_YET && m->verb == MK_VERB_VERNIETIG),
                      "%s, %s: %s", s->name, m->name, mk_err_name(rc));
        ck_assert_msg(o.diag.place[0] || s->path[0] == '\0', "%s, %s", s->name,
                      m->name);
        ck_assert_uint_eq(c.n_events, before);
        ck_assert_str_eq(mk_state_slug(c.state), s->state);
    }
    mk_case_release(&c);
}

START_TEST(every_verb_in_every_situation_does_what_the_domain_says)
{
    size_t done = 0, refused = 0;
    for (size_t i = 0; i < N_SITUATIONS; i++) {
        for (size_t k = 0; k < kit_n_moves; k++) {
            char want[64];
            try_pair(&situations[i], &kit_moves[k]);
            expected(want, &situations[i], &kit_moves[k]);
            want[0] ? done++ : refused++;
        }
    }
    ck_assert_uint_gt(done, 200);
    ck_assert_uint_gt(refused, 400);
}
END_TEST

START_TEST(every_state_and_every_verb_is_in_the_table_of_this_test)
{
    for (enum mk_state s = 1; s < MK_STATE_MAX; s++) {
        bool found = mk_state_slug(s)[0] == '\0' || s == MK_STATE_VERNIETIGD;
        for (size_t i = 0; i < N_SITUATIONS; i++)
            found = found ||
                    strcmp(situations[i].state, mk_state_slug(s)) == 0;
        ck_assert_msg(found, "%s", mk_state_slug(s));
    }
    for (enum mk_verb v = 1; v < MK_VERB_MAX; v++) {
        bool found = mk_verb_get(v) == NULL;
        for (size_t i = 0; i < kit_n_moves; i++)
            found = found || kit_moves[i].verb == v;
        ck_assert_msg(found, "verb %d", v);
    }
}
END_TEST

START_TEST(a_destroyed_dossier_takes_nothing)
{
    for (size_t i = 0; i < kit_n_moves; i++) {
        struct mk_case c;
        mk_case_init(&c);
        kit_walk(&c, "melding duid_n adviseer sluit");
        c.state = MK_STATE_VERNIETIGD;
        struct kit_options o = {.kept = kit_kept()};
        enum mk_err rc =
            kit_try(&c, kit_moves[i].verb, kit_moves[i].required, &o);
        ck_assert_msg(rc == MK_E_WORKFLOW || rc == MK_E_NOT_YET, "%s: %s",
                      kit_moves[i].name, mk_err_name(rc));
        ck_assert(!mk_workflow_possible(&c, kit_moves[i].verb));
        mk_case_release(&c);
    }
}
END_TEST

START_TEST(what_is_called_possible_is_what_some_form_can_do)
{
    for (size_t i = 0; i < N_SITUATIONS; i++) {
        struct mk_case c;
        arrive(&c, &situations[i]);
        for (enum mk_verb v = 1; v < MK_VERB_MAX; v++) {
            bool some = false;
            for (size_t k = 0; k < kit_n_moves; k++) {
                char want[64];
                expected(want, &situations[i], &kit_moves[k]);
                some = some || (kit_moves[k].verb == v && want[0]);
            }
            ck_assert_msg(mk_workflow_possible(&c, v) == some, "%s, verb %d",
                          situations[i].name, v);
        }
        mk_case_release(&c);
    }
}
END_TEST

/* The situation in which a move is possible. */
static const struct situation *where_possible(const struct kit_move *m)
{
    for (size_t i = 0; i < N_SITUATIONS; i++) {
        char want[64];
        expected(want, &situations[i], m);
        if (want[0])
            return &situations[i];
    }
    return NULL;
}

/* form without its nth key; false past the last. */
static bool leave_out(char *out, char *key, const char *form, size_t nth)
{
    bool left = false;
    *out = '\0';
    for (size_t i = 0; *form; i++) {
        size_t n = strcspn(form, ";");
        if (i == nth) {
            snprintf(key, 32, "%.*s", (int)strcspn(form, "="), form);
            left = true;
        } else {
            if (*out)
                strncat(out, ";", 2);
            strncat(out, form, n);
        }
        form += n;
        form += *form == ';';
    }
    return left;
}

START_TEST(each_required_key_that_is_missing_is_named)
{
    size_t tried = 0;
    for (size_t i = 0; i < kit_n_moves; i++) {
        const struct kit_move *m = &kit_moves[i];
        const struct situation *s = where_possible(m);
        char form[512], key[32];
        if (!s)
            continue; /* vernietig */
        for (size_t k = 0; leave_out(form, key, m->required, k); k++) {
            struct mk_case c;
            arrive(&c, s);
            kit_refused(&c, m->verb, form, MK_E_MISSING_KEY, key);
            mk_case_release(&c);
            tried++;
        }
    }
    ck_assert_uint_gt(tried, 60);
}
END_TEST

START_TEST(the_required_keys_alone_are_enough)
{
    for (size_t i = 0; i < kit_n_moves; i++) {
        const struct kit_move *m = &kit_moves[i];
        const struct situation *s = where_possible(m);
        if (!s || m->verb == MK_VERB_POLITIEMELDING)
            continue; /* needs `by` in the first place: below */
        struct mk_case c;
        arrive(&c, s);
        kit_do(&c, m->verb, m->required);
        mk_case_release(&c);
    }
}
END_TEST

START_TEST(every_key_that_a_verb_does_not_take_is_refused)
{
    for (size_t i = 0; i < kit_n_moves; i++) {
        const struct kit_move *m = &kit_moves[i];
        const struct situation *s = where_possible(m);
        char whole[512];
        if (!s)
            continue;
        snprintf(whole, sizeof(whole), ";%s;%s", m->required, m->optional);
        for (enum mk_field k = 1; k < MK_FIELD_MAX; k++) {
            const struct mk_field_info *info = mk_field_get(k);
            char start[40];
            if (!info)
                continue;
            snprintf(start, sizeof(start), ";%s=", info->key);
            if (strstr(whole, start))
                continue;
            if (m->verb == MK_VERB_OORDEEL && k == MK_F_NEXT_CHECK)
                continue;
            struct mk_case c;
            struct mk_event e;
            struct mk_diag diag = MK_DIAG_INIT;
            arrive(&c, s);
            mk_event_init(&e);
            e.verb = m->verb;
            ck_assert_int_eq(kit_parse(&e.f, m->verb, m->required, &diag),
                             MK_OK);
            ck_assert_int_eq(mk_fields_set_code(&e.f, k, 1), MK_OK);
            ck_assert_int_eq(mk_workflow_check(&c, &e, kit_kept(), NULL,
                                               kit_today(), NULL, &diag),
                             MK_E_UNKNOWN_KEY);
            ck_assert_str_eq(diag.place, info->key);
            mk_event_release(&e);
            mk_case_release(&c);
        }
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_verb_in_every_situation_does_what_the_domain_says,
        every_state_and_every_verb_is_in_the_table_of_this_test,
        a_destroyed_dossier_takes_nothing,
        what_is_called_possible_is_what_some_form_can_do,
        each_required_key_that_is_missing_is_named,
        the_required_keys_alone_are_enough,
        every_key_that_a_verb_does_not_take_is_refused,
    };
    return UNIT_RUN("workflow", tests, NULL);
}
