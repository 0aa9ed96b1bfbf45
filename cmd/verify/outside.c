/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/verify/outside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/verify/files.h"
#include "core/base/buf.h"
#include "core/base/bytes.h"
#include "crypto/sign.h"

#define MARK (4 + MK_VF_HEAD_ROW)

void mk_vf_outside_release(struct mk_vf_outside *o)
{
    free(o->v);
    free(o->trusted);
    *o = (struct mk_vf_outside){.n = 0};
}

static enum mk_err add(struct mk_vf_outside *o, const struct mk_vf_view *view)
{
    if (o->n == o->cap) {
        const size_t cap = o->cap > 0 ? 2 * o->cap : 8;
        struct mk_vf_view *grown = realloc(o->v, cap * sizeof *grown);
        if (!grown)
            return MK_E_MEMORY;
        o->v = grown;
        o->cap = cap;
    }
    o->v[o->n++] = *view;
    return MK_OK;
}

static bool same_key(const struct mk_vf_key *a, const struct mk_vf_key *b)
{
    return a->type == b->type && memcmp(a->pk, b->pk, MK_PK) == 0 &&
           strcmp(a->name, b->name) == 0;
}

enum mk_err mk_vf_outside_trust(struct mk_vf_outside *o,
                                const struct mk_vf_key *key, bool proven)
{
    struct mk_vf_trusted *grown;

    /* once each: every one costs a check of every signature under its name */
    for (size_t i = 0; i < o->n_trusted; i++)
        if (same_key(&o->trusted[i].key, key)) {
            o->trusted[i].proven = o->trusted[i].proven || proven;
            return MK_OK;
        }
    if (o->n_trusted == MK_VF_TRUSTED_MAX)
        return MK_OK; /* a register of such a length is nobody's */
    grown = realloc(o->trusted, (o->n_trusted + 1) * sizeof *grown);
    if (!grown)
        return MK_E_MEMORY;
    o->trusted = grown;
    o->trusted[o->n_trusted++] =
        (struct mk_vf_trusted){.key = *key, .proven = proven};
    return MK_OK;
}

/* ---- what is given ---- */

/* Signed by the log, with whichever of its keys: what was kept is older than
 * the newest. */
static bool by_log(const struct mk_vf_note *note,
                   const struct mk_vf_members *m)
{
    struct mk_vf_key key = {.type = MK_VF_KEY_PLAIN};
    bool yes = false;

    snprintf(key.name, sizeof key.name, "%s", m->origin);
    for (size_t i = m->n_log_keys; i > 0 && !yes; i--) {
        memcpy(key.pk, m->log_key[i - 1].sign, MK_PK);
        mk_vf_key_id(&key);
        yes = mk_vf_note_by(note, &key, NULL) == MK_VF_SIGNED;
    }
    return yes;
}

static bool is_of_log(const uint8_t pk[static MK_PK],
                      const struct mk_vf_members *m)
{
    bool yes = false;

    for (size_t i = 0; i < m->n_log_keys; i++)
        yes = yes || memcmp(pk, m->log_key[i].sign, MK_PK) == 0;
    return yes;
}

static void take_note(struct mk_vf_view *v, const struct mk_vf_note *note,
                      const struct mk_vf_members *m,
                      struct mk_vf_report *report)
{
    v->size = note->size;
    memcpy(v->root, note->root, MK_HASH);
    if (strcmp(note->origin, m->origin) != 0) {
        mk_vf_found_in(report, MK_VF_WITNESS_LOG, v->file, note->origin);
        return;
    }
    v->by_log = by_log(note, m);
    if (!v->by_log)
        mk_vf_found_in(report, MK_VF_WITNESS_SIGNATURE, v->file, "");
    v->known = v->by_log;
}

static void take_mark(struct mk_vf_view *v, const uint8_t *p,
                      const struct mk_vf_members *m,
                      struct mk_vf_report *report)
{
    struct mk_vf_head h;
    const struct mk_vf_member *who;
    char hex[2 * MK_ID + 1];

    v->source = MK_VF_IS_MARK;
    if (!mk_vf_head_decode(&h, p)) {
        mk_vf_found_in(report, MK_VF_WITNESS_FORM, v->file, "");
        return;
    }
    if (memcmp(h.store, m->store, MK_ID) != 0) {
        mk_hex(hex, h.store, MK_ID);
        mk_vf_found_in(report, MK_VF_WITNESS_LOG, v->file, hex);
        return;
    }
    /* serials beyond what these members have: an older export */
    who = mk_vf_member_at(m, h.actor, h.serial);
    if (!who || !mk_sign_ok(p + MK_VF_HEAD, who->sign, "meldkluis/head/v1", p,
                            MK_VF_HEAD)) {
        mk_vf_found_in(report, MK_VF_MARK_SIGNATURE, v->file, "");
        return;
    }
    v->known = true;
    v->size = h.log_size;
    v->time_ms = h.time_ms;
    memcpy(v->root, h.log_root, MK_HASH);
    mk_sha256(v->head, p, MK_VF_HEAD);
    snprintf(v->who, sizeof v->who, "%s", who->name);
}

