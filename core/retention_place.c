/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the retention keys lie.  In the folder of the vault each copy of that
 * folder takes them along; elsewhere, destruction reaches the copies, too.
 *
 * retention.place, in the folder of the vault, readable:
 *
 *   meldkluis-key-places: 1
 *   place: /a/folder
 *   place: /another/folder
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/destruction.h"
#include "core/retention.h"
#include "core/server.h"
#include "core/store/file.h"
#include "core/tx.h"

#define FIRST_LINE "meldkluis-key-places: 1\n"
#define KEY "place: "

static bool parse(struct mk_key_places *out, const struct mk_buf *text)
{
    const size_t first = sizeof FIRST_LINE - 1;
    const size_t key = sizeof KEY - 1;
    const char *p = (const char *)text->data;
    size_t left = text->len;

    *out = (struct mk_key_places){.n = 0};
    if (left < first || memcmp(p, FIRST_LINE, first) != 0)
        return false;
    for (p += first, left -= first; left != 0;) {
        const char *end = memchr(p, '\n', left);
        size_t n = end == NULL ? 0 : (size_t)(end - p);

        if (out->n == MK_KEY_PLACES || n <= key || n - key >= MK_KEY_PLACE ||
            memcmp(p, KEY, key) != 0 || p[key] != '/' ||
            memchr(p, '\0', n) != NULL)
            return false;
        memcpy(out->path[out->n++], p + key, n - key);
        left -= n + 1;
        p = end + 1;
    }
    return out->n != 0;
}

static enum mk_err read_places(const struct mk_docs *docs,
                               struct mk_key_places *out, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;

    *out = (struct mk_key_places){.n = 0};
    rc = mk_docs_read(docs, MK_PLACES_FILE, 4096, &text, diag);
    if (rc == MK_E_NOT_FOUND)
        rc = MK_OK;
    else if (rc == MK_E_TOO_LARGE || (rc == MK_OK && !parse(out, &text)))
        rc = mk_fail(diag, MK_E_KEY_PLACES, MK_PLACES_FILE);
    mk_buf_release(&text);
    return rc;
}

enum mk_err mk_key_places_read(const struct mk_where *where,
                               struct mk_key_places *out, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_docs docs;

    *out = (struct mk_key_places){.n = 0};
    rc = mk_where_open(&docs, where, diag);
    if (rc == MK_OK)
        rc = read_places(&docs, out, diag);
    mk_docs_close(&docs);
    return rc;
}

enum mk_err mk_key_places_open(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc = read_places(&v->docs, &v->places, diag);

    for (size_t i = 0; i < MK_KEY_PLACES; i++)
        v->key_dir[i] = -1;
    if (rc == MK_E_KEY_PLACES) { /* people, log and doctor work without; who
                                    needs a key is told: mk_key_places_same */
        v->places.n = 0;
        return MK_OK;
    }
    if (rc != MK_OK)
        return rc;
    for (size_t i = 0; i < v->places.n; i++)
        if (mk_dir_open(&v->key_dir[i], v->places.path[i], NULL) != MK_OK)
            v->key_dir[i] = -1; /* told by who needs it */
    return MK_OK;
}

void mk_key_places_close(struct mk_vault *v)
{
    for (size_t i = 0; i < v->places.n; i++)
        if (v->key_dir[i] >= 0)
            close(v->key_dir[i]);
    v->places.n = 0;
}

static bool same_places(const struct mk_key_places *a,
                        const struct mk_key_places *b)
{
    for (size_t i = 0; i < a->n && i < b->n; i++)
        if (strcmp(a->path[i], b->path[i]) != 0)
            return false;
    return a->n == b->n;
}

enum mk_err mk_key_places_same(struct mk_vault *v, struct mk_diag *diag)
{
    struct mk_key_places now;
    enum mk_err rc = read_places(&v->docs, &now, diag);

    if (rc != MK_OK)
        return rc;
    return same_places(&now, &v->places) ? MK_OK
                                         : mk_fail(diag, MK_E_CHANGED, NULL);
}

enum mk_err mk_key_places_stale(const struct mk_vault *v, bool *stale,
                                struct mk_diag *diag)
{
    *stale = false;
    return v->places.n == 0
               ? MK_OK
               : mk_docs_has(&v->docs, MK_RETENTION_FILE, stale, diag);
}

enum mk_err mk_key_places_clean(const struct mk_vault *v, struct mk_diag *diag)
{
    bool stale;
    enum mk_err rc = mk_key_places_stale(v, &stale, diag);

    return rc == MK_OK && stale
               ? mk_docs_remove(&v->docs, MK_RETENTION_FILE, diag)
               : rc;
}

/* --- moving --- */

/* The folders of a move, open. */
struct move {
    const struct mk_key_places *places;
    int dir[MK_KEY_PLACES];
    struct mk_buf text; /* of the file */
    char name[MK_RETENTION_NAME];
};

static bool same_folder(int a, int b)
{
    struct stat x;
    struct stat y;

    return fstat(a, &x) == 0 && fstat(b, &y) == 0 && x.st_dev == y.st_dev &&
           x.st_ino == y.st_ino;
}

static enum mk_err open_new(const struct mk_vault *v, struct move *m,
                            struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    for (size_t i = 0; i < m->places->n; i++) {
        if (m->places->path[i][0] != '/')
            return mk_fail(diag, MK_E_KEY_PLACE, m->places->path[i]);
        MK_TRY(mk_dir_open(&m->dir[i], m->places->path[i], diag));
        if (same_folder(m->dir[i], v->docs.dir) ||
            same_folder(m->dir[i], v->state) ||
            (i != 0 && same_folder(m->dir[i], m->dir[0])))
            return mk_fail(diag, MK_E_KEY_PLACE, m->places->path[i]);
    }
out:
    return rc;
}

