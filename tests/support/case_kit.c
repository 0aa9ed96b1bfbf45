/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/case_kit.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

mk_day kit_day(const char *text)
{
    mk_day day;
    ck_assert_msg(mk_date_parse(text, strlen(text), &day), "%s", text);
    return day;
}

mk_day kit_today(void)
{
    return kit_day("2026-03-02");
}

enum mk_err kit_parse(struct mk_fields *f, enum mk_verb verb, const char *form,
                      struct mk_diag *diag)
{
    while (*form) {
        size_t n = strcspn(form, ";");
        const char *is = memchr(form, '=', n);
        ck_assert_msg(is != NULL, "%s", form);
        size_t n_key = (size_t)(is - form);
        enum mk_field key = mk_verb_field(verb, form, n_key);
        const struct mk_field_info *info = mk_field_find(form, n_key);
        if (key == MK_F_NONE && info)
            key = info->number; /* for the judge to refuse */
        ck_assert_msg(key != MK_F_NONE, "%s", form);
        enum mk_err rc = mk_fields_parse(f, key, is + 1, n - n_key - 1, diag);
        if (rc != MK_OK)
            return rc;
        form += n;
        form += *form == ';';
    }
    return MK_OK;
}

/* e as the store gives it back. */
static void through_bytes(struct mk_event *e)
{
    struct mk_buf facts = MK_BUF_INIT, text = MK_BUF_INIT;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_event back;
    ck_assert_int_eq(mk_event_encode(e, &facts, &text), MK_OK);
    ck_assert_int_eq(mk_event_decode(&back, facts.data, facts.len,
                                     text.len ? (const void *)text.data : "",
                                     text.len, &diag),
                     MK_OK);
    mk_event_release(e);
    *e = back;
    mk_buf_release(&facts);
    mk_buf_release(&text);
}

enum mk_err kit_try(struct mk_case *c, enum mk_verb verb, const char *form,
                    struct kit_options *o)
{
    struct kit_options none = {.imported = false};
    struct mk_event e;
    if (!o)
        o = &none;
    o->diag = (struct mk_diag)MK_DIAG_INIT;
    mk_event_init(&e);
    e.verb = verb;
    e.seq = (uint32_t)c->n_events + 1;
    e.time_ms = 1000 * (int64_t)e.seq;
    memset(e.actor, o->actor ? o->actor : 7, sizeof(e.actor));
    e.seen = o->seen;
    e.imported = o->imported;
    enum mk_err rc = kit_parse(&e.f, verb, form, &o->diag);
    if (rc == MK_OK && mk_fields_has(&e.f, MK_F_KEPT)) {
        uint8_t whole[16];
        memcpy(whole, mk_fields_id(&e.f, MK_F_KEPT), sizeof(whole));
        ck_assert_int_eq(mk_fields_set_id(&e.f, MK_F_KEPT, whole), MK_OK);
    }
    if (rc == MK_OK)
        rc = mk_workflow_check(c, &e, o->kept, o->settings, kit_today(),
                               &o->result, &o->diag);
    if (rc == MK_OK) {
        through_bytes(&e);
        rc = mk_case_add(c, &e, &o->diag);
        ck_assert_msg(rc == MK_OK, "%s cannot be added", form);
    }
    mk_event_release(&e);
    return rc;
}

void kit_do(struct mk_case *c, enum mk_verb verb, const char *form)
{
    struct kit_options o = {.kept = kit_kept()};
    enum mk_err rc = kit_try(c, verb, form, &o);
    ck_assert_msg(rc == MK_OK, "%s \"%s\" in %s: %s at %s",
                  mk_verb_get(verb)->nl, form, mk_state_slug(c->state),
                  mk_err_name(rc), o.diag.place);
}

void kit_refused(struct mk_case *c, enum mk_verb verb, const char *form,
                 enum mk_err err, const char *place)
{
    struct kit_options o = {.kept = kit_kept()};
    enum mk_err rc = kit_try(c, verb, form, &o);
    ck_assert_msg(rc == err, "%s \"%s\" in %s: %s at %s, not %s",
                  mk_verb_get(verb)->nl, form, mk_state_slug(c->state),
                  mk_err_name(rc), o.diag.place, mk_err_name(err));
    if (place)
        ck_assert_str_eq(o.diag.place, place);
}

#define DUID(accused)                                      \
    "sector=KO;care_type=KDV;category=SM;accused=" accused \
    ";victim_minor=J;in_care=J;qualification=XIV;occurred=2026-01"
#define DUID_MORE                                                            \
    "extra=PG FG;known=2026-01-20;lrk_id=123456782;worker_known=2026-01-18;" \
    "worker_told=2026-01-19"

