/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far witnesses have come. */
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/log_note.h"
#include "core/witness_impl.h"

/* Seconds by which two good clocks may differ. */
#define CLOCKS_DIFFER 300

/* Whose good lines a note has, and when each was made (times, 0: none); false
 * for a note with none, or with a forged one. */
static bool lines_of(const struct mk_note *note,
                     const struct mk_witness_report *r,
                     uint64_t times[static MK_WITNESSES])
{
    bool any = false;

    for (size_t i = 0; i < r->n; i++) {
        switch (mk_note_verify(note, &r->w[i].key, &times[i])) {
        case MK_NOTE_GOOD:
            any = true;
            break;
        case MK_NOTE_UNSIGNED:
            break;
        case MK_NOTE_FORGED:
            return false;
        }
    }
    return any;
}

/* What one file says.  Only with the log's own signature it says anything, and
 * only with a witness's it is held against this vault.  Sizes come in falling
 * order, so the first one of a witness is his newest. */
static enum mk_err look(struct mk_vault *v, struct mk_merkle *log,
                        const struct mk_buf *text, uint64_t size,
                        struct mk_witness_report *r, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_note note;
    struct mk_checkpoint c;
    struct mk_note_key signer;
    uint64_t times[MK_WITNESSES] = {0};

    if (!mk_note_parse(&note, (const char *)text->data, text->len) ||
        !mk_checkpoint_parse(&c, note.text, note.n_text) || c.size != size ||
        strcmp(c.origin, r->log.name) != 0 ||
        mk_log_note_verify(v->keyring, &note, &signer) != MK_NOTE_GOOD ||
        !lines_of(&note, r, times)) {
        r->damaged++;
        return MK_OK;
    }
    MK_TRY(mk_witness_is_ours(v, log, &c, diag));
    for (size_t i = 0; i < r->n; i++) {
        if (times[i] == 0 || r->w[i].size != 0)
            continue;
        r->w[i].size = size;
        r->w[i].time = (int64_t)times[i];
    }
out:
    return rc;
}

static enum mk_err look_at_note(struct mk_vault *v, struct mk_merkle *log,
                                const struct mk_docs *docs, uint64_t size,
                                struct mk_buf *text,
                                struct mk_witness_report *r,
                                struct mk_diag *diag)
{
    bool found;
    enum mk_err rc = mk_checkpoints_read(docs, size, text, &found, diag);

    if (rc == MK_E_TOO_LARGE)
        mk_buf_clear(text); /* no note of ours */
    else if (rc != MK_OK || !found)
        return rc;
    return look(v, log, text, size, r, diag);
}

/* A stamp that is over no checkpoint of this vault proves nothing of it, of a
 * size that it never had neither. */
static enum mk_err look_at_stamp(struct mk_vault *v, struct mk_merkle *log,
                                 const struct mk_docs *docs,
                                 const struct mk_checkpoints_file *file,
                                 struct mk_buf *der,
                                 struct mk_witness_report *r,
                                 struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_checkpoint c;
    struct mk_tsr tsr;
    bool found;
    bool ours = false;

    rc = mk_checkpoints_stamp_read(docs, file->size, file->number, der, &found,
                                   diag);
    if (rc == MK_E_TOO_LARGE)
        mk_buf_clear(der);
    else if (rc != MK_OK || !found)
        return rc;
    rc = MK_OK;
    if (file->size <= v->head.log_size &&
        mk_tsr_read(&tsr, der->data, der->len) && tsr.granted) {
        MK_TRY(mk_witness_checkpoint(v, log, file->size, &c, diag));
        MK_TRY(mk_witness_is_over(&tsr, &c, &ours));
    }
    if (!ours) {
        r->damaged++;
        goto out;
    }
    r->stamps++;
    if (r->n_stamp < MK_STAMPS_TOLD)
        r->stamp[r->n_stamp++] = (struct mk_witness_stamp){
            .size = file->size, .number = file->number, .time = tsr.time};
out:
    return rc;
}