/* Two exports both have a `checkpoint`: the whole path, or its end. */
static void name_as_typed(struct mk_vf_view *v, const char *path)
{
    const size_t n = strlen(path);

    if (n < sizeof v->file)
        snprintf(v->file, sizeof v->file, "%s", path);
    else
        snprintf(v->file, sizeof v->file, "...%s",
                 path + n - (sizeof v->file - 4));
}

static enum mk_err take_given(struct mk_vf_outside *o,
                              const struct mk_vf_given_file *file, bool since,
                              const struct mk_vf_members *m,
                              struct mk_vf_report *report,
                              struct mk_diag *diag)
{
    struct mk_vf_view v = {.source = since ? MK_VF_IS_SINCE : MK_VF_IS_NOTE};
    struct mk_vf_note note;
    const void *p = file->text.data;
    const size_t n = file->text.len;

    name_as_typed(&v, file->path);
    if (!since && n == MARK && memcmp(p, "MKM1", 4) == 0) {
        take_mark(&v, (const uint8_t *)p + 4, m, report);
    } else if (!since && mk_vf_key_file(&v.key, p, n)) {
        v.source = MK_VF_IS_KEY;
        snprintf(v.who, sizeof v.who, "%s", v.key.name);
        v.is_self = is_of_log(v.key.pk, m);
        if (v.is_self)
            mk_vf_found_in(report, MK_VF_WITNESS_SELF, v.file, "");
    } else if (mk_vf_note_parse(&note, p, n)) {
        take_note(&v, &note, m, report);
    } else {
        return mk_fail(diag, MK_E_VERIFY_WITNESS, file->path);
    }
    o->given = o->n + 1;
    return add(o, &v);
}

/* ---- what the export holds ---- */

/* The cosignatures of note by the keys that were given, and by those that the
 * vault names. */
static void cosigned(struct mk_vf_outside *o, const struct mk_vf_note *note,
                     const char *file, const struct mk_vf_members *m,
                     struct mk_vf_report *report)
{
    const bool of_log = by_log(note, m);
    uint64_t time_s;
    enum mk_vf_signed by;

    for (size_t i = 0; i < o->given; i++) {
        struct mk_vf_view *v = &o->v[i];

        if (v->source != MK_VF_IS_KEY || v->is_self)
            continue;
        by = mk_vf_note_by(note, &v->key, &time_s);
        if (by == MK_VF_FORGED)
            mk_vf_found_in(report, MK_VF_COSIGNATURE_FORGED, file,
                           v->key.name);
        if (by != MK_VF_SIGNED || (v->known && note->size < v->size))
            continue;
        v->known = true;
        v->by_log = of_log;
        v->size = note->size;
        v->time_ms = (int64_t)time_s * 1000;
        memcpy(v->root, note->root, MK_HASH);
    }
    for (size_t i = 0; i < o->n_trusted; i++) {
        const struct mk_vf_key *key = &o->trusted[i].key;

        if (!o->trusted[i].proven)
            continue;
        by = mk_vf_note_by(note, key, NULL);
        if (by == MK_VF_FORGED)
            mk_vf_found_in(report, MK_VF_COSIGNATURE_FORGED, file, key->name);
        if (by == MK_VF_SIGNED && note->size > o->confirmed)
            o->confirmed = note->size;
    }
}

enum mk_err mk_vf_outside_given(struct mk_vf_outside *o,
                                const struct mk_vf_given_file *witness,
                                size_t n, const struct mk_vf_given_file *since,
                                const struct mk_vf_members *m,
                                struct mk_vf_report *report,
                                struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_vf_note note;

    for (size_t i = 0; i < n; i++)
        MK_TRY(take_given(o, &witness[i], false, m, report, diag));
    if (since)
        MK_TRY(take_given(o, since, true, m, report, diag));
    /* every key is known now: the cosignatures of each note */
    for (size_t i = 0; i < n; i++)
        if (o->v[i].source == MK_VF_IS_NOTE &&
            mk_vf_note_parse(&note, witness[i].text.data,
                             witness[i].text.len) &&
            strcmp(note.origin, m->origin) == 0)
            cosigned(o, &note, o->v[i].file, m, report);
out:
    return rc;
}