const struct kit_move kit_moves[] = {
    {"melding", MK_VERB_MELDING,
     "received=2026-02-02;channel=TEL;reporter=OUD",
     "label=peuter;urgent=N;ref=A-12;narrative=Een ouder belt."},
    {"bijmelding", MK_VERB_BIJMELDING,
     "received=2026-02-05;channel=MAIL;reporter=GGD", "narrative=Nog een."},
    {"duid_j", MK_VERB_DUID, DUID("MW"), DUID_MORE},
    {"duid_n", MK_VERB_DUID, DUID("KD"), DUID_MORE},
    {"duid_onb", MK_VERB_DUID, DUID("OB"), DUID_MORE},
    {"adviseer", MK_VERB_ADVISEER, "advice=GES",
     "ground=Omdat.;narrative=Zo gezegd."},
    {"overleg", MK_VERB_OVERLEG, "contact=2026-02-04;direct=J;speaker=LEI",
     "known=2026-02-03;breach=ONB"},
    {"houder_verdacht", MK_VERB_HOUDER_VERDACHT, "substitute=MED", ""},
    {"geen", MK_VERB_OORDEEL,
     "verdict=GEEN;verdict_date=2026-02-06;ground=Omdat.",
     "breach=ONB;next_check=2026-05-01"},
    {"red", MK_VERB_OORDEEL,
     "verdict=RED;verdict_date=2026-02-06;ground=Omdat.",
     "breach=ONB;next_check=2026-05-01"},
    {"mog", MK_VERB_OORDEEL,
     "verdict=MOG;verdict_date=2026-02-06;ground=Omdat.;"
     "next_check=2026-05-01",
     "breach=ONB"},
    {"verwijs", MK_VERB_VERWIJS,
     "referred=2026-02-07;authority=ZED;referred_for=AAN", ""},
    {"aangifte", MK_VERB_AANGIFTE,
     "complaint=2026-02-09;notified=2026-02-10;authority=ZED",
     "police_ref=PL-1;breach=EER"},
    {"politiemelding", MK_VERB_POLITIEMELDING,
     "police_report=2026-02-08;authority=POL", "by=OUD"},
    {"nn_overleg", MK_VERB_NIET_NAGEKOMEN,
     "unmet=overleg;reason=WEI;next_check=2026-04-01", ""},
    {"nn_aangifte", MK_VERB_NIET_NAGEKOMEN,
     "unmet=aangifte;reason=UIT;next_check=2026-04-01", ""},
    {"volg", MK_VERB_VOLG, "next_check=2026-06-01", ""},
    {"herinner", MK_VERB_HERINNER, "next_check=2026-06-02",
     "narrative=Bellen."},
    {"plaats", MK_VERB_PLAATS, "authority=OM;placed=2026-02-20", ""},
    {"sluit", MK_VERB_SLUIT, "outcome=ADV;closed=2026-02-28", ""},
    {"intrek", MK_VERB_INTREK, "reason=VRZ", ""},
    {"niet_bevoegd", MK_VERB_NIET_BEVOEGD, "reason=GKO", ""},
    {"dubbel", MK_VERB_DUBBEL, "kept=MK-7Q4D-K2XZ", ""},
    {"heropen", MK_VERB_HEROPEN, "reason=FEI", ""},
    {"corrigeer", MK_VERB_CORRIGEER,
     "event=1;key=channel;value=GES;reason=TYP", ""},
    {"naar_j", MK_VERB_CORRIGEER, "event=2;key=accused;value=MW;reason=FEI",
     ""},
    {"naar_n", MK_VERB_CORRIGEER, "event=2;key=accused;value=KD;reason=FEI",
     ""},
    {"notitie", MK_VERB_NOTITIE, "narrative=Gebeld.", ""},
    {"persoon", MK_VERB_PERSOON, "role=OUD;name=Noor Verzonnen",
     "born=1990-04-03;phone=010-0000000;mail=noor@voorbeeld.example;"
     "address=Verzonstraat 1;lrk_id=123456782;organisation=De Vlinder"},
    {"vernietig", MK_VERB_VERNIETIG,
     "list_item=7.1;term=2026-01-01;certificate=V-1", ""},
    {"overdracht", MK_VERB_OVERDRACHT,
     "member=000000000000000000000000000000aa", ""},
    {"waarnemer", MK_VERB_WAARNEMER, "member=000000000000000000000000000000bb",
     ""},
    {"waarnemer_af", MK_VERB_WAARNEMER_AF,
     "member=000000000000000000000000000000bb", ""},
    {"beperk", MK_VERB_BEPERK, "", ""},
    {"beperking_op", MK_VERB_BEPERKING_OP, "", ""},
};
const size_t kit_n_moves = sizeof(kit_moves) / sizeof(kit_moves[0]);

