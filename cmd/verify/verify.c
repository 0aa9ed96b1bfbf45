/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/verify/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/verify/entries.h"
#include "cmd/verify/outside.h"
#include "cmd/verify/reader.h"

struct run {
    const struct mk_vf_job *job;
    struct mk_vf_report *report;
    struct mk_diag *diag;
    struct mk_buf text, rows;
    struct mk_vf_members members;
    struct mk_vf_note checkpoint; /* borrows from note */
    struct mk_buf note;
    struct mk_vf_outside outside;
    struct mk_vf_wants wants;
    uint64_t pruned; /* the largest that a row claims */
    struct mk_vf_stream stream;
    struct mk_vf_entries entries;
    struct mk_vf_heads heads;
    struct mk_vf_sessions sessions;
    struct mk_vf_reader reader;
    bool reads;      /* with the auditor's key */
    uint64_t unread; /* entries that should be here and could not be read */
};

static void found(struct run *r, enum mk_vf_code code, uint64_t a, uint64_t b)
{
    const struct mk_vf_finding f = {.code = code, .a = a, .b = b};
    mk_vf_found(r->report, &f);
}

static void found_file(struct run *r, enum mk_vf_code code, const char *file)
{
    mk_vf_found_in(r->report, code, file, "");
}

/* ---- what is short ---- */

/* *has: it is there; else that is in the report. */
static enum mk_err load(struct run *r, struct mk_buf *out, const char *name,
                        size_t max, bool *has)
{
    enum mk_vf_file what;
    enum mk_err rc;

    *has = false;
    MK_TRY(mk_vf_load(&what, out, r->job->dir, name, max, r->diag));
    *has = what == MK_VF_READ;
    if (what == MK_VF_ABSENT)
        found_file(r, MK_VF_FILE_MISSING, name);
    else if (what == MK_VF_STRANGE)
        found_file(r, MK_VF_FILE_STRANGE, name);
out:
    return rc;
}

static enum mk_err load_members(struct run *r, bool *good)
{
    enum mk_err rc;
    struct mk_vf_finding f = {.code = MK_VF_MEMBERS};

    MK_TRY(load(r, &r->text, "members", MK_VF_MEMBERS_MAX, good));
    if (!*good)
        goto out;
    rc = mk_vf_members_parse(&r->members, r->text.data, r->text.len);
    if (rc != MK_OK)
        return mk_fail(r->diag, rc, "members");
    r->report->statements = r->members.serial;
    if (r->members.why) {
        f.a = r->members.serial + 1;
        f.why[0] = mk_vf_why_text(r->members.why, false);
        f.why[1] = mk_vf_why_text(r->members.why, true);
        mk_vf_found(r->report, &f);
    }
    /* with the key of the log the rest can be judged */
    *good = r->members.n_log_keys > 0;
    memcpy(r->report->store, r->members.store, MK_ID);
    memcpy(r->report->origin, r->members.origin, sizeof r->report->origin);
out:
    return rc;
}

/* What is exported now is signed with the newest key of the log. */
static const struct mk_vf_log_key *newest_key(const struct run *r)
{
    return &r->members.log_key[r->members.n_log_keys - 1];
}

static void check_signature(struct run *r)
{
    struct mk_vf_key key = {.type = MK_VF_KEY_PLAIN};
    struct mk_vf_finding f = {.code = MK_VF_CHECKPOINT_ORIGIN};

    if (strcmp(r->checkpoint.origin, r->members.origin) != 0) {
        memcpy(f.who, r->checkpoint.origin, sizeof r->checkpoint.origin);
        mk_vf_found(r->report, &f);
        return;
    }
    memcpy(key.name, r->checkpoint.origin, sizeof key.name);
    memcpy(key.pk, newest_key(r)->sign, MK_PK);
    mk_vf_key_id(&key);
    r->report->signatures++;
    if (mk_vf_note_by(&r->checkpoint, &key, NULL) != MK_VF_SIGNED)
        found(r, MK_VF_CHECKPOINT_SIGNATURE, 0, 0);
}

/* The checkpoint, before all else: without it this is no export. */
static enum mk_err load_checkpoint(struct run *r, bool *good)
{
    enum mk_vf_file what;
    enum mk_err rc;

    MK_TRY(mk_vf_load(&what, &r->note, r->job->dir, "checkpoint",
                      MK_VF_NOTE_MAX, r->diag));
    if (what == MK_VF_ABSENT)
        return mk_fail(r->diag, MK_E_NO_EXPORT, "checkpoint");
    *good = what == MK_VF_READ &&
            mk_vf_note_parse(&r->checkpoint, r->note.data, r->note.len);
    if (!*good)
        found(r, MK_VF_CHECKPOINT_FORM, 0, 0);
    r->report->size = r->checkpoint.size;
    memcpy(r->report->root, r->checkpoint.root, MK_HASH);
out:
    return rc;
}

