/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/cosigner.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/cosigner_impl.h"
#include "core/store/outside.h"

/* An export's checkpoint, taken apart. */
struct shown {
    struct mk_buf text;
    struct mk_note note; /* borrows from text */
    struct mk_checkpoint c;
};

static enum mk_err read_checkpoint(int export, struct shown *s,
                                   struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(mk_outside_read(export, "checkpoint", MK_NOTE_MAX, &s->text, diag));
    if (!mk_note_parse(&s->note, (const char *)s->text.data, s->text.len) ||
        !mk_checkpoint_parse(&s->c, s->note.text, s->note.n_text) ||
        s->c.size == 0 || s->c.size >= MK_TILE_LEAVES)
        rc = mk_fail(diag, MK_E_SYNTAX, "checkpoint");
out:
    return rc;
}

/* The key that the export itself names, for the first time. */
static enum mk_err read_vkey(int export, struct mk_note_key *out,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;

    MK_TRY(mk_outside_read(export, "vkey", MK_VKEY_MAX, &text, diag));
    if (text.len > 0 && text.data[text.len - 1] == '\n')
        text.len--;
    if (!mk_vkey_parse(out, (const char *)text.data, text.len) ||
        out->type != MK_NOTE_ED25519)
        rc = mk_fail(diag, MK_E_SYNTAX, "vkey");
out:
    mk_buf_release(&text);
    return rc;
}

/*
 * Whose signature the checkpoint must carry, and that it does.  A key that was
 * given counts more than the one remembered: the log may have a new one, and
 * somebody compared its words.  What was seen has to go on all the same.
 */
static enum mk_err check_log(int export, const struct shown *s,
                             const struct mk_cosigner_seen *seen,
                             const struct mk_note_key *wanted,
                             struct mk_note_key *log, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    if (wanted != NULL)
        *log = *wanted;
    else if (seen->found)
        *log = seen->log;
    else
        MK_TRY(read_vkey(export, log, diag));
    if (log->type != MK_NOTE_ED25519 || strcmp(log->name, s->c.origin) != 0)
        return mk_fail(diag, MK_E_LOG_KEY, s->c.origin);
    switch (mk_note_verify(&s->note, log, NULL)) {
    case MK_NOTE_GOOD:
        break;
    case MK_NOTE_UNSIGNED:
        rc = mk_fail(diag, MK_E_LOG_KEY, s->c.origin);
        break;
    case MK_NOTE_FORGED:
        rc = mk_fail(diag, MK_E_FORGED, s->c.origin);
        break;
    }
out:
    return rc;
}

static enum mk_err against(enum mk_err err, const struct shown *s,
                           const struct mk_checkpoint *before,
                           struct mk_diag *diag)
{
    return mk_fail_at(diag, err, s->c.origin, 0, (int64_t)s->c.size,
                      (int64_t)before->size);
}

/*
 * Tiles that do not even make the root they are to make are a damaged copy.
 * Only hashes that are proven to stand under that root say what the log was
 * when it had the size that we have seen; if it was something else, there are
 * two logs.
 */
static enum mk_err check_tree(struct mk_merkle *tree, const struct shown *s,
                              const struct mk_checkpoint *before,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t root[MK_HASH], proof[MK_MERKLE_CONSISTENCY][MK_HASH];
    size_t n;

    MK_TRY(mk_merkle_root(tree, s->c.size, root, diag));
    if (memcmp(root, s->c.root, MK_HASH) != 0)
        return mk_fail(diag, MK_E_COPY, "tile");
    if (before == NULL || before->size == s->c.size)
        return MK_OK;
    MK_TRY(
        mk_merkle_consistency(tree, before->size, s->c.size, proof, &n, diag));
    MK_TRY(mk_merkle_root(tree, before->size, root, diag));
    if (!mk_merkle_consistency_ok(before->size, s->c.size,
                                  (const uint8_t(*)[MK_HASH])proof, n, root,
                                  s->c.root))
        rc = mk_fail(diag, MK_E_COPY, "tile");
    else if (memcmp(root, before->root, MK_HASH) != 0)
        rc = against(MK_E_SPLIT, s, before, diag);
out:
    return rc == MK_E_DAMAGED ? mk_fail(diag, MK_E_COPY, "tile") : rc;
}

