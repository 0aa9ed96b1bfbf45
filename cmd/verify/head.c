/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/verify/head.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "crypto/sign.h"

bool mk_vf_head_decode(struct mk_vf_head *h,
                       const uint8_t p[static MK_VF_HEAD])
{
    struct mk_reader r;
    uint8_t magic[4];

    mk_reader_init(&r, p, MK_VF_HEAD);
    mk_read_copy(&r, magic, sizeof magic);
    mk_read_copy(&r, h->store, MK_ID);
    h->epoch = mk_read_u32(&r);
    h->log_size = mk_read_u64(&r);
    mk_read_copy(&r, h->log_root, MK_HASH);
    h->n_dossiers = mk_read_u64(&r);
    mk_read_copy(&r, h->dossier_root, MK_HASH);
    h->n_stats = mk_read_u64(&r);
    mk_read_copy(&r, h->stats_root, MK_HASH);
    h->n_register = mk_read_u64(&r);
    mk_read_copy(&r, h->register_root, MK_HASH);
    h->serial = mk_read_u64(&r);
    mk_read_copy(&r, h->members_hash, MK_HASH);
    mk_read_copy(&r, h->slots_hash, MK_HASH);
    h->time_ms = (int64_t)mk_read_u64(&r);
    mk_read_copy(&r, h->actor, MK_ID);
    mk_read_copy(&r, h->txid, MK_ID);
    /* sizes and moments that no sum of ours can overflow */
    return mk_reader_done(&r) && memcmp(magic, "MKH1", 4) == 0 &&
           h->log_size <= INT64_MAX && h->time_ms >= 0 &&
           h->time_ms <= INT64_MAX / 4;
}

void mk_vf_head_empty(struct mk_vf_head *h, const uint8_t store[static MK_ID])
{
    static const uint8_t none[MK_HASH], zero[8];
    const struct mk_part parts[] = {
        {"mk1/stats", 9}, {zero, 8}, {none, MK_HASH}, {none, MK_HASH}};

    *h = (struct mk_vf_head){.epoch = 0};
    memcpy(h->store, store, MK_ID);
    mk_sha256(h->log_root, "", 0);
    mk_sha256(h->dossier_root, "", 0);
    mk_sha256_parts(h->stats_root, parts, 4);
}

void mk_vf_heads_init(struct mk_vf_heads *w,
                      const struct mk_vf_members *members,
                      const struct mk_vf_wants *wants,
                      const struct mk_vf_rows *rows,
                      struct mk_vf_report *report)
{
    *w = (struct mk_vf_heads){
        .members = members, .wants = wants, .report = report, .rows = *rows};
    mk_vf_head_empty(&w->prev, members->store);
}

void mk_vf_heads_release(struct mk_vf_heads *w)
{
    free(w->known);
    w->known = NULL;
    mk_vf_past_release(&w->past);
    mk_vf_named_release(&w->named);
}

static void found(struct mk_vf_heads *w, struct mk_vf_finding f,
                  const struct mk_vf_member *who)
{
    if (who)
        memcpy(f.who, who->name, sizeof who->name);
    mk_vf_found(w->report, &f);
}

static void about(struct mk_vf_heads *w, enum mk_vf_code code,
                  const struct mk_vf_head *h, const struct mk_vf_member *who)
{
    found(w, (struct mk_vf_finding){.code = code, .a = h->log_size}, who);
}

/* ---- register ---- */

static enum mk_err take_row(struct mk_vf_heads *w, const struct mk_vf_row *row,
                            const struct mk_vf_head *h,
                            const struct mk_vf_member *who, bool *restarted)
{
    struct mk_vf_finding pruned;

    switch (row->kind) {
    case MK_VF_ROW_RESTART:
        if (!mk_vf_row_signed(row, w->members, h->serial) ||
            row->epoch != h->epoch ||
            memcmp(row->restored, w->prev_hash, MK_HASH) != 0)
            break;
        uint8_t(*grown)[MK_HASH] =
            realloc(w->known, (w->n_known + 1) * sizeof *grown);
        if (!grown)
            return MK_E_MEMORY;
        w->known = grown;
        memcpy(w->known[w->n_known++], row->known, MK_HASH);
        *restarted = true;
        break;
    case MK_VF_ROW_TERM:
        return mk_vf_past_term(&w->past, row->months, w->max_ms);
    case MK_VF_ROW_PRUNE:
        mk_vf_past_prune(&w->past, row, w->wants, w->prev.log_size, h->time_ms,
                         &pruned);
        found(w, pruned, who);
        break;
    default:
        break;
    }
    return MK_OK;
}

