/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/caseload.h"
#include "core/named.h"
#include "core/register.h"
#include "core/restricted.h"
#include "core/sealed.h"
#include "core/summary.h"
#include "core/tags.h"
#include "crypto/kdf.h"

/* What the blobs of one row point to while it is being written. */
struct sealing {
    struct mk_buf owner, dek, summary, facts, text, plain;
};

static void sealing_release(struct sealing *s)
{
    mk_buf_release(&s->owner);
    mk_buf_release(&s->dek);
    mk_buf_release(&s->summary);
    mk_buf_release(&s->facts);
    mk_buf_release(&s->text);
    mk_buf_release(&s->plain);
}

static enum mk_err seal_owner_and_summary(const struct mk_vault *v,
                                          struct sealing *s,
                                          struct mk_dossier_row *row,
                                          const struct mk_dek *dek,
                                          const struct mk_case *c)
{
    enum mk_err rc;
    uint8_t aad[MK_AAD];

    MK_TRY(mk_sealed_set_owner(v, &c->owners, row, &s->owner));
    mk_buf_clear(&s->plain);
    mk_buf_clear(&s->summary);
    MK_TRY(mk_summary_encode(&s->plain, c));
    mk_sealed_aad(aad, v, MK_TABLE_DOSSIER, MK_COL_DOSSIER_SUMMARY, row->id,
                  mk_sealed_summary_version(row), row->id);
    MK_TRY(mk_dek_seal(&s->summary, MK_PAD_FACTS, dek, aad, s->plain.data,
                       s->plain.len));
    row->summary = (struct mk_blob){s->summary.data, s->summary.len};
out:
    return rc;
}

/* Identities to 64 bytes, narrative to 512: what is longer is narrative. */
static size_t pad_step(const struct mk_event *e)
{
    return mk_fields_has(&e->f, MK_F_NARRATIVE) ||
                   mk_fields_has(&e->f, MK_F_GROUND) ||
                   mk_fields_has(&e->f, MK_F_VALUE)
               ? MK_PAD_NARRATIVE
               : MK_PAD_IDENTITY;
}

