/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/export.h"

#include <string.h>

#include "core/access.h"
#include "core/log_note.h"
#include "crypto/sign.h"

/* ---- the folder as it is found ---- */

/* A line, as mk_export_put takes it; its length. */
static size_t vkey_line(char out[static MK_VKEY_MAX + 1],
                        const struct mk_note_key *key)
{
    size_t n;

    mk_vkey_format(out, key);
    n = strlen(out);
    out[n++] = '\n';
    return n;
}

/* Is it one that this log ever had?  newest: the one of now. */
static bool is_ours(const struct mk_export *e, const struct mk_buf *text,
                    bool *newest)
{
    const struct mk_keyring *k = e->v->keyring;
    uint32_t last = mk_keyring_generation(k, MK_KEY_RL);
    char vkey[MK_VKEY_MAX + 1];
    struct mk_note_key key;

    for (uint32_t g = last; g > 0; g--) {
        if (!mk_log_note_key(k, g, &key) || text->len != vkey_line(vkey, &key))
            continue;
        *newest = g == last;
        if (memcmp(text->data, vkey, text->len) == 0)
            return true;
    }
    return false;
}

static enum mk_err look_at_key(struct mk_export *e, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    bool found;
    bool newest = false;

    rc = mk_export_get(&e->dir, "vkey", MK_VKEY_MAX, &found, &text, diag);
    if (rc == MK_E_TOO_LARGE)
        rc = mk_fail(diag, MK_E_OTHER_EXPORT, "export");
    if (rc != MK_OK)
        goto out;
    if (!found) {
        MK_TRY(mk_export_dir_empty(&e->dir, &e->is_new, diag));
        if (!e->is_new)
            rc = mk_fail(diag, MK_E_NOT_EXPORT, "export");
    } else if (!is_ours(e, &text, &newest)) {
        rc = mk_fail(diag, MK_E_OTHER_EXPORT, "export");
    }
    e->new_key = !found || !newest;
out:
    mk_buf_release(&text);
    return rc;
}

/* The checkpoint of an earlier export, signed by this log. */
static enum mk_err look_at_checkpoint(struct mk_export *e,
                                      struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_note note;
    struct mk_note_key signer;
    bool found;

    MK_TRY(mk_export_get(&e->dir, "checkpoint", MK_NOTE_MAX, &found, &text,
                         diag));
    if (found &&
        (!mk_note_parse(&note, (const char *)text.data, text.len) ||
         mk_log_note_verify(e->v->keyring, &note, &signer) != MK_NOTE_GOOD ||
         !mk_checkpoint_parse(&e->old, note.text, note.n_text) ||
         strcmp(e->old.origin, e->key.name) != 0 || e->old.size == 0))
        rc = mk_fail(diag, MK_E_TAMPERED, "export (checkpoint)");
out:
    mk_buf_release(&text);
    return rc;
}

/* What the folder holds is the beginning of what will be added. */
static enum mk_err look_at_past(struct mk_export *e, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    const struct mk_head *h = &e->v->head;
    uint8_t proof[MK_MERKLE_CONSISTENCY][MK_HASH];
    struct mk_merkle *tree;
    size_t n;
    bool same = false;

    if (e->old.size == 0)
        return MK_OK;
    if (e->old.size == h->log_size) {
        same = memcmp(e->old.root, h->log_root, MK_HASH) == 0;
    } else if (e->old.size < h->log_size) {
        MK_TRY(mk_tree_get(e->v, MK_TREE_LOG, &tree, diag));
        MK_TRY(mk_merkle_consistency(tree, e->old.size, h->log_size, proof, &n,
                                     diag));
        same = mk_merkle_consistency_ok(e->old.size, h->log_size, proof, n,
                                        e->old.root, h->log_root);
    }
    if (!same)
        rc = mk_fail_at(diag, MK_E_NOT_PREFIX, "export", 0,
                        (int64_t)h->log_size, (int64_t)e->old.size);
out:
    return rc;
}

/* ---- writing ---- */

static enum mk_err put_key(struct mk_export *e, struct mk_diag *diag)
{
    char vkey[MK_VKEY_MAX + 1];
    size_t n = vkey_line(vkey, &e->key);

    return mk_export_put(&e->dir, "vkey", vkey, n, diag);
}

