/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cosigned checkpoints and time stamps come in. */
#include <string.h>
#include <unistd.h>

#include "core/log_note.h"
#include "core/tx.h"
#include "core/witness_impl.h"
#include "crypto/hash.h"

/* --- checkpoints of this log --- */

enum mk_err mk_witness_log_key(const struct mk_vault *v,
                               struct mk_note_key *out, struct mk_diag *diag)
{
    return mk_log_note_key(v->keyring,
                           mk_keyring_generation(v->keyring, MK_KEY_RL), out)
               ? MK_OK
               : mk_fail(diag, MK_E_INTERNAL, "origin");
}

enum mk_err mk_witness_checkpoint(const struct mk_vault *v,
                                  struct mk_merkle *log, uint64_t size,
                                  struct mk_checkpoint *out,
                                  struct mk_diag *diag)
{
    struct mk_note_key key;
    enum mk_err rc;

    memset(out, 0, sizeof *out);
    MK_TRY(mk_witness_log_key(v, &key, diag));
    if (size == 0 || size > v->head.log_size)
        return mk_fail_at(diag, MK_E_BAD_NUMBER, "size", 0, 1,
                          (int64_t)v->head.log_size);
    memcpy(out->origin, key.name, sizeof out->origin);
    out->size = size;
    rc = mk_merkle_root(log, size, out->root, diag);
out:
    return rc;
}

enum mk_err mk_witness_is_ours(const struct mk_vault *v, struct mk_merkle *log,
                               const struct mk_checkpoint *c,
                               struct mk_diag *diag)
{
    uint8_t root[MK_HASH];
    enum mk_err rc;

    if (c->size == 0)
        return mk_fail(diag, MK_E_SYNTAX, "checkpoint");
    if (c->size > v->head.log_size)
        return mk_fail_at(diag, MK_E_LOG_SHORTER, c->origin, 0,
                          (int64_t)v->head.log_size, (int64_t)c->size);
    rc = mk_merkle_root(log, c->size, root, diag);
    if (rc == MK_OK && memcmp(root, c->root, MK_HASH) != 0)
        rc = mk_fail_at(diag, MK_E_SPLIT, c->origin, 0,
                        (int64_t)v->head.log_size, (int64_t)c->size);
    return rc;
}

/* --- a cosigned checkpoint --- */

static enum mk_err check_log(const struct mk_vault *v,
                             const struct mk_note *note,
                             const struct mk_checkpoint *c,
                             struct mk_note_key *log, struct mk_diag *diag)
{
    if (strcmp(c->origin, mk_keyring_origin(v->keyring)) != 0)
        return mk_fail(diag, MK_E_OTHER_LOG, "checkpoint");
    switch (mk_log_note_verify(v->keyring, note, log)) {
    case MK_NOTE_GOOD:
        break;
    case MK_NOTE_UNSIGNED:
        return mk_fail(diag, MK_E_LOG_KEY, "checkpoint");
    case MK_NOTE_FORGED:
        return mk_fail(diag, MK_E_FORGED, log->name);
    }
    return MK_OK;
}

static enum mk_err check_witnesses(const struct mk_note *note,
                                   const struct mk_witness_state *w, size_t n,
                                   size_t *signers, struct mk_diag *diag)
{
    *signers = 0;
    for (size_t i = 0; i < n; i++) {
        if (!w[i].trusted)
            continue;
        switch (mk_note_verify(note, &w[i].key, NULL)) {
        case MK_NOTE_GOOD:
            ++*signers;
            break;
        case MK_NOTE_UNSIGNED:
            break;
        case MK_NOTE_FORGED:
            return mk_fail(diag, MK_E_FORGED, w[i].key.name);
        }
    }
    return *signers > 0 ? MK_OK : mk_fail(diag, MK_E_NO_WITNESS, "checkpoint");
}

/*
 * The text, the log's line, and of each witness the newest good line of the
 * two notes.  Of the fresh one only lines of those who are trusted now count.
 * Every line is verified again, so a file can grow by no other.
 */
static enum mk_err merge(struct mk_buf *out, const struct mk_note *old,
                         const struct mk_note *fresh,
                         const struct mk_note_key *log,
                         const struct mk_witness_state *w, size_t n)
{
    enum mk_err rc;
    uint64_t was, is;

    MK_TRY(mk_buf_add(out, fresh->text, fresh->n_text));
    MK_TRY(mk_buf_add_str(out, "\n"));
    MK_TRY(mk_note_line_of(out, fresh, log));
    for (size_t i = 0; i < n; i++) {
        const struct mk_note_key *key = &w[i].key;
        const bool has = old != NULL &&
                         mk_note_verify(old, key, &was) == MK_NOTE_GOOD;
        const bool gets = w[i].trusted &&
                          mk_note_verify(fresh, key, &is) == MK_NOTE_GOOD;

        if (gets && (!has || is >= was))
            MK_TRY(mk_note_line_of(out, fresh, key));
        else if (has)
            MK_TRY(mk_note_line_of(out, old, key));
    }
out:
    return rc;
}

/* Merges the note into its file.  Inside a transaction: whoever else takes a
 * note in waits for its end. */
