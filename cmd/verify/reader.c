/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/verify/reader.h"

#include <string.h>

#include "cmd/verify/seal.h"
#include "core/base/bytes.h"

#define CONTEXT (4 + 3 * MK_ID) /* before the key in a session's box */

/* ---- what may be done ---- */

#define CUS MK_VF_BIT(MK_VF_CUSTODIAN)
#define INS MK_VF_BIT(MK_VF_INSPECTOR)
#define ANA MK_VF_BIT(MK_VF_ANALYST)
#define AUD MK_VF_BIT(MK_VF_AUDITOR)
#define ANY (CUS | INS | ANA | AUD)
#define NOBODY 0u

static const struct {
    const char *nl, *en;
    unsigned roles;
} kinds[] = {
#define MK_AUDIT(number, NAME, slug, nl, en, object, roles, action) \
    [number] = {nl, en, roles},
#include "core/defs/audit.def"
#undef MK_AUDIT
};
#define N_KINDS (sizeof kinds / sizeof *kinds)

enum {
#define MK_AUDIT(number, NAME, slug, nl, en, object, roles, action) \
    KIND_##NAME = number,
#include "core/defs/audit.def"
#undef MK_AUDIT
};

/* What an entry of that kind may come with; a dossier with the register, too:
 * who is named for it stands there. */
enum { DOSSIERS = 1, REGISTER = 2, MEMBERS = 4 };
static const uint8_t changes[N_KINDS] = {
    [KIND_INTAKE] = DOSSIERS | REGISTER,
    [KIND_CHANGE] = DOSSIERS | REGISTER,
    [KIND_IMPORT] = DOSSIERS | REGISTER,
    [KIND_HANDOVER] = DOSSIERS | REGISTER,
    [KIND_DEPUTY] = DOSSIERS | REGISTER,
    [KIND_RESTRICT] = DOSSIERS | REGISTER,
    [KIND_REKEY] = DOSSIERS | REGISTER,
    [KIND_KEY_ROTATE] = DOSSIERS | REGISTER | MEMBERS,
    [KIND_DESTROY] = DOSSIERS | REGISTER,
    [KIND_INIT] = REGISTER | MEMBERS,
    [KIND_RESTART] = REGISTER,
    [KIND_SETTING] = REGISTER,
    [KIND_RELEASE_APPEND] = REGISTER,
    [KIND_WITNESS_TRUST] = REGISTER,
    [KIND_LOG_TERM] = REGISTER,
    [KIND_LOG_PRUNE] = REGISTER,
    [KIND_EMERGENCY_ASK] = REGISTER,
    [KIND_EMERGENCY_GRANT] = REGISTER,
    [KIND_DESTROY_RULE] = REGISTER,
    [KIND_HOLD] = REGISTER,
    [KIND_DESTROY_PROPOSE] = REGISTER,
    [KIND_DESTROY_APPROVE] = REGISTER,
    [KIND_USER_ADMIT] = MEMBERS,
    [KIND_ROLE_CERTIFY] = MEMBERS,
    [KIND_ROLE_GRANT] = MEMBERS,
    [KIND_PASSPHRASE] = MEMBERS,
    [KIND_USER_SUSPEND] = MEMBERS,
    [KIND_USER_RESUME] = MEMBERS,
    [KIND_USER_REMOVE] = MEMBERS,
    [KIND_ROLE_REVOKE] = MEMBERS,
    [KIND_ROLE_EXCEPT] = MEMBERS,
    [KIND_THEFT] = MEMBERS,
    [KIND_SECOND_SLOT] = MEMBERS,
    [KIND_SHARE_MAKE] = MEMBERS,
    [KIND_SHARE_ACCEPT] = MEMBERS,
    [KIND_ESCROW] = MEMBERS,
    [KIND_DRILL] = MEMBERS,
    [KIND_RECOVER] = MEMBERS,
};

enum {
#define MK_OUTCOME(number, NAME, slug, nl, en) OUTCOME_##NAME = number,
#include "core/defs/outcome.def"
#undef MK_OUTCOME
    OUTCOMES
};

struct item {
    int64_t time_ms;
    uint8_t actor[MK_ID];
    unsigned role, kind, outcome;
};

static void decode(struct item *item, const uint8_t *plain)
{
    item->time_ms = (int64_t)mk_get_u64(plain);
    memcpy(item->actor, plain + 8, MK_ID);
    item->role = mk_get_u16(plain + 24);
    item->kind = mk_get_u16(plain + 26);
    item->outcome = mk_get_u16(plain + 28);
}

/* ---- the reader ---- */

