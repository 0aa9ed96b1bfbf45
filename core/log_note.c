/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/log_note.h"

bool mk_log_note_key(const struct mk_keyring *k, uint32_t generation,
                     struct mk_note_key *out)
{
    uint8_t box[MK_PK], sign[MK_PK];

    return mk_keyring_log_keys_at(k, generation, box, sign) &&
           mk_note_key_make(out, mk_keyring_origin(k), MK_NOTE_ED25519, sign);
}

enum mk_note_verdict mk_log_note_verify(const struct mk_keyring *k,
                                        const struct mk_note *note,
                                        struct mk_note_key *out)
{
    uint32_t newest = mk_keyring_generation(k, MK_KEY_RL);
    enum mk_note_verdict verdict = MK_NOTE_UNSIGNED;
    struct mk_note_key key;

    for (uint32_t g = newest; g > 0; g--) {
        enum mk_note_verdict one;

        if (!mk_log_note_key(k, g, &key))
            continue;
        if (g == newest)
            *out = key;
        one = mk_note_verify(note, &key, NULL);
        if (one == MK_NOTE_GOOD) {
            *out = key;
            return one;
        }
        if (one == MK_NOTE_FORGED)
            verdict = one;
    }
    return verdict;
}