static enum mk_err keep(const struct mk_vault *v, const struct mk_note *fresh,
                        const struct mk_checkpoint *c,
                        const struct mk_note_key *log,
                        const struct mk_witness_state *w, size_t n,
                        struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf there = MK_BUF_INIT, merged = MK_BUF_INIT;
    struct mk_note old;
    bool found;
    struct mk_docs docs = MK_DOCS_NONE;

    MK_TRY(mk_checkpoints_open(&docs, v, true, &found, diag));
    MK_TRY(mk_checkpoints_read(&docs, c->size, &there, &found, diag));
    /* a file with another text, or none, is replaced */
    found = found &&
            mk_note_parse(&old, (const char *)there.data, there.len) &&
            old.n_text == fresh->n_text &&
            memcmp(old.text, fresh->text, old.n_text) == 0;
    MK_TRY(merge(&merged, found ? &old : NULL, fresh, log, w, n));
    MK_TRY(mk_checkpoints_write(&docs, c->size, &merged, diag));
out:
    mk_docs_close(&docs);
    mk_buf_release(&there);
    mk_buf_release(&merged);
    return rc;
}

/* An entry of somebody in whichever role he has. */
static struct mk_log_item entry_of(const struct mk_vault *v,
                                   const struct mk_access *access,
                                   enum mk_audit kind)
{
    struct mk_log_item item = {
        .kind = kind,
        .outcome = access->dry_run ? MK_OUTCOME_DRY_RUN : MK_OUTCOME_DONE,
    };

    for (enum mk_role r = 1; r < MK_ROLE_MAX; r++)
        if ((v->roles & MK_ROLE_BIT(r)) != 0)
            item.role = r;
    return item;
}

enum mk_err mk_witness_take(struct mk_vault *v, const struct mk_access *access,
                            const void *text, size_t n,
                            struct mk_witness_taken *out, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx = {.v = NULL};
    struct mk_witness_state list[MK_WITNESSES];
    struct mk_log_item item = entry_of(v, access, MK_AUDIT_WITNESS_TAKE);
    struct mk_note note;
    struct mk_note_key log;
    size_t count;

    memset(out, 0, sizeof *out);
    if (!mk_note_parse(&note, text, n) ||
        !mk_checkpoint_parse(&out->checkpoint, note.text, note.n_text))
        return mk_fail(diag, MK_E_SYNTAX, "checkpoint");
    item.count = out->checkpoint.size;
    mk_words_of(out->words, note.text, note.n_text);
    MK_TRY(mk_tx_begin(&tx, v, NULL, diag));
    MK_TRY(mk_witness_list(v, list, &count, diag));
    MK_TRY(check_log(v, &note, &out->checkpoint, &log, diag));
    MK_TRY(mk_witness_is_ours(v, tx.log, &out->checkpoint, diag));
    MK_TRY(check_witnesses(&note, list, count, &out->signers, diag));
    if (!access->dry_run)
        MK_TRY(keep(v, &note, &out->checkpoint, &log, list, count, diag));
    MK_TRY(mk_tx_leaf(&tx, &item, diag));
    MK_TRY(mk_tx_commit(&tx, diag));
out:
    mk_tx_abort(&tx);
    return rc;
}

/* --- a time stamp --- */

enum mk_err mk_witness_is_over(const struct mk_tsr *tsr,
                               const struct mk_checkpoint *c, bool *yes)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    uint8_t hash[MK_HASH];

    MK_TRY(mk_checkpoint_format(&text, c));
    mk_sha256(hash, text.data, text.len);
    *yes = memcmp(hash, tsr->imprint, MK_HASH) == 0;
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err keep_stamp(const struct mk_vault *v, uint64_t size,
                              const void *der, size_t n, unsigned *number,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_docs docs;
    bool found;

    MK_TRY(mk_checkpoints_open(&docs, v, true, &found, diag));
    rc = mk_checkpoints_stamp(&docs, size, der, n, number, diag);
    mk_docs_close(&docs);
out:
    return rc;
}

enum mk_err mk_witness_stamp(struct mk_vault *v,
                             const struct mk_access *access, const void *der,
                             size_t n, uint64_t size, struct mk_tsr *out,
                             unsigned *number, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx = {.v = NULL};
    struct mk_checkpoint c;
    struct mk_log_item item = entry_of(v, access, MK_AUDIT_STAMP_TAKE);
    bool ours;

    item.count = size;
    *number = 0;
    if (!mk_tsr_read(out, der, n))
        return mk_fail(diag, MK_E_SYNTAX, "time stamp");
    if (!out->granted)
        return mk_fail(diag, MK_E_STAMP, "time stamp (not granted)");
    MK_TRY(mk_tx_begin(&tx, v, NULL, diag));
    MK_TRY(mk_witness_checkpoint(v, tx.log, size, &c, diag));
    MK_TRY(mk_witness_is_over(out, &c, &ours));
    if (!ours) {
        rc = mk_fail(diag, MK_E_STAMP, "time stamp (of another text)");
        goto out;
    }
    if (!access->dry_run)
        MK_TRY(keep_stamp(v, size, der, n, number, diag));
    MK_TRY(mk_tx_leaf(&tx, &item, diag));
    MK_TRY(mk_tx_commit(&tx, diag));
out:
    mk_tx_abort(&tx);
    return rc;
}
