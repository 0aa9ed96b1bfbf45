/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A note that is read keeps its text and its lines; a vkey, a checkpoint and
 * the file of a witness's key that are read are written again to the byte; a
 * time stamp that is read was granted over 32 bytes.
 */
#include "core/cosigner_impl.h"
#include "core/tsr.h"
#include "core/words.h"
#include "crypto/note.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static const char vkey_text[] =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

static void vkey(const char *p, size_t n)
{
    struct mk_note_key key;
    char again[MK_VKEY_MAX];

    if (!mk_vkey_parse(&key, p, n))
        return;
    mk_vkey_format(again, &key);
    CLAIM(strlen(again) == n && memcmp(again, p, n) == 0);
}

static void checkpoint(const char *p, size_t n)
{
    struct mk_checkpoint c;
    struct mk_buf again = MK_BUF_INIT;

    if (!mk_checkpoint_parse(&c, p, n))
        return;
    CLAIM(mk_checkpoint_format(&again, &c) == MK_OK);
    CLAIM(again.len == n && memcmp(again.data, p, n) == 0);
    mk_buf_release(&again);
}

static void note(const char *p, size_t n)
{
    struct mk_note_key key;
    struct mk_note note;
    struct mk_buf line = MK_BUF_INIT;
    enum mk_note_verdict verdict;
    uint64_t time;

    if (!mk_note_parse(&note, p, n))
        return;
    CLAIM(note.text == p && note.n_text > 0 && p[note.n_text - 1] == '\n');
    CLAIM(note.lines == p + note.n_text + 1);
    CLAIM(note.n_text + 1 + note.n_lines == n && p[n - 1] == '\n');
    checkpoint(note.text, note.n_text);
    CLAIM(mk_vkey_parse(&key, vkey_text, strlen(vkey_text)));
    verdict = mk_note_verify(&note, &key, &time);
    CLAIM((mk_note_line_of(&line, &note, &key) == MK_OK) ==
          (verdict == MK_NOTE_GOOD));
    CLAIM(memmem(p, n, line.data, line.len) || line.len == 0);
    mk_buf_release(&line);
}

static void key_file(const uint8_t *p, size_t n)
{
    struct mk_cosigner c;
    struct mk_buf again = MK_BUF_INIT;

    if (!mk_cosigner_parse(&c, p, n))
        return;
    CLAIM(mk_argon2_cost_ok(c.cost));
    CLAIM(mk_cosigner_format(&again, &c) == MK_OK);
    CLAIM(again.len == n && memcmp(again.data, p, n) == 0);
    mk_buf_release(&again);
}

static void stamp(const uint8_t *p, size_t n)
{
    static const uint8_t none[MK_HASH];
    struct mk_tsr tsr;

    if (!mk_tsr_read(&tsr, p, n))
        return;
    CLAIM(tsr.granted ? memmem(p, n, tsr.imprint, MK_HASH) && tsr.time >= 0
                      : memcmp(tsr.imprint, none, MK_HASH) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready; /* a test program of one thread */
    if (!ready) {
        CLAIM(mk_crypto_init(NULL) == MK_OK);
        ready = true;
    }
    vkey((const char *)data, size);
    checkpoint((const char *)data, size);
    note((const char *)data, size);
    key_file(data, size);
    stamp(data, size);
    return 0;
}