static enum mk_err put_checkpoint(struct mk_export *e, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT, lines = MK_BUF_INIT;
    struct mk_secret *seed = NULL, *sign = NULL;
    struct mk_checkpoint now = {.size = e->v->head.log_size};
    uint8_t pk[MK_PK];

    memcpy(now.origin, e->key.name, sizeof now.origin);
    memcpy(now.root, e->v->head.log_root, MK_HASH);
    seed = mk_secret_part(e->v->keys[MK_KEY_RL], MK_KEY, MK_KEY);
    if (seed == NULL) {
        rc = mk_fail(diag, MK_E_MEMORY, NULL);
        goto out;
    }
    MK_TRY(mk_sign_key(&sign, pk, seed));
    if (memcmp(pk, e->key.pk, MK_PK) != 0) {
        rc = mk_fail(diag, MK_E_TAMPERED, "log-key");
        goto out;
    }
    MK_TRY(mk_checkpoint_format(&text, &now));
    MK_TRY(mk_note_sign(&lines, &e->key, sign, (const char *)text.data,
                        text.len, 0));
    MK_TRY(mk_buf_add_u8(&text, '\n'));
    MK_TRY(mk_buf_add(&text, lines.data, lines.len));
    rc = mk_export_put(&e->dir, "checkpoint", text.data, text.len, diag);
out:
    mk_secret_free(sign);
    mk_secret_free(seed);
    mk_buf_release(&lines);
    mk_buf_release(&text);
    return rc;
}

static enum mk_err write_all(struct mk_export *e, struct mk_diag *diag)
{
    enum mk_err rc;

    /* first of all: from here on the folder says whose it is */
    if (e->is_new)
        MK_TRY(put_key(e, diag));
    MK_TRY(mk_export_people(e, diag));
    MK_TRY(mk_export_register(e, diag));
    MK_TRY(mk_export_log(e, diag));
    MK_TRY(mk_export_kept(e, diag));
    MK_TRY(mk_export_sync(&e->dir, diag));
    if (e->new_key && !e->is_new) /* the log has another key by now */
        MK_TRY(put_key(e, diag));
    MK_TRY(put_checkpoint(e, diag));
    MK_TRY(mk_export_sync(&e->dir, diag));
    MK_TRY(mk_export_tidy(e, diag));
out:
    return rc;
}

/* ---- the command ---- */

static enum mk_err may_export(const struct mk_vault *v, struct mk_diag *diag)
{
    if (v->store == NULL)
        return mk_fail(diag, MK_E_LOCKED, NULL);
    /* not mk_vault_need: a vault that was put back may be written out */
    if (v->me == NULL || (v->roles & MK_ROLE_BIT(MK_ROLE_AUDITOR)) == 0)
        return mk_fail(diag, MK_E_NO_ROLE, mk_role_slug(MK_ROLE_AUDITOR));
    return MK_OK;
}

static enum mk_err announce(struct mk_vault *v, const struct mk_access *access,
                            struct mk_diag *diag)
{
    const struct mk_log_item item = {
        .role = MK_ROLE_AUDITOR,
        .kind = MK_AUDIT_LOG_EXPORT,
        .outcome = access->dry_run ? MK_OUTCOME_DRY_RUN : MK_OUTCOME_ASKED,
        .purpose = mk_access_purpose(access, MK_ROLE_AUDITOR),
    };

    mk_access_afresh(v);
    return mk_log_now(v, &item, diag);
}

/* In a vault that was put back the mark cannot vouch: all heads are proven. */
static enum mk_err begin(struct mk_vault *v, struct mk_diag *diag)
{
    if (v->suspect != MK_OK) {
        mk_access_afresh(v);
        mk_head_empty(&v->head, mk_keyring_store(v->keyring));
        memset(v->head_hash, 0, MK_HASH);
    }
    return mk_snapshot_begin(v, diag);
}

static enum mk_err look(struct mk_export *e, struct mk_diag *diag)
{
    enum mk_err rc;

    if (!mk_log_note_key(e->v->keyring,
                         mk_keyring_generation(e->v->keyring, MK_KEY_RL),
                         &e->key))
        return mk_fail(diag, MK_E_INTERNAL, "origin");
    e->is_new = e->dir.root < 0;
    if (e->is_new)
        return MK_OK;
    MK_TRY(mk_export_dir_lock(&e->dir, diag));
    MK_TRY(look_at_key(e, diag));
    MK_TRY(look_at_checkpoint(e, diag));
out:
    return rc;
}

enum mk_err mk_log_export(struct mk_vault *v, const struct mk_access *access,
                          int dir, struct mk_export_report *report,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_export e = {.v = v, .report = report};
    bool in_snapshot = false;

    *report = (struct mk_export_report){.log_size = 0};
    mk_export_dir_init(&e.dir, dir);
    MK_TRY(may_export(v, diag));
    MK_TRY(look(&e, diag));
    if (v->suspect == MK_OK)
        MK_TRY(announce(v, access, diag));
    MK_TRY(begin(v, diag));
    in_snapshot = true;
    MK_TRY(look_at_past(&e, diag));
    report->log_size = v->head.log_size;
    report->old_size = e.old.size;
    memcpy(report->log_root, v->head.log_root, MK_HASH);
    if (!access->dry_run)
        MK_TRY(write_all(&e, diag));
    report->files = e.dir.files;
out:
    if (in_snapshot)
        mk_snapshot_end(v);
    mk_export_dir_release(&e.dir);
    return rc;
}