static enum mk_err check_vkey(struct run *r)
{
    enum mk_err rc;
    struct mk_vf_key key;
    bool has;

    MK_TRY(load(r, &r->text, "vkey", 512, &has));
    if (has && (!mk_vf_key_file(&key, r->text.data, r->text.len) ||
                key.type != MK_VF_KEY_PLAIN ||
                strcmp(key.name, r->members.origin) != 0 ||
                memcmp(key.pk, newest_key(r)->sign, MK_PK) != 0))
        found(r, MK_VF_VKEY, 0, 0);
out:
    return rc;
}

/* How many rows of the register the heads up to the checkpoint speak of. */
static enum mk_err count_rows(struct run *r, uint64_t *n)
{
    enum mk_err rc;
    enum mk_vf_file what;
    struct mk_vf_head h;
    const uint8_t *head;

    *n = 0;
    MK_TRY(mk_vf_stream_open(&r->stream, &what, r->job->dir, "heads",
                             MK_VF_HEAD_ROW, r->diag));
    for (;;) {
        MK_TRY(mk_vf_stream_next(&r->stream, &head, r->diag));
        if (!head || !mk_vf_head_decode(&h, head))
            break;
        if (h.log_size <= r->checkpoint.size && h.n_register > *n)
            *n = h.n_register;
    }
out:
    mk_vf_stream_close(&r->stream);
    return rc;
}

/* A first look at the register: who is a witness, what may be gone.  What
 * of it is true the heads will tell; of rows behind theirs nobody says it. */
static enum mk_err look_at_rows(struct run *r)
{
    enum mk_err rc;
    struct mk_vf_rows rows;
    struct mk_vf_row row;
    uint64_t signed_rows;
    bool has, bad;

    MK_TRY(count_rows(r, &signed_rows));
    MK_TRY(load(r, &r->rows, "register", MK_VF_REGISTER_MAX, &has));
    rows = (struct mk_vf_rows){.p = r->rows.data, .left = r->rows.len};
    while (mk_vf_row_next(&rows, r->members.store, &row, &bad)) {
        if (row.kind == MK_VF_ROW_WITNESS && row.trusted)
            MK_TRY(mk_vf_outside_trust(&r->outside, &row.key,
                                       row.seq < signed_rows));
        if (row.kind != MK_VF_ROW_PRUNE || row.seq >= signed_rows)
            continue;
        MK_TRY(mk_vf_wants_add(&r->wants, row.size));
        if (row.size % MK_VF_WIDTH == 0 && row.size > r->pruned)
            r->pruned = row.size;
    }
out:
    return rc == MK_E_MEMORY ? mk_fail(r->diag, rc, "register") : rc;
}

static enum mk_err look_outside(struct run *r)
{
    enum mk_err rc = MK_OK;
    const struct mk_vf_job *job = r->job;

    MK_TRY(mk_vf_outside_given(&r->outside, job->witness, job->n_witnesses,
                               job->since, &r->members, r->report, r->diag));
    MK_TRY(mk_vf_outside_stored(&r->outside, job->dir, &r->members, r->report,
                                r->diag));
    MK_TRY(mk_vf_outside_wants(&r->outside, &r->wants));
    mk_vf_wants_sort(&r->wants);
out:
    return rc == MK_E_MEMORY ? mk_fail(r->diag, rc, "checkpoints") : rc;
}

/* ---- the walk ---- */

/* A session is opened once, signed by who signs the head; an entry belongs to
 * one that he opened. */
static void check_session(struct run *r, const struct mk_vf_leaf *leaf,
                          const struct mk_vf_place *at)
{
    struct mk_vf_session *s = mk_vf_session_find(&r->sessions, leaf->session);

    if (leaf->kind == MK_VF_SESSION) {
        r->report->signatures++;
        if (s)
            found(r, MK_VF_SESSION_TWICE, leaf->seq, 0);
        if (memcmp(leaf->actor, at->head->actor, MK_ID) != 0)
            found(r, MK_VF_ENTRY_SESSION, leaf->seq, 0);
        if (!at->who || !mk_vf_leaf_signed(leaf, at->who->sign))
            found(r, MK_VF_SESSION_SIGNATURE, leaf->seq, 0);
        s = mk_vf_session_add(&r->sessions, leaf->session, leaf->actor);
    } else if (!s || memcmp(s->actor, at->head->actor, MK_ID) != 0) {
        found(r, MK_VF_ENTRY_SESSION, leaf->seq, 0);
    }
    if (!s)
        r->unread++;
    if (!r->reads || !s)
        return;
    const size_t index = (size_t)(s - r->sessions.v);
    switch (leaf->kind) {
    case MK_VF_SESSION:
        mk_vf_reader_session(&r->reader, leaf, s, index, at);
        break;
    case MK_VF_ENTRY:
        mk_vf_reader_entry(&r->reader, leaf, s, index, at);
        break;
    case MK_VF_UNLOCK:
        mk_vf_reader_unlock(&r->reader, leaf);
        break;
    }
}

