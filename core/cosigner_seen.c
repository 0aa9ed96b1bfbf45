/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a witness remembers of each log. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/cosigner_impl.h"
#include "core/store/file.h"
#include "crypto/hash.h"

#define NAME 64
#define SEEN_MAX (MK_VKEY_MAX + MK_NOTE_MAX)
#define LOCK_WAIT_MS 10000u

static void name_of(char out[static NAME], const char *origin,
                    const char *suffix)
{
    uint8_t hash[MK_HASH];

    mk_sha256(hash, origin, strlen(origin));
    mk_hex(out, hash, MK_ID);
    snprintf(out + (size_t)2 * MK_ID, NAME - (size_t)2 * MK_ID, "%s", suffix);
}

/* It carries the log's own signature, so it says itself whether it is whole. */
static bool parse(struct mk_cosigner_seen *out, const char *origin,
                  const char *text, size_t n)
{
    const char *end = memchr(text, '\n', n);
    struct mk_note note;

    return end != NULL &&
           mk_vkey_parse(&out->log, text, (size_t)(end - text)) &&
           out->log.type == MK_NOTE_ED25519 &&
           mk_note_parse(&note, end + 1, n - (size_t)(end + 1 - text)) &&
           mk_checkpoint_parse(&out->checkpoint, note.text, note.n_text) &&
           strcmp(out->checkpoint.origin, origin) == 0 &&
           mk_note_verify(&note, &out->log, NULL) == MK_NOTE_GOOD;
}

enum mk_err mk_cosigner_recall(struct mk_cosigner_seen *out, int *lock,
                               int state, const char *origin,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    char name[NAME];
    struct mk_buf text = MK_BUF_INIT;

    memset(out, 0, sizeof *out);
    *lock = -1;
    name_of(name, origin, ".lock");
    MK_TRY(mk_file_lock(lock, state, name, LOCK_WAIT_MS, diag));
    name_of(name, origin, ".log");
    rc = mk_file_read(state, name, SEEN_MAX, &text, diag);
    if (rc == MK_E_NOT_FOUND) {
        rc = MK_OK;
        goto out;
    }
    if (rc != MK_OK)
        goto out;
    out->found = true;
    if (!parse(out, origin, (const char *)text.data, text.len))
        rc = mk_fail(diag, MK_E_DAMAGED, "checkpoint seen last");
out:
    mk_buf_release(&text);
    return rc;
}

enum mk_err mk_cosigner_remember(int state, const struct mk_note_key *log,
                                 const char *origin, const void *note,
                                 size_t n, struct mk_diag *diag)
{
    enum mk_err rc;
    char name[NAME], vkey[MK_VKEY_MAX];
    struct mk_buf text = MK_BUF_INIT;

    name_of(name, origin, ".log");
    mk_vkey_format(vkey, log);
    MK_TRY(mk_buf_addf(&text, "%s\n", vkey));
    MK_TRY(mk_buf_add(&text, note, n));
    MK_TRY(mk_file_replace(state, name, text.data, text.len, diag));
out:
    mk_buf_release(&text);
    return rc;
}

enum mk_err mk_cosigner_keep(int state, const char *origin, uint64_t size,
                             const void *note, size_t n, struct mk_diag *diag)
{
    char name[NAME], suffix[32];

    snprintf(suffix, sizeof suffix, ".split-%" PRIu64, size);
    name_of(name, origin, suffix);
    return mk_file_replace(state, name, note, n, diag);
}