enum mk_err mk_vf_reader_init(struct mk_vf_reader *r,
                              const struct mk_vf_members *members,
                              struct mk_vf_report *report,
                              const uint8_t secret[static 32], bool *fits)
{
    const struct mk_vf_finding other = {.code = MK_VF_KEY_OTHER};

    *r = (struct mk_vf_reader){
        .members = members, .report = report, .secret = secret};
    *fits = mk_vf_box_public(r->pk, secret);
    for (size_t i = 0; *fits && i < members->n_log_keys; i++)
        if (memcmp(r->pk, members->log_key[i].box, MK_PK) == 0)
            r->key = &members->log_key[i];
    *fits = r->key != NULL;
    if (!*fits) {
        mk_vf_found(report, &other);
        return MK_OK;
    }
    r->keys = mk_vf_guarded((size_t)MK_VF_SETS * MK_VF_WAYS * 32);
    return r->keys ? MK_OK : MK_E_MEMORY;
}

void mk_vf_reader_release(struct mk_vf_reader *r)
{
    mk_vf_guarded_free(r->keys);
    r->keys = NULL;
}

static void found(struct mk_vf_reader *r, struct mk_vf_finding f,
                  const struct mk_vf_member *who)
{
    if (who)
        memcpy(f.who, who->name, sizeof who->name);
    mk_vf_found(r->report, &f);
}

/* Was another key of the log in force when the session was sealed?  The one
 * who replaces it seals his own before he does. */
static bool is_of_other_key(const struct mk_vf_reader *r,
                            const struct mk_vf_place *at)
{
    return mk_vf_log_key_at(r->members, at->since_serial) != r->key ||
           mk_vf_log_key_at(r->members, at->head->serial) != r->key;
}

void mk_vf_reader_session(struct mk_vf_reader *r,
                          const struct mk_vf_leaf *leaf,
                          struct mk_vf_session *session, size_t index,
                          const struct mk_vf_place *at)
{
    uint8_t plain[CONTEXT + 32], context[CONTEXT];

    memcpy(context, "MKW1", 4);
    memcpy(context + 4, r->members->store, MK_ID);
    memcpy(context + 4 + MK_ID, leaf->session, MK_ID);
    memcpy(context + 4 + 2 * MK_ID, leaf->actor, MK_ID);
    session->is_sealed = !mk_vf_box_open(plain, r->pk, r->secret, leaf->box,
                                         MK_VF_SESSION_BOX) ||
                         !mk_vf_equal(plain, context, CONTEXT);
    session->is_of_other_key = session->is_sealed && is_of_other_key(r, at);
    if (session->is_of_other_key)
        r->other++;
    else if (session->is_sealed)
        found(r,
              (struct mk_vf_finding){.code = MK_VF_SESSION_SEALED,
                                     .a = leaf->seq},
              at->who);
    else
        memcpy(r->keys[index], plain + CONTEXT, 32);
    mk_vf_wipe(plain, sizeof plain);
}

/* By whom, as what, when.  f has seq and name. */
static void judge(struct mk_vf_reader *r, const struct item *item,
                  struct mk_vf_finding f, const struct mk_vf_place *at)
{
    const struct mk_vf_head *h = at->head;
    const unsigned bit = item->role < MK_VF_ROLES ? MK_VF_BIT(item->role) : 0;
    const unsigned held = at->who ? mk_vf_roles_at(at->who, h->serial) : 0;
    /* who may not was told so, or learnt nothing */
    const bool nothing = item->outcome == OUTCOME_REFUSED ||
                         item->outcome == OUTCOME_NOT_FOUND;
    const int64_t from = at->since_ms < h->time_ms ? at->since_ms : h->time_ms;

    f.b = item->kind;
    if (item->kind >= N_KINDS || !kinds[item->kind].en || item->outcome == 0 ||
        item->outcome >= OUTCOMES) {
        f.code = MK_VF_ENTRY_UNKNOWN;
        mk_vf_found(r->report, &f);
        return;
    }
    r->report->n_kinds[item->kind]++;
    if (item->outcome == OUTCOME_DONE)
        r->said |= changes[item->kind];
    f.why[0] = kinds[item->kind].nl;
    f.why[1] = kinds[item->kind].en;
    if ((held & bit) == 0 || (kinds[item->kind].roles & bit) == 0) {
        f.code = (held & bit) == 0 ? MK_VF_ENTRY_ROLE : MK_VF_ENTRY_KIND;
        if (nothing)
            r->report->refused++;
        else
            mk_vf_found(r->report, &f);
    }
    if (item->time_ms < from - MK_VF_CLOCK_MS ||
        item->time_ms > h->time_ms + MK_VF_CLOCK_MS) {
        f.code = MK_VF_ENTRY_TIME;
        f.t = item->time_ms;
        f.u = h->time_ms;
        mk_vf_found(r->report, &f);
    }
}