/* Every file: one that contradicts may be of any size. */
static enum mk_err look_at_all(struct mk_vault *v, struct mk_merkle *log,
                               struct mk_witness_report *r,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf files = MK_BUF_INIT, text = MK_BUF_INIT;
    struct mk_checkpoints_file file;
    struct mk_docs docs;
    bool found;

    MK_TRY(mk_checkpoints_open(&docs, v, false, &found, diag));
    if (!found)
        return MK_OK;
    MK_TRY(mk_checkpoints_list(&docs, &files, diag));
    for (size_t at = 0; at < files.len; at += sizeof file) {
        memcpy(&file, files.data + at, sizeof file);
        if (file.number == 0)
            MK_TRY(look_at_note(v, log, &docs, file.size, &text, r, diag));
        else
            MK_TRY(look_at_stamp(v, log, &docs, &file, &text, r, diag));
    }
out:
    mk_docs_close(&docs);
    mk_buf_release(&files);
    mk_buf_release(&text);
    return rc;
}

/* Seconds since 1970 of the first head. */
static enum mk_err log_began(struct mk_vault *v, int64_t *out,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_walk *walk = NULL;
    struct mk_head_row row;
    struct mk_head first;
    bool more;

    *out = 0;
    MK_TRY(mk_walk_heads(&walk, v->store, 0, diag));
    MK_TRY(mk_walk_head(walk, &more, &row, diag));
    if (more && mk_head_decode(&first, row.body))
        *out = (int64_t)(first.time_ms / 1000);
out:
    mk_walk_close(walk);
    return rc;
}

static enum mk_err sum_up(struct mk_vault *v, struct mk_witness_report *r,
                          struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    const int64_t latest = mk_clock_now() / 1000 + CLOCKS_DIFFER;
    uint64_t dated = 0; /* entries that since is about */

    for (size_t i = 0; i < r->n; i++) {
        struct mk_witness_state *w = &r->w[i];

        w->ahead = w->size != 0 && w->time > latest;
        if (!w->trusted)
            continue;
        r->n_trusted++;
        if (w->size > r->covered)
            r->covered = w->size;
        if (w->size != 0 && !w->ahead &&
            (w->size > dated || (w->size == dated && w->time > r->since))) {
            dated = w->size;
            r->since = w->time;
        }
    }
    if (dated == 0)
        MK_TRY(log_began(v, &r->since, diag));
out:
    return rc;
}

static enum mk_err show(struct mk_vault *v, struct mk_merkle *log,
                        uint64_t size, struct mk_witness_report *r,
                        struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;

    if (size == 0)
        size = r->covered != 0 ? r->covered : r->log_size;
    MK_TRY(mk_witness_checkpoint(v, log, size, &r->checkpoint, diag));
    MK_TRY(mk_checkpoint_format(&text, &r->checkpoint));
    mk_words_of(r->words, text.data, text.len);
out:
    mk_buf_release(&text);
    return rc;
}

enum mk_err mk_witness_report(struct mk_vault *v, uint64_t size,
                              struct mk_witness_report *out,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_merkle *log;

    memset(out, 0, sizeof *out);
    if (v->me == NULL || v->suspect != MK_OK)
        return mk_fail(diag, v->me == NULL ? MK_E_LOCKED : v->suspect, "head");
    rc = mk_snapshot_begin(v, diag);
    if (rc != MK_OK)
        return rc;
    MK_TRY(mk_witness_log_key(v, &out->log, diag));
    MK_TRY(mk_witness_list(v, out->w, &out->n, diag));
    MK_TRY(mk_tree_get(v, MK_TREE_LOG, &log, diag));
    out->log_size = v->head.log_size;
    MK_TRY(look_at_all(v, log, out, diag));
    MK_TRY(sum_up(v, out, diag));
    MK_TRY(show(v, log, size, out, diag));
out:
    mk_snapshot_end(v);
    return rc;
}