static enum mk_err insert_entry(struct mk_tx *tx, struct sealing *s,
                                struct mk_dossier_row *row,
                                const struct mk_dek *dek,
                                const struct mk_event *e, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_entry_row entry = {.dossier = row->ordinal, .seq = e->seq};
    uint8_t aad[MK_AAD];

    mk_buf_clear(&s->plain);
    mk_buf_clear(&s->facts);
    mk_buf_clear(&s->text);
    MK_TRY(mk_event_encode(e, &s->plain, &text));
    mk_sealed_aad(aad, tx->v, MK_TABLE_ENTRY, MK_COL_ENTRY_FACTS, row->id,
                  e->seq, row->id);
    MK_TRY(mk_dek_seal(&s->facts, MK_PAD_FACTS, dek, aad, s->plain.data,
                       s->plain.len));
    entry.facts = (struct mk_blob){s->facts.data, s->facts.len};
    if (text.len != 0) {
        mk_sealed_aad(aad, tx->v, MK_TABLE_ENTRY, MK_COL_ENTRY_TEXT, row->id,
                      e->seq, row->id);
        MK_TRY(
            mk_dek_seal(&s->text, pad_step(e), dek, aad, text.data, text.len));
        entry.text = (struct mk_blob){s->text.data, s->text.len};
    }
    rc = mk_entry_insert(tx->v->store, &entry, diag);
    if (rc == MK_E_TAMPERED) /* no head signs one in this place */
        rc = mk_fail_at(diag, MK_E_TAMPERED, "dossier (entries)", 0,
                        (int64_t)row->ordinal, 0);
    if (rc != MK_OK)
        goto out;
    mk_entry_chain(row->chain, &entry);
    row->entries = e->seq;
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err append_stats(struct mk_tx *tx, uint64_t ordinal,
                                const struct mk_case *c, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_stats_record record = {.ordinal = ordinal};

    MK_TRY(mk_tag_key_load(tx->v, diag));
    mk_stats_from_case(&record, c);
    record.ordinal = ordinal;
    record.recorded = mk_date_amsterdam(mk_clock_now());
    MK_TRY(mk_tags_of_case(tx->v->ktag, c, &record, diag));
    MK_TRY(mk_tx_stats(tx, &record, diag));
out:
    return rc;
}

static enum mk_err draw_id(struct mk_tx *tx, uint8_t id[static MK_ID],
                           struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_dossier_ref ref;
    char tag[MK_TAG_TEXT];
    uint64_t ordinal;
    bool taken = true;

    while (taken) {
        mk_random(id, MK_ID);
        mk_tag_format(tag, id);
        MK_TRY(mk_dossier_ref_parse(&ref, tag, diag));
        MK_TRY(mk_dossier_find(tx->v->store, ref.lo, ref.hi, &taken, &ordinal,
                               diag));
    }
out:
    return rc;
}

enum mk_err mk_sealed_insert(struct mk_tx *tx, const struct mk_case *c,
                             const uint8_t *ref_tag, uint8_t id[static MK_ID],
                             struct mk_diag *diag)
{
    enum mk_err rc;
    struct sealing s = {.owner = MK_BUF_INIT};
    struct mk_dek *dek = NULL;
    struct mk_dossier_row row;

    mk_dossier_row_init(&row);
    MK_TRY(mk_dek_random(&dek));
    MK_TRY(draw_id(tx, id, diag));
    memcpy(row.id, id, MK_ID);
    row.ordinal = tx->next.n_dossiers;
    row.version = 1;
    row.intake_year = (uint32_t)mk_date_year(c->received);
    if (ref_tag != NULL)
        row.ref_tag = (struct mk_blob){ref_tag, MK_ID};
    MK_TRY(mk_sealed_wrap_new(tx->v, dek, &row, &s.dek, diag));
    for (size_t i = 0; i < c->n_events; i++)
        MK_TRY(insert_entry(tx, &s, &row, dek, &c->events[i], diag));
    MK_TRY(seal_owner_and_summary(tx->v, &s, &row, dek, c));
    MK_TRY(mk_tx_dossier(tx, &row, diag));
    MK_TRY(append_stats(tx, row.ordinal, c, diag));
out:
    mk_dek_free(dek);
    sealing_release(&s);
    return rc;
}

/* Does it change anything that is counted? */
static bool is_counted(enum mk_verb verb)
{
    return verb != MK_VERB_NOTITIE && verb != MK_VERB_HERINNER &&
           !mk_caseload_verb(verb);
}

enum mk_err mk_sealed_append(struct mk_tx *tx, struct mk_opened *d,
                             struct mk_diag *diag)
{
    return mk_sealed_append_under(tx, d, NULL, diag);
}

/* row, whose blobs r keeps from here on, under other keys. */
static enum mk_err put_under(struct mk_vault *v, struct mk_opened *d,
                             const struct mk_rewrap *how,
                             struct mk_dossier_row *row,
                             struct mk_rewrapped *r, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf own = row->own;

    MK_TRY(mk_sealed_rewrapped(v, row, how, r, diag));
    mk_dek_free(d->dek);
    d->dek = r->dek;
    r->dek = NULL;
    *row = r->row;
    row->own = own; /* what was not replaced is borrowed from it */
out:
    return rc;
}

/*
 * He had the list, and whoever gave R_D a new secret since may have been
 * unable to change it: the next who writes does, if he is named himself.
 */
static enum mk_err after_leaving(const struct mk_vault *v,
                                 const struct mk_dossier_row *row,
                                 struct mk_restrict_to *to, bool *left,
                                 struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_restricted r;

    *left = false;
    if (!mk_restricted_is(row))
        return MK_OK;
    MK_TRY(mk_restricted_read(&r, row, diag));
    *left = mk_restricted_names(&r, v->my_id) && mk_restricted_left(v, &r, to);
out:
    return rc;
}

enum mk_err mk_sealed_append_under(struct mk_tx *tx, struct mk_opened *d,
                                   const struct mk_rewrap *how,
                                   struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_restrict_to to;
    const struct mk_rewrap anew = {.fresh_dek = true, .restrict_to = &to};
    bool left;
    struct sealing s = {.owner = MK_BUF_INIT};
    bool counted = false;
    struct mk_dossier_row row;
    struct mk_rewrapped r;

    mk_dossier_row_init(&row);
    mk_rewrapped_init(&r);
    MK_TRY(mk_sealed_row(tx->v, d->row.ordinal, &row, diag));
    if (row.version != d->row.version) {
        rc = mk_fail(diag, MK_E_CHANGED, NULL);
        goto out;
    }
    MK_TRY(after_leaving(tx->v, &row, &to, &left, diag));
    if (how == NULL && left)
        how = &anew;
    if (how != NULL)
        MK_TRY(put_under(tx->v, d, how, &row, &r, diag));
    else
        row.version++;
    for (size_t i = row.entries; i < d->c.n_events; i++) {
        MK_TRY(insert_entry(tx, &s, &row, d->dek, &d->c.events[i], diag));
        counted = counted || is_counted(d->c.events[i].verb);
    }
    MK_TRY(seal_owner_and_summary(tx->v, &s, &row, d->dek, &d->c));
    MK_TRY(mk_tx_dossier(tx, &row, diag));
    if (how != NULL)
        MK_TRY(mk_named_append(tx, &row, diag));
    if (counted)
        MK_TRY(append_stats(tx, row.ordinal, &d->c, diag));
out:
    mk_rewrapped_release(&r);
    mk_dossier_row_release(&row);
    sealing_release(&s);
    return rc;
}

enum mk_err mk_sealed_ref_tag(struct mk_vault *v, const void *ref, size_t n,
                              uint8_t out[static MK_ID], struct mk_diag *diag)
{
    static const char info[] = "mk1/ref";
    enum mk_err rc;
    struct mk_secret *key = NULL;
    uint8_t mac[32];

    MK_TRY(mk_tag_key_load(v, diag));
    MK_TRY(mk_hkdf(&key, MK_KEY, v->head.store, MK_ID, v->ktag, info,
                   sizeof info - 1));
    mk_hmac_sha256(mac, key, (const struct mk_part[]){{ref, n}}, 1);
    memcpy(out, mac, MK_ID);
out:
    mk_secret_free(key);
    return rc;
}