void mk_vf_reader_entry(struct mk_vf_reader *r, const struct mk_vf_leaf *leaf,
                        const struct mk_vf_session *session, size_t index,
                        const struct mk_vf_place *at)
{
    uint8_t plain[MK_VF_LEAF_PLAIN];
    struct item item;
    struct mk_vf_finding f = {.a = leaf->seq};

    if (session->is_of_other_key) {
        r->unread_kinds = true;
        return;
    }
    if (at->who)
        memcpy(f.who, at->who->name, sizeof at->who->name);
    if (session->is_sealed ||
        !mk_vf_envelope_open(plain, r->keys[index], leaf->bytes,
                             MK_VF_LEAF_HEAD, leaf->bytes + MK_VF_LEAF_HEAD,
                             leaf->n - MK_VF_LEAF_HEAD)) {
        f.code = MK_VF_ENTRY_SEALED;
        mk_vf_found(r->report, &f);
        return;
    }
    decode(&item, plain);
    mk_vf_wipe(plain, sizeof plain);
    r->report->opened++;
    if (memcmp(item.actor, session->actor, MK_ID) != 0) {
        f.code = MK_VF_ENTRY_ACTOR;
        mk_vf_found(r->report, &f);
        return;
    }
    judge(r, &item, f, at);
}

void mk_vf_reader_unlock(struct mk_vf_reader *r, const struct mk_vf_leaf *leaf)
{
    uint8_t plain[MK_VF_FAILED - MK_ID - MK_VF_SEALED];
    const uint8_t *box = leaf->record + MK_ID;

    if (mk_vf_box_open(plain, r->pk, r->secret, box, MK_VF_FAILED - MK_ID) &&
        memcmp(plain, "MKF1", 4) == 0 &&
        memcmp(plain + 4, r->members->store, MK_ID) == 0 &&
        memcmp(plain + 20, leaf->record, MK_ID) == 0)
        r->unlocks++;
    else
        r->not_real++;
    mk_vf_wipe(plain, sizeof plain);
}

/* ---- what a head changes ---- */

static void silent(struct mk_vf_reader *r, const struct mk_vf_place *at,
                   const char *nl, const char *en)
{
    found(r,
          (struct mk_vf_finding){.code = MK_VF_HEAD_SILENT,
                                 .a = at->head->log_size,
                                 .why = {nl, en}},
          at->who);
}

void mk_vf_reader_head(struct mk_vf_reader *r, const struct mk_vf_head *prev,
                       const struct mk_vf_place *at, bool all)
{
    const struct mk_vf_head *h = at->head;
    const unsigned said = r->said;
    const bool unread = r->unread_kinds;

    r->said = 0;
    r->unread_kinds = false;
    if (!all || unread)
        return;
    if ((memcmp(h->dossier_root, prev->dossier_root, MK_HASH) != 0 ||
         memcmp(h->stats_root, prev->stats_root, MK_HASH) != 0) &&
        (said & DOSSIERS) == 0)
        silent(r, at, "dossiers of tellingen", "dossiers or counts");
    if (h->n_register != prev->n_register && (said & REGISTER) == 0)
        silent(r, at, "het register", "the register");
    if (h->serial != prev->serial && (said & MEMBERS) == 0)
        silent(r, at, "de leden", "the members");
}

void mk_vf_reader_end(struct mk_vf_reader *r)
{
    struct mk_vf_report *report = r->report;
    const struct mk_vf_finding refused = {.code = MK_VF_ENTRY_REFUSED,
                                          .a = report->refused};
    const struct mk_vf_finding unlocks = {
        .code = MK_VF_UNLOCKS, .a = r->unlocks, .b = r->not_real};
    const struct mk_vf_finding unread = {.code = MK_VF_UNREAD,
                                         .a = report->pruned};
    const struct mk_vf_finding yes = {.code = MK_VF_ALLOWED_YES,
                                      .a = report->opened};
    const struct mk_vf_finding part = {.code = MK_VF_ALLOWED_PART,
                                       .a = r->other};

    report->failed_unlocks = r->unlocks;
    if (report->refused > 0)
        mk_vf_found(report, &refused);
    if (r->unlocks + r->not_real > 0)
        mk_vf_found(report, &unlocks);
    if (report->pruned > 0)
        mk_vf_found(report, &unread);
    mk_vf_found(report, r->other > 0 ? &part : &yes);
}
