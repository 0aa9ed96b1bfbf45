/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By a member, or by somebody who is none. */
#include "tests/support/export_scene.h"

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/bytes.h"

#define DAY_MS INT64_C(86400000)

static void identity(struct mk_identity *who)
{
    uint8_t box[MK_PK], sign[MK_PK];

    memset(who, 0, sizeof *who);
    ck_assert_int_eq(mk_kr_identity_make(who, box, sign), MK_OK);
}

static void head_by_a_stranger(struct mk_xs *s)
{
    struct mk_identity who;
    const struct mk_xk_tx tx = {
        .person = MK_KR_INSPECTOR, .who = &who, .kind = MK_AUDIT_LIST};

    identity(&who);
    mk_xk_do(&s->x, &tx);
    mk_identity_release(&who);
    mk_xs_written(s);
}

static void head_in_anothers_name(struct mk_xs *s)
{
    const struct mk_xk_tx tx = {.person = MK_KR_INSPECTOR,
                                .kind = MK_AUDIT_LIST,
                                .signer = &mk_xs_office()->who[MK_KR_ANALYST]};

    mk_xk_do(&s->x, &tx);
    mk_xs_written(s);
}

/* A second vault whose office certified somebody and gave him no key. */
static void head_without_a_role(struct mk_xs *s)
{
    static struct mk_kr_office more;
    struct mk_xk x;
    struct mk_keyring *k;
    struct mk_secret *box;
    const unsigned five = (1u << MK_KR_PEOPLE) - 1 - (1u << MK_KR_INSPECTOR2);
    struct mk_secret *phrase = mk_kr_office_passphrase(MK_KR_INSPECTOR2);
    struct mk_buf request = MK_BUF_INIT;
    struct mk_identity who;
    struct mk_member admitted;

    mk_kr_office_make_of(&more, five);
    mk_xk_make(&x, &more);
    mk_xk_work(&x, 10);
    ck_assert_int_eq(mk_request_make(more.k,
                                     mk_kr_first[MK_KR_INSPECTOR2].name,
                                     phrase, &request, NULL),
                     MK_OK);
    ck_assert_int_eq(mk_keyring_admit(more.k, &more.who[MK_KR_FOUNDER],
                                      request.data, request.len,
                                      MK_ROLE_BIT(MK_ROLE_INSPECTOR),
                                      &admitted, NULL),
                     MK_OK);
    mk_kr_office_reread(&more);
    k = more.k;
    ck_assert_int_eq(mk_keyring_unlock(k, mk_keyring_by_id(k, admitted.id),
                                       phrase, &who, NULL),
                     MK_OK);
    const struct mk_xk_tx tx = {.person = MK_KR_INSPECTOR2,
                                .who = &who,
                                .kind = MK_AUDIT_LIST,
                                .outcome = MK_OUTCOME_REFUSED};
    mk_xk_do(&x, &tx);
    mk_xk_write(&x, s->folder);
    box = mk_secret_part(more.secrets[MK_KEY_RL], 0, 32);
    mk_secret_free(box);
    s->no_key = true;
    mk_xk_release(&x);
    mk_identity_release(&who);
    mk_secret_free(phrase);
    mk_buf_release(&request);
    mk_kr_office_release(&more);
}

static void dossiers_by_an_analyst(struct mk_xs *s)
{
    const struct mk_xk_tx tx = {
        .person = MK_KR_ANALYST, .kind = MK_AUDIT_COUNT, .more_dossiers = 1};

    mk_xk_do(&s->x, &tx);
    mk_xs_written(s);
}

static void register_by_an_inspector(struct mk_xs *s)
{
    mk_xs_term(s, MK_KR_INSPECTOR, MK_AUDIT_LIST, 60);
    mk_xs_written(s);
}