/* at NULL: no head signs it. */
static void check_leaf(struct run *r, const uint8_t *p, size_t n,
                       const struct mk_vf_place *at)
{
    struct mk_vf_leaf leaf;
    const uint64_t seq = r->entries.at - 1;

    if (!mk_vf_leaf_parse(&leaf, p, n, r->members.store)) {
        found(r, MK_VF_ENTRY_FORM, seq, 0);
        r->unread++;
        return;
    }
    if (leaf.seq != seq)
        found(r, MK_VF_ENTRY_PLACE, seq, leaf.seq);
    leaf.seq = seq;
    if (!at) {
        r->unread++;
        return;
    }
    if (memcmp(leaf.prev_head, r->heads.prev_hash, MK_HASH) != 0)
        found(r, MK_VF_ENTRY_CHAIN, seq, 0);
    check_session(r, &leaf, at);
}

/* Entries up to size.  *more false: they cannot be had. */
static enum mk_err walk_to(struct run *r, uint64_t size,
                           const struct mk_vf_place *at, bool *more)
{
    enum mk_err rc = MK_OK;
    const uint8_t *leaf;
    size_t n;

    *more = true;
    while (r->entries.tree.size < size) {
        MK_TRY(mk_vf_entries_next(&r->entries, more, &leaf, &n, r->diag));
        if (!*more)
            break;
        if (leaf)
            check_leaf(r, leaf, n, at);
        else if (r->entries.at > r->pruned)
            r->unread++;
        mk_vf_wants_grown(&r->wants, &r->entries.tree);
    }
out:
    return rc;
}

/* One head, and the entries that it is the first to cover. */
static enum mk_err step(struct run *r, const uint8_t *row, bool *more)
{
    enum mk_err rc;
    struct mk_vf_head h;
    struct mk_vf_place at = {.head = &h};
    uint8_t root[MK_HASH], hash[MK_HASH];
    bool follows;

    *more = true;
    rc = mk_vf_heads_step(&r->heads, row, &h, &at.who, &follows);
    if (rc != MK_OK)
        return mk_fail(r->diag, rc, "heads");
    if (!follows)
        return MK_OK;
    at.since_ms = r->heads.prev.log_size > 0 ? r->heads.prev.time_ms
                                             : h.time_ms;
    at.since_serial = r->heads.prev.serial > 0 ? r->heads.prev.serial
                                               : h.serial;
    MK_TRY(walk_to(r, h.log_size, &at, more));
    if (!*more)
        goto out;
    if (r->reads)
        mk_vf_reader_head(&r->reader, &r->heads.prev, &at,
                          r->heads.prev.log_size >= r->pruned);
    mk_vf_tree_root(&r->entries.tree, root);
    if (memcmp(root, h.log_root, MK_HASH) != 0)
        found(r, MK_VF_HEAD_ROOT, h.log_size, 0);
    mk_sha256(hash, row, MK_VF_HEAD);
    mk_vf_wants_signed(&r->wants, h.log_size, hash);
    if (at.who && mk_vf_past_confirms(mk_vf_roles_at(at.who, h.serial)))
        mk_vf_wants_confirmed(&r->wants, h.log_size, r->heads.max_ms);
    mk_vf_heads_accept(&r->heads, &h, at.who, row);
out:
    return rc;
}

/* Heads as far as the checkpoint goes; what goes on behind it is counted. */
static enum mk_err walk_heads(struct run *r, bool *more)
{
    enum mk_err rc = MK_OK;
    const uint64_t size = r->checkpoint.size;
    struct mk_vf_head peek;
    const uint8_t *row;
    uint64_t later = 0;

    *more = true;
    for (;;) {
        MK_TRY(mk_vf_stream_next(&r->stream, &row, r->diag));
        if (!row)
            break;
        const bool is_head = mk_vf_head_decode(&peek, row);
        if (is_head && peek.log_size > size) {
            later++;
            continue;
        }
        MK_TRY(step(r, row, more));
        if (!*more)
            goto out;
        if (!is_head) /* it has said so; a hole would have no end */
            break;
    }
    mk_vf_named_end(&r->heads.named, r->report);
    if (later > 0)
        found(r, MK_VF_LATER, later, 0);
    if (r->heads.prev.log_size < size)
        found(r, later > 0 ? MK_VF_HEADS_SPLIT : MK_VF_HEADS_SHORT,
              r->heads.prev.log_size, size);
out:
    return rc;
}