/* name is the size, or NULL for the newest checkpoint. */
static enum mk_err stored_one(struct mk_vf_outside *o, int dir,
                              const uint64_t *size, struct mk_buf *text,
                              const struct mk_vf_members *m,
                              struct mk_vf_report *report,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    enum mk_vf_file what;
    struct mk_vf_view v = {.source = MK_VF_IS_STORED};
    struct mk_vf_note note;

    if (size)
        snprintf(v.file, sizeof v.file, "checkpoints/%llu",
                 (unsigned long long)*size);
    else
        snprintf(v.file, sizeof v.file, "checkpoint");
    MK_TRY(mk_vf_load(&what, text, dir, v.file, MK_VF_NOTE_MAX, diag));
    if (what != MK_VF_READ ||
        !mk_vf_note_parse(&note, text->data, text->len)) {
        if (size) /* of `checkpoint` the verdict intact says so */
            mk_vf_found_in(report, MK_VF_WITNESS_FORM, v.file, "");
        goto out;
    }
    if (size && note.size != *size) {
        mk_vf_found_in(report, MK_VF_WITNESS_FORM, v.file, "");
        goto out;
    }
    if (size)
        take_note(&v, &note, m, report);
    cosigned(o, &note, v.file, m, report);
    if (v.known)
        rc = add(o, &v);
out:
    return rc;
}

/* A note that a witness put beside the checkpoint which he was shown. */
static enum mk_err note_of_witness(struct mk_vf_outside *o, int dir,
                                   const char *name, struct mk_buf *text,
                                   const struct mk_vf_members *m,
                                   struct mk_vf_report *report,
                                   struct mk_diag *diag)
{
    enum mk_err rc;
    enum mk_vf_file what;
    struct mk_vf_view v = {.source = MK_VF_IS_STORED};
    struct mk_vf_note note;

    snprintf(v.file, sizeof v.file, "%s", name);
    MK_TRY(mk_vf_load(&what, text, dir, name, MK_VF_NOTE_MAX, diag));
    if (what != MK_VF_READ ||
        !mk_vf_note_parse(&note, text->data, text->len)) {
        mk_vf_found_in(report, MK_VF_WITNESS_FORM, v.file, "");
        goto out;
    }
    if (strcmp(note.origin, m->origin) != 0)
        goto out; /* a stick may carry those of other logs */
    take_note(&v, &note, m, report);
    cosigned(o, &note, v.file, m, report);
    if (v.known)
        rc = add(o, &v);
out:
    return rc;
}

/* The keys in `witnesses` are some that a custodian named. */
static enum mk_err check_witnesses(const struct mk_vf_outside *o, int dir,
                                   struct mk_buf *text,
                                   struct mk_vf_report *report,
                                   struct mk_diag *diag)
{
    enum mk_err rc;
    enum mk_vf_file what;
    struct mk_vf_key key;
    const char *at, *end;

    MK_TRY(mk_vf_load(&what, text, dir, "witnesses", MK_VF_NOTE_MAX, diag));
    if (what == MK_VF_STRANGE)
        mk_vf_found_in(report, MK_VF_WITNESSES, "witnesses", "?");
    at = (const char *)text->data;
    end = at + text->len;
    while (what == MK_VF_READ && at < end) {
        const char *lf = memchr(at, '\n', (size_t)(end - at));
        const size_t n = lf ? (size_t)(lf - at) : (size_t)(end - at);
        bool named = false;

        if (mk_vf_key_parse(&key, at, n))
            for (size_t i = 0; i < o->n_trusted; i++)
                named = named || same_key(&key, &o->trusted[i].key);
        if (!named)
            mk_vf_found_in(report, MK_VF_WITNESSES, "witnesses",
                           key.name[0] ? key.name : "?");
        at += n + 1;
    }
out:
    return rc;
}

enum mk_err mk_vf_outside_stored(struct mk_vf_outside *o, int dir,
                                 const struct mk_vf_members *m,
                                 struct mk_vf_report *report,
                                 struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    uint64_t *sizes = NULL;
    struct mk_vf_note_name *notes = NULL;
    size_t n;

    MK_TRY(
        mk_vf_numbers(&sizes, &n, dir, "checkpoints", MK_VF_STORED_MAX, diag));
    for (size_t i = 0; i < n; i++)
        MK_TRY(stored_one(o, dir, &sizes[i], &text, m, report, diag));
    MK_TRY(stored_one(o, dir, NULL, &text, m, report, diag));
    MK_TRY(mk_vf_note_names(&notes, &n, dir, MK_VF_STORED_MAX, diag));
    for (size_t i = 0; i < n; i++)
        MK_TRY(note_of_witness(o, dir, notes[i].text, &text, m, report, diag));
    MK_TRY(check_witnesses(o, dir, &text, report, diag));
out:
    free(sizes);
    free(notes);
    mk_buf_release(&text);
    return rc;
}

enum mk_err mk_vf_outside_wants(const struct mk_vf_outside *o,
                                struct mk_vf_wants *wants)
{
    enum mk_err rc = MK_OK;

    for (size_t i = 0; i < o->n; i++)
        if (o->v[i].known)
            MK_TRY(mk_vf_wants_add(wants, o->v[i].size));
out:
    return rc;
}
