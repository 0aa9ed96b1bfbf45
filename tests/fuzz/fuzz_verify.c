/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parsers of meldkluis-verify beside those of the writer, which somebody
 * else wrote: what one takes, the other takes, and reads the same in it.
 * Leaf, head, bundle, checkpoint, cosignature, verifier key, register, key file.
 */
#include "cmd/verify/entries.h"
#include "cmd/verify/head.h"
#include "cmd/verify/key.h"
#include "cmd/verify/leaf.h"
#include "core/head.h"
#include "core/leaf.h"
#include "crypto/merkle.h"
#include "crypto/note.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void leaf(const uint8_t *p, size_t n)
{
    static const uint8_t none[MK_ID];
    const uint8_t *store = n >= 28 ? p + 12 : none;
    struct mk_vf_leaf a;
    struct mk_leaf b;
    const bool good = mk_vf_leaf_parse(&a, p, n, store);

    CLAIM(good == (mk_leaf_parse(&b, p, n, store, NULL) == MK_OK));
    if (!good)
        return;
    CLAIM((unsigned)a.kind == (unsigned)b.kind && a.seq == b.seq);
    CLAIM(memcmp(a.session, b.session, MK_ID) == 0);
    CLAIM(memcmp(a.prev_head, b.prev_head, MK_HASH) == 0);
    if (a.kind == MK_VF_SESSION)
        CLAIM(a.actor == b.rest && a.box == b.rest + MK_ID);
}

static void head(const uint8_t *p, size_t n)
{
    struct mk_vf_head a;
    struct mk_head b;
    uint8_t again[MK_HEAD];

    if (n < MK_VF_HEAD || !mk_vf_head_decode(&a, p))
        return;
    CLAIM(mk_head_decode(&b, p));
    mk_head_encode(&b, again);
    CLAIM(memcmp(again, p, MK_HEAD) == 0);
    CLAIM(a.log_size == b.log_size && a.epoch == b.epoch);
    CLAIM(a.serial == b.keyring_serial && (uint64_t)a.time_ms == b.time_ms);
    CLAIM(a.n_register == b.n_register && a.n_dossiers == b.n_dossiers);
    CLAIM(memcmp(a.actor, b.actor, MK_ID) == 0);
    CLAIM(memcmp(a.log_root, b.log_root, MK_HASH) == 0);
}

/* The hashes are those of the bytes that the lengths cut out. */
static void bundle(const uint8_t *p, size_t n)
{
    static struct mk_vf_entries e; /* some 80 KiB, used up by each call */
    uint8_t *copy = malloc(n ? n : 1);
    uint8_t hash[MK_HASH];

    CLAIM(copy);
    for (unsigned width = 1; width <= MK_VF_WIDTH; width = width * 2 + 1) {
        size_t at = 0;

        memcpy(copy, p, n);
        if (!mk_vf_bundle_parse(&e, copy, n, width))
            continue;
        for (unsigned i = 0; i < width; i++) {
            at += 2;
            mk_merkle_leaf(hash, p + at, e.leaf[i].n);
            CLAIM(memcmp(hash, e.hash[i], MK_HASH) == 0);
            at += e.leaf[i].n;
        }
        CLAIM(at == n);
    }
    free(copy);
}

static void same_signatures(const struct mk_vf_note *a,
                            const struct mk_note *b)
{
    static const enum mk_note_type types[] = {MK_NOTE_ED25519,
                                              MK_NOTE_COSIGNATURE};
    struct mk_vf_key key = {.pk = {1}};
    struct mk_note_key other;
    uint64_t t, u;

    for (size_t i = 0; i < a->n_lines; i++)
        for (size_t j = 0; j < 2; j++) {
            memset(key.name, 0, sizeof key.name);
            memcpy(key.name, a->line[i].name, a->line[i].n_name);
            key.type = (uint8_t)types[j];
            mk_vf_key_id(&key);
            CLAIM(mk_note_key_make(&other, key.name, types[j], key.pk));
            CLAIM(memcmp(key.id, other.id, 4) == 0);
            CLAIM((unsigned)mk_vf_note_by(a, &key, &t) ==
                  (unsigned)mk_note_verify(b, &other, &u));
        }
}

static void note(const uint8_t *p, size_t n)
{
    struct mk_vf_note a;
    struct mk_note b;
    struct mk_checkpoint c;
    const char *text = (const char *)p;
    const bool theirs = mk_note_parse(&b, text, n) &&
                        mk_checkpoint_parse(&c, b.text, b.n_text);

    if (!mk_vf_note_parse(&a, p, n)) {
        CLAIM(!theirs);
        return;
    }
    /* with extension lines a checkpoint of ours is none of theirs */
    CLAIM(mk_note_parse(&b, text, n));
    CLAIM(a.n_text == b.n_text);
    same_signatures(&a, &b);
    if (theirs)
        CLAIM(a.size == c.size && memcmp(a.root, c.root, MK_HASH) == 0 &&
              strcmp(a.origin, c.origin) == 0);
}

static void vkey(const uint8_t *p, size_t n)
{
    struct mk_vf_key a;
    struct mk_note_key b;
    const bool good = mk_vf_key_parse(&a, (const char *)p, n);

    CLAIM(good == mk_vkey_parse(&b, (const char *)p, n));
    if (good)
        CLAIM(strcmp(a.name, b.name) == 0 && a.type == (uint8_t)b.type &&
              memcmp(a.pk, b.pk, MK_PK) == 0);
}

static void base64(const uint8_t *p, size_t n)
{
    uint8_t a[96], b[96];
    size_t n_a, n_b;
    const bool good = mk_vf_unbase64(a, sizeof a, &n_a, (const char *)p, n);

    CLAIM(good == mk_unb64(b, sizeof b, &n_b, (const char *)p, n));
    if (good)
        CLAIM(n_a == n_b && memcmp(a, b, n_a) == 0);
}

static void rows(const uint8_t *p, size_t n)
{
    static const uint8_t none[MK_ID];
    /* the store of the first body */
    const uint8_t *store = n >= 68 ? p + 52 : none;
    struct mk_vf_rows r = {.p = p, .left = n};
    struct mk_vf_row row;
    bool bad;
    uint64_t count = 0;

    while (mk_vf_row_next(&r, store, &row, &bad)) {
        CLAIM(!bad && row.seq == count++);
        CLAIM(row.kind >= 1 && row.kind < MK_VF_ROWS);
    }
    CLAIM(bad || r.left == 0);
}

static void key_file(const uint8_t *p, size_t n)
{
    struct mk_vf_key_file file;

    if (mk_vf_key_file_parse(&file, p, n))
        CLAIM(file.t >= 3 && file.t <= 10 && file.m_kib <= 2097152);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready; /* a test program of one thread */
    if (!ready) {
        CLAIM(mk_crypto_init(NULL) == MK_OK);
        ready = true;
    }
    leaf(data, size);
    head(data, size);
    bundle(data, size);
    note(data, size);
    vkey(data, size);
    base64(data, size);
    rows(data, size);
    key_file(data, size);
    return 0;
}