/* Was it the folder of a copy before? */
static bool is_old_place(const struct mk_vault *v, int dir)
{
    for (size_t i = 0; i < v->places.n; i++)
        if (v->key_dir[i] >= 0 && same_folder(v->key_dir[i], dir))
            return true;
    return false;
}

static enum mk_err write_copies(const struct mk_vault *v, struct move *m,
                                struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    bool there;

    mk_retention_name_of(m->name, v, m->places->n != 0);
    if (m->places->n == 0)
        return mk_docs_write(&v->docs, m->name, m->text.data, m->text.len,
                             diag);
    for (size_t i = 0; i < m->places->n; i++) {
        MK_TRY(mk_file_exists(m->dir[i], m->name, &there, diag));
        if (there && !is_old_place(v, m->dir[i]))
            return mk_fail(diag, MK_E_KEY_PLACE, m->places->path[i]);
        MK_TRY(mk_file_replace(m->dir[i], m->name, m->text.data, m->text.len,
                               diag));
    }
out:
    return rc;
}

/* From here on the new copies count. */
static enum mk_err switch_over(const struct mk_vault *v, const struct move *m,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;

    if (m->places->n == 0)
        return mk_docs_remove(&v->docs, MK_PLACES_FILE, diag);
    MK_TRY(mk_buf_add_str(&text, FIRST_LINE));
    for (size_t i = 0; i < m->places->n; i++)
        MK_TRY(mk_buf_addf(&text, KEY "%s\n", m->places->path[i]));
    MK_TRY(mk_docs_write(&v->docs, MK_PLACES_FILE, text.data, text.len, diag));
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err remove_old(const struct mk_vault *v, const struct move *m,
                              struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    char name[MK_RETENTION_NAME];

    if (v->places.n == 0 && m->places->n != 0)
        return mk_docs_remove(&v->docs, MK_RETENTION_FILE, diag);
    mk_retention_name_of(name, v, true);
    for (size_t i = 0; i < v->places.n; i++) {
        bool stays = false;

        for (size_t j = 0; j < m->places->n; j++)
            stays |= same_folder(v->key_dir[i], m->dir[j]);
        if (!stays)
            MK_TRY(mk_file_remove(v->key_dir[i], name, diag));
    }
out:
    return rc;
}

/* Copies that are not the same only an inspector can bring together: by
 * unlocking. */
static enum mk_err read_current(const struct mk_vault *v, struct move *m,
                                struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_retention_names names = {.n = 0};

    for (size_t i = 0; i < v->places.n; i++)
        if (!mk_retention_reachable(v, i))
            return mk_fail(diag, MK_E_KEY_GONE, v->places.path[i]);
    MK_TRY(mk_retention_names(v, &names, diag));
    if (names.differ)
        rc = mk_fail(diag, MK_E_DAMAGED, MK_RETENTION_FILE);
    else
        rc = mk_retention_read(v, 0, &m->text, diag);
out:
    free(names.v);
    return rc;
}

static enum mk_err move_locked(struct mk_vault *v, struct move *m,
                               struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(mk_key_places_same(v, diag));
    MK_TRY(read_current(v, m, diag));
    MK_TRY(write_copies(v, m, diag));
    MK_TRY(switch_over(v, m, diag));
    if (v->places.n == 0 || !mk_vault_on_server(v))
        MK_TRY(remove_old(v, m, diag));
out:
    return rc;
}

/* On a server files outside go when the row that names the new ones is
 * committed, and still names them. */
static enum mk_err remove_later(struct mk_vault *v, const struct move *m,
                                struct mk_diag *diag)
{
    struct mk_key_places now;
    enum mk_err rc = mk_tx_lock(v, diag);

    if (rc != MK_OK)
        return rc;
    rc = read_places(&v->docs, &now, diag);
    if (rc == MK_OK && same_places(&now, m->places))
        rc = remove_old(v, m, diag);
    return mk_tx_unlock(v, rc, diag);
}

static enum mk_err move_now(struct mk_vault *v, struct move *m,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    enum mk_err opened;

    rc = mk_tx_lock(v, diag);
    if (rc == MK_OK)
        rc = mk_tx_unlock(v, move_locked(v, m, diag), diag);
    if (rc == MK_OK && v->places.n != 0 && mk_vault_on_server(v))
        rc = remove_later(v, m, diag);
    mk_key_places_close(v);
    opened = mk_key_places_open(v, rc == MK_OK ? diag : NULL);
    return rc == MK_OK ? opened : rc;
}

enum mk_err mk_key_places_set(struct mk_vault *v,
                              const struct mk_access *access,
                              const struct mk_key_places *places,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct move m = {.places = places, .text = MK_BUF_INIT};
    const struct mk_log_item item = {
        .role = MK_ROLE_CUSTODIAN,
        .kind = MK_AUDIT_SETTING,
        .outcome = access->dry_run ? MK_OUTCOME_DRY_RUN : MK_OUTCOME_DONE,
        .purpose = MK_PURPOSE_CTL,
    };

    for (size_t i = 0; i < MK_KEY_PLACES; i++)
        m.dir[i] = -1;
    MK_TRY(mk_vault_need(v, MK_ROLE_CUSTODIAN, diag));
    MK_TRY(open_new(v, &m, diag));
    MK_TRY(mk_log_now(v, &item, diag)); /* before it: what is told was tried */
    if (!access->dry_run)
        MK_TRY(move_now(v, &m, diag));
out:
    for (size_t i = 0; i < MK_KEY_PLACES; i++)
        if (m.dir[i] >= 0)
            close(m.dir[i]);
    mk_buf_release(&m.text);
    return rc;
}