/* The rows that h appends. */
static enum mk_err check_register(struct mk_vf_heads *w,
                                  const struct mk_vf_head *h,
                                  const struct mk_vf_member *who,
                                  bool *restarted)
{
    enum mk_err rc = MK_OK;
    struct mk_vf_row row;
    bool bad = false, allowed = true, named;
    const unsigned roles = who ? mk_vf_roles_at(who, h->serial) : 0;

    *restarted = false;
    while (!w->rows_bad && w->rows.next < h->n_register) {
        if (!mk_vf_row_next(&w->rows, w->members->store, &row, &bad)) {
            found(w,
                  (struct mk_vf_finding){.code = MK_VF_REGISTER_FORM,
                                         .a = row.seq},
                  NULL);
            w->rows_bad = true;
            break;
        }
        w->report->registers++;
        mk_vf_row_chain(w->chain, &row);
        allowed = allowed &&
                  (roles & mk_vf_row_roles(row.kind, w->prev.log_size == 0)) !=
                      0 &&
                  mk_vf_row_is_by(&row, h->actor);
        MK_TRY(mk_vf_named_take(&w->named, &row, h->actor, &named));
        allowed = allowed && named;
        MK_TRY(take_row(w, &row, h, who, restarted));
    }
    if (!allowed || h->n_register < w->prev.n_register)
        about(w, MK_VF_HEAD_REGISTER, h, who);
    if (!w->rows_bad && memcmp(w->chain, h->register_root, MK_HASH) != 0) {
        found(w,
              (struct mk_vf_finding){.code = MK_VF_REGISTER_ROOT,
                                     .a = h->n_register,
                                     .b = h->log_size},
              NULL);
        /* said once: what follows hangs on the same chain */
        w->rows_bad = true;
    }
out:
    return rc;
}

/* ---- the rest of a head ---- */

static bool changed(uint64_t n, const uint8_t *root, uint64_t old,
                    const uint8_t *old_root)
{
    return n != old || memcmp(root, old_root, MK_HASH) != 0;
}

static void check_changes(struct mk_vf_heads *w, const struct mk_vf_head *h,
                          const struct mk_vf_member *who)
{
    const struct mk_vf_head *prev = &w->prev;
    const bool inspector =
        who && (mk_vf_roles_at(who, h->serial) & MK_VF_BIT(MK_VF_INSPECTOR));

    if (changed(h->n_dossiers, h->dossier_root, prev->n_dossiers,
                prev->dossier_root) &&
        (!inspector || h->n_dossiers < prev->n_dossiers))
        about(w, MK_VF_HEAD_DOSSIERS, h, who);
    if (changed(h->n_stats, h->stats_root, prev->n_stats, prev->stats_root) &&
        (!inspector || h->n_stats < prev->n_stats))
        about(w, MK_VF_HEAD_STATS, h, who);
}

static void check_time(struct mk_vf_heads *w, const struct mk_vf_head *h)
{
    const struct mk_vf_finding back = {.code = MK_VF_CLOCK_BACK,
                                       .a = h->log_size,
                                       .t = h->time_ms,
                                       .u = w->latest_ms};

    if (h->time_ms + MK_VF_CLOCK_MS < w->latest_ms) {
        found(w, back, NULL);
        w->latest_ms = h->time_ms; /* each setting back is told once */
    }
    if (h->time_ms > w->latest_ms)
        w->latest_ms = h->time_ms;
    if (h->time_ms > w->max_ms)
        w->max_ms = h->time_ms;
}

static void check_signer(struct mk_vf_heads *w, const struct mk_vf_head *h,
                         const struct mk_vf_member *who, const uint8_t *row)
{
    if (!who) {
        about(w, MK_VF_HEAD_STRANGER, h, NULL);
        return;
    }
    w->report->signatures++;
    if (!mk_sign_ok(row + MK_VF_HEAD, who->sign, "meldkluis/head/v1", row,
                    MK_VF_HEAD))
        about(w, MK_VF_HEAD_SIGNATURE, h, who);
    if (mk_vf_roles_at(who, h->serial) == 0)
        about(w, MK_VF_HEAD_NO_ROLE, h, who);
}

enum mk_err mk_vf_heads_step(struct mk_vf_heads *w,
                             const uint8_t row[static MK_VF_HEAD_ROW],
                             struct mk_vf_head *h,
                             const struct mk_vf_member **who, bool *follows)
{
    enum mk_err rc = MK_OK;
    const struct mk_vf_members *m = w->members;
    bool restarted;

    *who = NULL;
    *follows = false;
    w->report->heads++;
    if (!mk_vf_head_decode(h, row) || memcmp(h->store, m->store, MK_ID) != 0) {
        about(w, MK_VF_HEAD_FORM, h, NULL);
        return MK_OK;
    }
    if (h->log_size <= w->prev.log_size) {
        found(w,
              (struct mk_vf_finding){.code = MK_VF_HEAD_SIZE,
                                     .a = w->prev.log_size,
                                     .b = h->log_size},
              NULL);
        return MK_OK;
    }
    *follows = true;
    *who = mk_vf_member_at(m, h->actor, h->serial);
    check_signer(w, h, *who, row);
    if (h->serial < w->prev.serial || h->serial > m->serial ||
        memcmp(h->members_hash, m->hash[h->serial], MK_HASH) != 0)
        about(w, MK_VF_HEAD_MEMBERS, h, *who);
    check_changes(w, h, *who);
    check_time(w, h);
    MK_TRY(check_register(w, h, *who, &restarted));
    if (h->epoch != w->prev.epoch)
        about(w,
              restarted && h->epoch > w->prev.epoch ? MK_VF_RESTARTED
                                                    : MK_VF_HEAD_EPOCH,
              h, *who);
out:
    return rc;
}

void mk_vf_heads_accept(struct mk_vf_heads *w, const struct mk_vf_head *h,
                        const struct mk_vf_member *who,
                        const uint8_t row[static MK_VF_HEAD_ROW])
{
    if (who)
        mk_vf_past_head(&w->past, mk_vf_roles_at(who, h->serial), h->time_ms);
    w->prev = *h;
    mk_sha256(w->prev_hash, row, MK_VF_HEAD);
}
