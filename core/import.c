/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/access.h"
#include "core/base/clock.h"
#include "core/replay.h"

struct import {
    struct mk_vault *v;
    uint8_t txid[MK_ID];
    struct mk_csv csv;
    struct mk_replay_header header;
    struct mk_replay_who who;
    struct mk_tx tx;
    bool partial, dry_run;
    mk_import_report *report;
    void *report_ctx;
    struct mk_import_result *out;
};

static enum mk_err log_intake(struct import *im,
                              const uint8_t id[static MK_ID],
                              struct mk_diag *diag)
{
    struct mk_log_item item = {
        .role = MK_ROLE_INSPECTOR,
        .kind = MK_AUDIT_INTAKE,
        .outcome = MK_OUTCOME_DONE,
        .purpose = MK_PURPOSE_BEH,
        .verb = MK_VERB_MELDING,
        .count = 1,
    };

    memcpy(item.object, id, MK_ID);
    return mk_tx_leaf(&im->tx, &item, diag);
}

/* *tag gets the tag of the row's reference; *has false without one. */
static enum mk_err check_ref(struct import *im, const struct mk_fields *row,
                             uint8_t tag[static MK_ID], bool *has,
                             struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    const struct mk_buf *ref = mk_fields_text(row, MK_F_REF);
    uint64_t ordinal;
    bool found;

    *has = ref != NULL && ref->len != 0;
    if (!*has)
        goto out;
    MK_TRY(mk_sealed_ref_tag(im->v, ref->data, ref->len, tag, diag));
    MK_TRY(mk_dossier_find_ref(im->v->store, tag, &found, &ordinal, diag));
    if (found)
        rc = mk_fail_at(diag, MK_E_REF_TAKEN, "ref", im->csv.line, 0, 0);
out:
    return rc;
}

static enum mk_err take_row(struct import *im, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_case c;
    struct mk_fields row;
    struct mk_diag warning = MK_DIAG_INIT;
    uint8_t ref_tag[MK_ID];
    uint8_t id[MK_ID];
    bool has_ref;
    bool odd_dates;

    mk_case_init(&c);
    mk_fields_init(&row);
    MK_TRY(mk_replay_row(&c, &row, &im->header, &im->csv, &im->who, &odd_dates,
                         diag));
    MK_TRY(check_ref(im, &row, ref_tag, &has_ref, diag));
    if (odd_dates) {
        im->out->warnings++;
        (void)mk_fail_at(&warning, MK_E_BREACH, "row", im->csv.line, 0, 0);
        MK_TRY(im->report(im->report_ctx, &warning, true, NULL, 0));
    }
    /* Rows behind a refused one are still inserted: a reference that occurs
     * twice in the file is found by that, and all of it is undone later. */
    rc = mk_sealed_insert(&im->tx, &c, has_ref ? ref_tag : NULL, id, diag);
    if (rc == MK_OK)
        rc = log_intake(im, id, diag);
    /* A row that is half inserted cannot be left out any more. */
    if (mk_err_is_refusal(rc))
        rc = mk_fail(diag, MK_E_INTERNAL, "row");
    if (rc == MK_OK)
        im->out->imported++;
out:
    mk_case_release(&c);
    mk_fields_release(&row);
    return rc;
}

static enum mk_err take_rows(struct import *im, struct mk_diag *diag)
{
    enum mk_err rc;
    bool more;

    for (;;) {
        rc = mk_csv_next(&im->csv, &more, diag);
        if (rc == MK_OK && !more)
            return MK_OK;
        if (rc != MK_OK && rc != MK_E_BAD_UTF8)
            return rc;
        im->out->rows++;
        if (rc == MK_OK)
            rc = take_row(im, diag);
        if (rc != MK_OK && !mk_err_is_refusal(rc))
            return rc;
        if (rc != MK_OK) {
            im->out->refused++;
            MK_TRY(im->report(im->report_ctx, diag, false, im->csv.raw.data,
                              im->csv.raw.len));
            *diag = (struct mk_diag)MK_DIAG_INIT;
        }
        if (im->v->where.progress != NULL && im->out->rows % 500 == 0)
            im->v->where.progress(im->v->where.progress_ctx, "import",
                                  im->out->rows, 0);
    }
out:
    return rc;
}

static enum mk_err read_header(struct import *im, struct mk_diag *diag)
{
    enum mk_err rc;
    bool more;

    MK_TRY(mk_csv_next(&im->csv, &more, diag));
    if (!more) {
        rc = mk_fail_at(diag, MK_E_SYNTAX, "header row", 1, 0, 0);
        goto out;
    }
    MK_TRY(mk_replay_header(&im->header, &im->csv, diag));
out:
    return rc;
}

static enum mk_err finish(struct import *im, struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_log_item item = {
        .role = MK_ROLE_INSPECTOR,
        .kind = MK_AUDIT_IMPORT,
        .outcome = MK_OUTCOME_DONE,
        .purpose = MK_PURPOSE_BEH,
        .count = im->out->imported,
    };

    if (im->out->refused != 0 && !im->partial) {
        im->out->imported = 0;
        return mk_fail_at(diag, MK_E_ROWS, "file", 0,
                          (int64_t)im->out->refused, 0);
    }
    if (im->dry_run)
        return MK_OK;
    MK_TRY(mk_tx_leaf(&im->tx, &item, diag));
    MK_TRY(mk_tx_commit(&im->tx, diag));
out:
    if (rc != MK_OK)
        im->out->imported = 0;
    return rc;
}

/* Another is wanted only before the first row was read. */
static enum mk_err try_import(struct mk_vault *v, void *what, unsigned *tries,
                              struct mk_written *written, struct mk_diag *diag)
{
    enum mk_err rc;
    struct import *im = what;

    (void)written;
    im->who = (struct mk_replay_who){
        .actor = v->my_id,
        .time_ms = mk_clock_now(),
        .settings = &v->settings,
    };
    im->who.today = mk_date_amsterdam(im->who.time_ms);
    if (*tries == 0)
        MK_TRY(read_header(im, diag));
    MK_TRY(mk_tx_begin(&im->tx, v, im->txid, diag));
    *tries = MK_ACCESS_TRIES; /* the rows are read once */
    MK_TRY(take_rows(im, diag));
    MK_TRY(finish(im, diag));
out:
    mk_tx_abort(&im->tx);
    return rc;
}

enum mk_err mk_import(struct mk_vault *v, const struct mk_access *access,
                      mk_read_more *read, void *read_ctx, bool partial,
                      mk_import_report *report, void *report_ctx,
                      struct mk_import_result *out, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_diag own = MK_DIAG_INIT;
    struct mk_written written = {.seq = 0};
    struct import im = {
        .v = v,
        .partial = partial,
        .dry_run = access->dry_run,
        .report = report,
        .report_ctx = report_ctx,
        .out = out,
    };

    if (diag == NULL)
        diag = &own;
    *out = (struct mk_import_result){.rows = 0};
    mk_csv_init(&im.csv, read, read_ctx);
    /* A refusal tells whether a reference is in the vault: entry first. */
    MK_TRY(mk_access_ask_many(v, access, MK_ROLE_INSPECTOR, MK_AUDIT_IMPORT, 0,
                              diag));
    mk_access_txid(v, access, MK_VERB_NONE, NULL, &written, im.txid);
    memcpy(out->request, written.request, MK_ID);
    rc = mk_access_write(v, access, im.txid, v->my_id, try_import, &im,
                         &written, diag);
    out->repeated = written.repeated;
out:
    if (rc != MK_OK)
        out->imported = 0;
    mk_csv_release(&im.csv);
    return rc;
}