/* Does it continue what was seen?  before: NULL on first use. */
static enum mk_err check_continues(int export, const struct shown *s,
                                   const struct mk_checkpoint *before,
                                   struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tile_rows tiles;
    struct mk_merkle_rows rows;
    struct mk_merkle *tree = NULL;

    if (before != NULL && s->c.size < before->size)
        return against(MK_E_LOG_SHORTER, s, before, diag);
    if (before != NULL && s->c.size == before->size &&
        memcmp(s->c.root, before->root, MK_HASH) != 0)
        return against(MK_E_SPLIT, s, before, diag);
    mk_tile_rows_init(&tiles, &rows, export, s->c.size);
    MK_TRY(mk_merkle_open(&tree, &rows, s->c.size));
    rc = check_tree(tree, s, before, diag);
out:
    mk_merkle_close(tree);
    mk_tile_rows_release(&tiles);
    return rc;
}

/* The text with the log's line: lines of others are theirs to show. */
static enum mk_err bare_note(const struct shown *s,
                             const struct mk_note_key *log, struct mk_buf *out)
{
    enum mk_err rc;

    mk_buf_clear(out);
    MK_TRY(mk_buf_add(out, s->note.text, s->note.n_text));
    MK_TRY(mk_buf_add_str(out, "\n"));
    MK_TRY(mk_note_line_of(out, &s->note, log));
out:
    return rc;
}

static enum mk_err judge(const struct mk_cosigner *c, int export,
                         const struct shown *s,
                         const struct mk_note_key *wanted,
                         struct mk_cosigned *out, struct mk_diag *diag)
{
    enum mk_err rc, kept;
    struct mk_cosigner_seen seen;
    int lock = -1;

    MK_TRY(mk_cosigner_recall(&seen, &lock, c->state, s->c.origin, diag));
    out->first_use = !seen.found;
    out->before = seen.found ? seen.checkpoint.size : 0;
    MK_TRY(check_log(export, s, &seen, wanted, &out->log, diag));
    rc =
        check_continues(export, s, seen.found ? &seen.checkpoint : NULL, diag);
    if (rc == MK_E_SPLIT) {
        /* the refusal stands, also where the disk is full */
        kept = mk_cosigner_keep(c->state, s->c.origin, s->c.size, s->text.data,
                                s->text.len, NULL);
        (void)kept;
    }
    if (rc != MK_OK)
        goto out;
    MK_TRY(bare_note(s, &out->log, &out->note));
    out->new_key = seen.found && memcmp(seen.log.pk, out->log.pk, MK_PK) != 0;
    if (!seen.found || out->new_key || s->c.size > seen.checkpoint.size)
        MK_TRY(mk_cosigner_remember(c->state, &out->log, s->c.origin,
                                    out->note.data, out->note.len, diag));
    MK_TRY(mk_note_sign(&out->note, &c->key, c->sign, s->note.text,
                        s->note.n_text, (uint64_t)(mk_clock_now() / 1000)));
out:
    if (lock >= 0)
        close(lock);
    return rc;
}

enum mk_err mk_cosigner_sign(const struct mk_cosigner *c, int export,
                             const struct mk_note_key *log,
                             struct mk_cosigned *out, struct mk_diag *diag)
{
    enum mk_err rc;
    struct shown s = {.text = MK_BUF_INIT};

    memset(out, 0, sizeof *out);
    if (c->sign == NULL)
        return mk_fail(diag, MK_E_KEY_LOCKED, c->key.name);
    MK_TRY(read_checkpoint(export, &s, diag));
    out->checkpoint = s.c;
    MK_TRY(judge(c, export, &s, log, out, diag));
out:
    mk_buf_release(&s.text);
    return rc;
}

enum mk_err mk_cosigner_put(const struct mk_cosigner *c, int export,
                            const struct mk_cosigned *cosigned,
                            char name[static MK_COSIGNER_NAME],
                            struct mk_diag *diag)
{
    char id[2 * MK_NOTE_KEY_ID + 1];

    mk_hex(id, c->key.id, MK_NOTE_KEY_ID);
    snprintf(name, MK_COSIGNER_NAME, "witness-%" PRIu64 "-%s.note",
             cosigned->checkpoint.size, id);
    return mk_outside_write(export, name, cosigned->note.data,
                            cosigned->note.len, diag);
}