static enum mk_err walk(struct run *r)
{
    enum mk_err rc;
    enum mk_vf_file what;
    bool more;
    uint8_t root[MK_HASH];
    const struct mk_vf_rows rows = {.p = r->rows.data, .left = r->rows.len};

    mk_vf_entries_init(&r->entries, r->job->dir, r->report, r->checkpoint.size,
                       r->pruned);
    mk_vf_heads_init(&r->heads, &r->members, &r->wants, &rows, r->report);
    rc = mk_vf_sessions_init(&r->sessions);
    if (rc != MK_OK)
        return mk_fail(r->diag, rc, "heads");
    mk_vf_wants_grown(&r->wants, &r->entries.tree);
    MK_TRY(mk_vf_stream_open(&r->stream, &what, r->job->dir, "heads",
                             MK_VF_HEAD_ROW, r->diag));
    if (what != MK_VF_READ)
        found_file(
            r, what == MK_VF_ABSENT ? MK_VF_FILE_MISSING : MK_VF_FILE_STRANGE,
            "heads");
    MK_TRY(walk_heads(r, &more));
    /* what no head signs counts for the root all the same */
    if (more)
        MK_TRY(walk_to(r, r->checkpoint.size, NULL, &more));
    if (!more)
        goto out;
    MK_TRY(mk_vf_entries_end(&r->entries, r->diag));
    mk_vf_tree_root(&r->entries.tree, root);
    if (memcmp(root, r->checkpoint.root, MK_HASH) != 0)
        found(r, MK_VF_CHECKPOINT_ROOT, 0, 0);
out:
    return rc;
}

/* ---- all of it ---- */

static enum mk_err begin_reading(struct run *r)
{
    enum mk_err rc;

    if (!r->job->secret)
        return MK_OK;
    rc = mk_vf_reader_init(&r->reader, &r->members, r->report, r->job->secret,
                           &r->reads);
    return rc == MK_OK ? rc : mk_fail(r->diag, rc, "key");
}

static void conclude(struct run *r)
{
    const bool whole = r->entries.tree.size == r->checkpoint.size;

    /* `heads` may have been another file at the first look */
    if (whole && r->heads.past.pruned < r->pruned)
        found(r, MK_VF_BUNDLE_MISSING, r->heads.past.pruned, r->pruned - 1);
    if (whole)
        mk_vf_outside_judge(&r->outside, &r->wants, &r->heads,
                            r->checkpoint.size, r->report);
    else
        found(r, MK_VF_COMPLETE_BROKEN, 0, 0);
    if (!r->reads)
        found(r, MK_VF_ALLOWED_OPEN, 0, 0);
    else if (whole && r->unread == 0)
        mk_vf_reader_end(&r->reader);
    else
        found(r, MK_VF_ALLOWED_BROKEN, 0, 0);
    found(r, MK_VF_INTACT_YES, r->entries.tree.size, r->report->heads);
}

static enum mk_err judge(struct run *r)
{
    enum mk_err rc;
    bool good = false, members = false;

    MK_TRY(load_checkpoint(r, &good));
    MK_TRY(load_members(r, &members));
    if (!good || !members) {
        found(r, MK_VF_COMPLETE_BROKEN, 0, 0);
        found(r, MK_VF_ALLOWED_BROKEN, 0, 0);
        goto out;
    }
    check_signature(r);
    MK_TRY(check_vkey(r));
    MK_TRY(look_at_rows(r));
    MK_TRY(look_outside(r));
    MK_TRY(begin_reading(r));
    MK_TRY(walk(r));
    conclude(r);
out:
    return rc;
}

static void release(struct run *r)
{
    mk_vf_stream_close(&r->stream);
    mk_vf_reader_release(&r->reader);
    mk_vf_sessions_release(&r->sessions);
    mk_vf_heads_release(&r->heads);
    mk_vf_entries_release(&r->entries);
    mk_vf_wants_release(&r->wants);
    mk_vf_outside_release(&r->outside);
    mk_vf_members_release(&r->members);
    mk_buf_release(&r->note);
    mk_buf_release(&r->rows);
    mk_buf_release(&r->text);
    free(r);
}

enum mk_err mk_vf_judge(const struct mk_vf_job *job,
                        struct mk_vf_report *report, struct mk_diag *diag)
{
    /* some 200 KiB of buffers: too much for a stack */
    struct run *r = calloc(1, sizeof *r);
    enum mk_err rc;

    memset(report, 0, sizeof *report);
    if (!r)
        return mk_fail(diag, MK_E_MEMORY, "export");
    r->job = job;
    r->report = report;
    r->diag = diag;
    r->stream.fd = -1;
    rc = judge(r);
    release(r);
    return rc;
}