const struct kit_move *kit_move(const char *name)
{
    for (size_t i = 0; i < kit_n_moves; i++) {
        if (strcmp(kit_moves[i].name, name) == 0)
            return &kit_moves[i];
    }
    ck_abort_msg("no move %s", name);
    return NULL;
}

void kit_walk(struct mk_case *c, const char *moves)
{
    while (*moves) {
        char name[32] = "";
        size_t n = strcspn(moves, " ");
        ck_assert_uint_lt(n, sizeof(name));
        memcpy(name, moves, n);
        const struct kit_move *m = kit_move(name);
        char form[512];
        ck_assert_int_lt(snprintf(form, sizeof(form), "%s%s%s", m->required,
                                  *m->optional ? ";" : "", m->optional),
                         (int)sizeof(form));
        kit_do(c, m->verb, form);
        moves += n;
        moves += *moves == ' ';
    }
}

struct mk_case kit_after(const char *moves)
{
    struct mk_case c;
    mk_case_init(&c);
    kit_walk(&c, moves);
    return c;
}

static const char *correction(char form[static 128], unsigned event,
                              const char *key, const char *value)
{
    snprintf(form, 128, "event=%u;key=%s;value=%s;reason=TYP", event, key,
             value);
    return form;
}

void kit_correct(struct mk_case *c, unsigned event, const char *key,
                 const char *value)
{
    char form[128];
    kit_do(c, MK_VERB_CORRIGEER, correction(form, event, key, value));
}

void kit_no_correction(struct mk_case *c, unsigned event, const char *key,
                       const char *value, enum mk_err err, const char *place)
{
    char form[128];
    kit_refused(c, MK_VERB_CORRIGEER, correction(form, event, key, value), err,
                place);
}

const struct mk_case *kit_kept(void)
{
    static struct mk_case kept;
    if (kept.state == MK_STATE_NONE) {
        mk_case_init(&kept);
        kept.state = MK_STATE_OVERLEGPLICHT;
        kept.duty = MK_YN_J;
    }
    return &kept;
}

void kit_assert_same(const struct mk_case *a, const struct mk_case *b)
{
    ck_assert_uint_eq(a->state, b->state);
    ck_assert_uint_eq(a->unmet_which, b->unmet_which);
    ck_assert_uint_eq(a->duty, b->duty);
    ck_assert_uint_eq(a->duty_was_j, b->duty_was_j);
    ck_assert_uint_eq(a->mtbp, b->mtbp);
    ck_assert_uint_eq(a->statute, b->statute);
    ck_assert_int_eq(a->received, b->received);
    ck_assert_int_eq(a->next_check, b->next_check);
    ck_assert_uint_eq(a->urgent, b->urgent);
    ck_assert_uint_eq(a->meldingen, b->meldingen);
    ck_assert_uint_eq(a->breaches, b->breaches);
    ck_assert_mem_eq(&a->owners, &b->owners, sizeof(a->owners));
    ck_assert_uint_eq(a->had_overleg, b->had_overleg);
    ck_assert_uint_eq(a->had_houder_verdacht, b->had_houder_verdacht);
    ck_assert_uint_eq(a->had_red, b->had_red);
    ck_assert_uint_eq(a->had_referred, b->had_referred);
    ck_assert_uint_eq(a->had_complaint, b->had_complaint);
    ck_assert_uint_eq(a->had_police_report, b->had_police_report);
    ck_assert_uint_eq(a->had_unmet_overleg, b->had_unmet_overleg);
    ck_assert_uint_eq(a->had_unmet_aangifte, b->had_unmet_aangifte);
    for (size_t i = 0; i < MK_DUTY_COUNT; i++) {
        ck_assert_uint_eq(a->track[i].status, b->track[i].status);
        ck_assert_int_eq(a->track[i].since, b->track[i].since);
        ck_assert_int_eq(a->track[i].met, b->track[i].met);
        ck_assert_uint_eq(a->track[i].since_guess, b->track[i].since_guess);
    }
    ck_assert_uint_eq(a->n_events, b->n_events);
    for (size_t i = 0; i < a->n_events; i++)
        ck_assert_uint_eq(a->corrected[i], b->corrected[i]);
    struct mk_buf x = MK_BUF_INIT, y = MK_BUF_INIT;
    for (enum mk_field k = 1; k < MK_FIELD_MAX; k++) {
        ck_assert_msg(mk_fields_has(&a->facts, k) ==
                          mk_fields_has(&b->facts, k),
                      "fact %d", k);
        ck_assert_int_eq(mk_fields_format(&x, &a->facts, k), MK_OK);
        ck_assert_int_eq(mk_fields_format(&y, &b->facts, k), MK_OK);
    }
    ck_assert_uint_eq(x.len, y.len);
    if (x.len > 0)
        ck_assert_mem_eq(x.data, y.data, x.len);
    mk_buf_release(&x);
    mk_buf_release(&y);
}