static void epoch_without_a_restart(struct mk_xs *s)
{
    const struct mk_xk_tx tx = {
        .person = MK_KR_FOUNDER, .kind = MK_AUDIT_SETTING, .more_epochs = 1};

    mk_xk_do(&s->x, &tx);
    mk_xs_written(s);
}

/* With a program of his own, that calls it a list. */
static void changed_in_silence(struct mk_xs *s)
{
    const struct mk_xk_tx tx = {
        .person = MK_KR_INSPECTOR, .kind = MK_AUDIT_LIST, .more_dossiers = 1};

    mk_xk_do(&s->x, &tx);
    mk_xs_written(s);
}

static void term_set_in_silence(struct mk_xs *s)
{
    mk_xs_term(s, MK_KR_FOUNDER, MK_AUDIT_LOG_VERIFY, 60);
    mk_xs_written(s);
}

static void clock_set_back(struct mk_xs *s)
{
    const struct mk_xk_tx tx = {
        .person = MK_KR_INSPECTOR, .kind = MK_AUDIT_SHOW, .clock_ms = -DAY_MS};

    mk_xk_do(&s->x, &tx);
    mk_xs_written(s);
}

static void entry_dated_back(struct mk_xs *s)
{
    const struct mk_xk_tx tx = {
        .person = MK_KR_INSPECTOR, .kind = MK_AUDIT_SHOW, .entry_ms = -DAY_MS};

    mk_xk_do(&s->x, &tx);
    mk_xs_written(s);
}

static void session_sealed_away(struct mk_xs *s)
{
    const struct mk_xk_tx tx = {.person = MK_KR_INSPECTOR,
                                .kind = MK_AUDIT_SHOW,
                                .foreign_session = true};

    mk_xk_do(&s->x, &tx);
    mk_xs_written(s);
}

static void entry_sealed_away(struct mk_xs *s)
{
    const struct mk_xk_tx tx = {.person = MK_KR_INSPECTOR,
                                .kind = MK_AUDIT_SHOW,
                                .foreign_entry = true};

    mk_xk_do(&s->x, &tx);
    mk_xs_written(s);
}

static void entry_in_anothers_name(struct mk_xs *s)
{
    const struct mk_xk_tx tx = {
        .person = MK_KR_INSPECTOR,
        .kind = MK_AUDIT_SHOW,
        .actor = mk_xs_office()->who[MK_KR_INSPECTOR2].id};

    mk_xk_do(&s->x, &tx);
    mk_xs_written(s);
}

static void role_not_held(struct mk_xs *s)
{
    const struct mk_xk_tx tx = {.person = MK_KR_ANALYST,
                                .role = MK_ROLE_INSPECTOR,
                                .kind = MK_AUDIT_SHOW};

    mk_xk_do(&s->x, &tx);
    mk_xs_written(s);
}

static void role_too_small(struct mk_xs *s)
{
    const struct mk_xk_tx tx = {.person = MK_KR_ANALYST,
                                .kind = MK_AUDIT_SHOW};

    mk_xk_do(&s->x, &tx);
    mk_xs_written(s);
}

const struct mk_xs_attack mk_xs_people[] = {
    {"head by somebody never certified", head_by_a_stranger},
    {"head by somebody without a role", head_without_a_role},
    {"head in another's name", head_in_anothers_name},
    {"dossiers changed by an analyst", dossiers_by_an_analyst},
    {"term set by an inspector", register_by_an_inspector},
    {"epoch raised without a restart", epoch_without_a_restart},
    {"clock set back", clock_set_back},
    {"entry dated back", entry_dated_back},
    {"session sealed to a foreign key", session_sealed_away},
    {"entry sealed to a foreign key", entry_sealed_away},
    {"entry in another's name", entry_in_anothers_name},
    {"role that was not held", role_not_held},
    {"role that may not", role_too_small},
    {"dossier changed without an entry that says so", changed_in_silence},
    {"term set without an entry that says so", term_set_in_silence},
    {NULL, NULL},
};
