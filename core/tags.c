/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tags.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"
#include "core/fold.h"
#include "crypto/hash.h"
#include "crypto/kdf.h"

#define TAG 8
#define WORDS 32 /* of a name; more are not looked at */

static int by_word(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* "zoe bergh" and "bergh zoe" are one name: its words in order of spelling. */
static enum mk_err sort_words(struct mk_buf *folded)
{
    enum mk_err rc;
    struct mk_buf sorted = MK_BUF_INIT;
    char *words[WORDS];
    size_t n = 0;
    char *rest = NULL;

    MK_TRY(mk_buf_terminate(folded));
    for (char *w = strtok_r((char *)folded->data, " ", &rest);
         w != NULL && n < WORDS; w = strtok_r(NULL, " ", &rest))
        words[n++] = w;
    qsort(words, n, sizeof *words, by_word);
    for (size_t i = 0; i < n; i++) {
        MK_TRY(mk_buf_add_str(&sorted, words[i]));
        MK_TRY(mk_buf_add_u8(&sorted, ' '));
    }
    mk_buf_take(folded, &sorted);
out:
    mk_buf_release(&sorted);
    return rc;
}

bool mk_person_id(const struct mk_fields *person, uint8_t id[static MK_ID])
{
    static const char label[] = "mk1/person"; /* its NUL is hashed too */
    const struct mk_buf *name = mk_fields_text(person, MK_F_NAME);
    mk_day born = mk_fields_day(person, MK_F_BORN);
    struct mk_buf folded = MK_BUF_INIT;
    char day[MK_DATE_TEXT] = "-";
    uint8_t hash[MK_HASH];
    bool ok;

    ok = name != NULL &&
         mk_fold_search(&folded, name->data, name->len) == MK_OK &&
         folded.len != 0 && sort_words(&folded) == MK_OK;
    if (ok) {
        if (born != MK_DAY_NONE)
            mk_date_format(day, born);
        mk_sha256_parts(hash,
                        (const struct mk_part[]){
                            {label, sizeof label},
                            {folded.data, folded.len},
                            {"", 1},
                            {day, strlen(day)},
                        },
                        4);
        memcpy(id, hash, MK_ID);
    }
    mk_buf_release(&folded);
    return ok;
}

static void tag(uint8_t out[static TAG], const struct mk_secret *ktag,
                const char *kind, const void *p, size_t n)
{
    uint8_t mac[32];

    mk_hmac_sha256(mac, ktag,
                   (const struct mk_part[]){{kind, strlen(kind)}, {p, n}}, 2);
    memcpy(out, mac, TAG);
}

/* `accused` of duiding is the one who makes the duty: the person entered
 * first in that role, as last corrected. */
static enum mk_err accused_id(const struct mk_case *c, bool *found,
                              uint8_t id[static MK_ID])
{
    enum mk_err rc = MK_OK;
    struct mk_fields f;

    *found = false;
    mk_fields_init(&f);
    for (size_t i = 0; i < c->n_events && !*found; i++) {
        if (c->events[i].verb != MK_VERB_PERSOON)
            continue;
        MK_TRY(mk_case_effective(c, i, &f));
        if (mk_fields_code(&f, MK_F_ROLE) == MK_PERSON_ROLE_BES)
            *found = mk_person_id(&f, id);
    }
out:
    mk_fields_release(&f);
    return rc;
}

enum mk_err mk_tags_of_case(const struct mk_secret *ktag,
                            const struct mk_case *c,
                            struct mk_stats_record *record,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_buf *lrk = mk_fields_text(&c->facts, MK_F_LRK_ID);
    uint8_t id[MK_ID];
    bool found;

    record->site_empty = lrk == NULL || lrk->len == 0;
    if (record->site_empty)
        mk_random(record->site, TAG);
    else
        tag(record->site, ktag, "site", lrk->data, lrk->len);
    rc = accused_id(c, &found, id);
    if (rc != MK_OK)
        return mk_fail(diag, rc, NULL);
    record->accused_empty = !found;
    if (found)
        tag(record->accused_tag, ktag, "accused", id, sizeof id);
    else
        mk_random(record->accused_tag, TAG);
    return MK_OK;
}
