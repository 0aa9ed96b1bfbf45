/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By somebody who was suspended or removed, or by one who does the work of two
 * when people come and go. */
#include "tests/support/export_scene.h"

#include <check.h>
#include <string.h>

#include "core/card.h"
#include "core/keyring_impl.h"

#define OK(call) ck_assert_int_eq(call, MK_OK)
#define WHO(person) (&mk_xs_office()->who[person])
#define ID(person) (WHO(person)->id)

/* writable global: one scene a process at a time */
static struct mk_kr_office changed;

/* The office with a keyring that goes on by itself. */
static struct mk_kr_office *own_office(struct mk_xs *s)
{
    changed = *mk_xs_office();
    mk_buf_init(&changed.text);
    OK(mk_keyring_copy(&changed.k, mk_xs_office()->k));
    s->x.office = &changed;
    return &changed;
}

static void written(struct mk_xs *s)
{
    OK(mk_keyring_format(changed.k, &changed.text));
    mk_xs_written(s);
    mk_buf_release(&changed.text);
    mk_keyring_free(changed.k);
    s->x.office = mk_xs_office();
}

static void work(struct mk_xs *s, size_t person, enum mk_audit kind)
{
    const struct mk_xk_tx tx = {.person = person, .kind = kind};

    mk_xk_do(&s->x, &tx);
}

/* st by who behind the statements of k, whether or not the rules allow it. */
static void force(struct mk_keyring *k, struct mk_kr_statement *st,
                  const struct mk_identity *who)
{
    size_t n_signed;

    OK(mk_kr_sign(k, st, who));
    OK(mk_buf_add_str(&k->members, "\n"));
    OK(mk_kr_statement_add(&k->members, st, &n_signed));
}

static struct mk_kr_statement about(enum mk_kr_type type, size_t person,
                                    unsigned roles)
{
    struct mk_kr_statement st = {.type = type, .roles = roles};

    memcpy(st.person.id, ID(person), MK_ID);
    return st;
}

static void head_after_removal(struct mk_xs *s)
{
    struct mk_kr_office *o = own_office(s);

    OK(mk_keyring_revoke(o->k, WHO(MK_KR_FOUNDER), ID(MK_KR_INSPECTOR2),
                         MK_ROLE_BIT(MK_ROLE_INSPECTOR), NULL));
    work(s, MK_KR_FOUNDER, MK_AUDIT_USER_REMOVE);
    work(s, MK_KR_INSPECTOR2, MK_AUDIT_LIST);
    written(s);
}

static void opening_while_suspended(struct mk_xs *s)
{
    struct mk_kr_office *o = own_office(s);

    OK(mk_keyring_suspend(o->k, WHO(MK_KR_FOUNDER), ID(MK_KR_AUDITOR), NULL));
    work(s, MK_KR_FOUNDER, MK_AUDIT_USER_SUSPEND);
    work(s, MK_KR_AUDITOR, MK_AUDIT_LOG_LIST);
    written(s);
}

/* He is still an analyst, so his heads are good. */
static void opening_in_a_lost_role(struct mk_xs *s)
{
    struct mk_kr_office *o = own_office(s);

    OK(mk_keyring_certify(o->k, WHO(MK_KR_FOUNDER), ID(MK_KR_INSPECTOR2),
                          MK_ROLE_BIT(MK_ROLE_ANALYST), NULL));
    OK(mk_keyring_grant(o->k, WHO(MK_KR_ANALYST), ID(MK_KR_INSPECTOR2),
                        MK_ROLE_ANALYST, NULL));
    OK(mk_keyring_revoke(o->k, WHO(MK_KR_FOUNDER), ID(MK_KR_INSPECTOR2),
                         MK_ROLE_BIT(MK_ROLE_INSPECTOR), NULL));
    work(s, MK_KR_FOUNDER, MK_AUDIT_ROLE_REVOKE);
    work(s, MK_KR_INSPECTOR2, MK_AUDIT_SHOW);
    written(s);
}

static void removed_in_silence(struct mk_xs *s)
{
    struct mk_kr_office *o = own_office(s);

    OK(mk_keyring_revoke(o->k, WHO(MK_KR_FOUNDER), ID(MK_KR_INSPECTOR2),
                         MK_ROLE_BIT(MK_ROLE_INSPECTOR), NULL));
    work(s, MK_KR_FOUNDER, MK_AUDIT_LOG_VERIFY);
    written(s);
}

/* The new secret is kept from one who holds the old. */
static void rotation_that_leaves_one_out(struct mk_xs *s)
{
    struct mk_kr_office *o = own_office(s);
    struct mk_secret *fresh;
    uint8_t id[MK_ID];
    uint32_t generation;
    uint8_t *last, *at;

    OK(mk_keyring_rotate(o->k, WHO(MK_KR_INSPECTOR), MK_KEY_RD,
                         o->secrets[MK_KEY_RD], &fresh, id, &generation,
                         NULL));
    mk_secret_free(fresh);
    /* the last wrap falls away */
    for (last = at = o->k->members.data; at != NULL;) {
        const uint8_t *const end = o->k->members.data + o->k->members.len;
        at = memmem(at + 1, (size_t)(end - at - 1), "\nserial: ", 9);
        last = at ? at : last;
    }
    o->k->members.len = (size_t)(last - o->k->members.data);
    written(s);
}

static void resumed_by_himself(struct mk_xs *s)
{
    struct mk_kr_office *o = own_office(s);
    struct mk_kr_statement st = about(MK_KR_RESUME, MK_KR_CUSTODIAN2, 0);

    OK(mk_keyring_suspend(o->k, WHO(MK_KR_FOUNDER), ID(MK_KR_CUSTODIAN2),
                          NULL));
    force(o->k, &st, WHO(MK_KR_CUSTODIAN2));
    written(s);
}

static void exception_by_one(struct mk_xs *s)
{
    struct mk_kr_office *o = own_office(s);
    const unsigned both = MK_ROLE_BIT(MK_ROLE_INSPECTOR) |
                          MK_ROLE_BIT(MK_ROLE_AUDITOR);
    struct mk_kr_statement st = mk_kr_office_certify(
        o, MK_KR_INSPECTOR2, MK_ROLE_BIT(MK_ROLE_AUDITOR));

    OK(mk_keyring_except(o->k, WHO(MK_KR_FOUNDER), ID(MK_KR_INSPECTOR2), both,
                         NULL));
    force(o->k, &st, WHO(MK_KR_FOUNDER));
    written(s);
}

/* ---- cards ---- */

static struct mk_card cards[3];
static const struct mk_share_plan plan = {.threshold = 2, .n = 3};

static void cards_accepted_by_their_maker(struct mk_xs *s)
{
    struct mk_kr_office *o = own_office(s);
    struct mk_kr_statement st = {.type = MK_KR_ACCEPT, .set = {.number = 1}};

    OK(mk_keyring_share(o->k, WHO(MK_KR_FOUNDER), &plan, cards, NULL));
    force(o->k, &st, WHO(MK_KR_FOUNDER));
    written(s);
}

static void recovery_without_saying_so(struct mk_xs *s)
{
    static const char *const what[] = {"1", "2"};
    struct mk_kr_office *o = own_office(s);
    struct mk_kr_statement st =
        mk_kr_office_certify(o, MK_KR_ANALYST, MK_ROLE_BIT(MK_ROLE_INSPECTOR));
    struct mk_recovery r;
    unsigned kinds;

    OK(mk_keyring_share(o->k, WHO(MK_KR_FOUNDER), &plan, cards, NULL));
    OK(mk_keyring_accept(o->k, WHO(MK_KR_CUSTODIAN2), NULL));
    OK(mk_keyring_escrow(o->k, WHO(MK_KR_INSPECTOR), &kinds, NULL));
    OK(mk_keyring_escrow(o->k, WHO(MK_KR_AUDITOR), &kinds, NULL));
    OK(mk_keyring_combine(o->k, cards, what, 2, &r, NULL));
    force(o->k, &st, &r.who);
    mk_recovery_release(&r);
    written(s);
}

const struct mk_xs_attack mk_xs_keyring[] = {
    {"head by somebody who was removed", head_after_removal},
    {"log read by a suspended auditor", opening_while_suspended},
    {"dossier opened in a role that was revoked", opening_in_a_lost_role},
    {"member removed without an entry that says so", removed_in_silence},
    {"key replaced, and one who holds it left out",
     rotation_that_leaves_one_out},
    {"suspended, and resumed by himself", resumed_by_himself},
    {"exception for two roles by one custodian", exception_by_one},
    {"recovery cards accepted by who made them",
     cards_accepted_by_their_maker},
    {"somebody let in by cards without a recovery that says so",
     recovery_without_saying_so},
    {NULL, NULL},
};
