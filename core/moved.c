/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The document that says where a vault went (move.h). */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/base/num.h"
#include "core/mark.h"
#include "core/move_impl.h"
#include "core/server.h"
#include "core/store/file.h"
#include "crypto/sign.h"

#define FIRST_LINE "meldkluis-moved: 2\n"
#define TEXT_MAX 2048

static const char moved_context[] = "meldkluis/moved/v2";

/* --- the text --- */

struct text {
    const char *p;
    size_t left;
    bool bad;
};

/* The value of the next line, which has to be of that key. */
static const char *take(struct text *t, const char *key, size_t *n)
{
    const size_t k = strlen(key);
    const char *end = t->left == 0 ? NULL : memchr(t->p, '\n', t->left);
    const char *value;

    *n = 0;
    if (t->bad || end == NULL || (size_t)(end - t->p) <= k ||
        memcmp(t->p, key, k) != 0 || memchr(t->p, '\0', (size_t)(end - t->p)))
        t->bad = true;
    if (t->bad)
        return "";
    value = t->p + k;
    *n = (size_t)(end - value);
    t->left -= (size_t)(end - t->p) + 1;
    t->p = end + 1;
    return value;
}

static void take_hex(struct text *t, const char *value, size_t n, uint8_t *out,
                     size_t size)
{
    char hex[2 * MK_SIG + 1];

    if (t->bad || n != 2 * size) {
        t->bad = true;
        return;
    }
    memcpy(hex, value, n);
    hex[n] = '\0';
    t->bad = !mk_unhex(out, size, hex);
}

static void take_state(struct text *t, struct mk_moved *out)
{
    size_t n;
    const char *value = take(t, "state: ", &n);

    out->done = n == 5 && memcmp(value, "moved", n) == 0;
    if (!out->done && (n != 6 || memcmp(value, "moving", n) != 0))
        t->bad = true;
}

static void take_to(struct text *t, struct mk_moved *out)
{
    size_t n;
    const char *value = take(t, "to: ", &n);

    if (n >= sizeof out->to)
        t->bad = true;
    else
        memcpy(out->to, value, n);
}

static void take_head(struct text *t, struct mk_moved *out)
{
    size_t n;
    const char *value = take(t, "head: ", &n);
    const char *space = memchr(value, ' ', n);
    size_t digits = space == NULL ? 0 : (size_t)(space - value);

    if (!mk_num_parse(value, digits, 0, INT64_MAX, &out->log_size))
        t->bad = true;
    else
        take_hex(t, space + 1, n - digits - 1, out->head, MK_HASH);
}

static bool parse(struct mk_moved *out, const struct mk_buf *text)
{
    const size_t first = sizeof FIRST_LINE - 1;
    struct text t = {.p = (const char *)text->data, .left = text->len};
    const char *value;
    uint64_t time = 0;
    size_t n;

    if (t.left < first || memcmp(t.p, FIRST_LINE, first) != 0)
        return false;
    t.p += first;
    t.left -= first;
    take_state(&t, out);
    take_to(&t, out);
    value = take(&t, "store: ", &n);
    take_hex(&t, value, n, out->store, MK_ID);
    take_head(&t, out);
    value = take(&t, "time: ", &n);
    if (!mk_num_parse(value, n, 0, INT64_MAX, &time))
        t.bad = true;
    out->time_ms = (int64_t)time;
    value = take(&t, "by: ", &n);
    take_hex(&t, value, n, out->by, MK_ID);
    value = take(&t, "sign: ", &n);
    take_hex(&t, value, n, out->sig, MK_SIG);
    out->there = true;
    return !t.bad && t.left == 0;
}

enum mk_err mk_moved_load(const struct mk_docs *docs, struct mk_moved *out,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;

    *out = (struct mk_moved){.there = false};
    rc = mk_docs_read(docs, MK_MOVED_FILE, TEXT_MAX, &text, diag);
    if (rc == MK_E_TOO_LARGE || (rc == MK_OK && !parse(out, &text))) {
        /* whoever may write it made that up: no more than a forged one */
        *out = (struct mk_moved){.there = true};
        rc = MK_OK;
    }
    mk_buf_release(&text);
    return rc == MK_E_NOT_FOUND ? MK_OK : rc;
}

/* All that is signed. */
static enum mk_err format(struct mk_buf *out, const struct mk_moved *m)
{
    enum mk_err rc;
    char store[2 * MK_ID + 1];
    char head[2 * MK_HASH + 1];
    char by[2 * MK_ID + 1];

    mk_hex(store, m->store, MK_ID);
    mk_hex(head, m->head, MK_HASH);
    mk_hex(by, m->by, MK_ID);
    MK_TRY(mk_buf_add_str(out, FIRST_LINE));
    MK_TRY(mk_buf_addf(out,
                       "state: %s\nto: %s\nstore: %s\nhead: %" PRIu64
                       " %s\ntime: %" PRId64 "\nby: %s\n",
                       m->done ? "moved" : "moving", m->to, store, m->log_size,
                       head, m->time_ms, by));
out:
    return rc;
}

enum mk_err mk_moved_save(const struct mk_vault *v, struct mk_moved *m,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    char sig[2 * MK_SIG + 1];

    memcpy(m->by, v->my_id, MK_ID);
    MK_TRY(format(&text, m));
    MK_TRY(mk_sign(m->sig, v->who.sign, moved_context, text.data, text.len));
    mk_hex(sig, m->sig, MK_SIG);
    MK_TRY(mk_buf_addf(&text, "sign: %s\n", sig));
    MK_TRY(mk_docs_write(&v->docs, MK_MOVED_FILE, text.data, text.len, diag));
out:
    mk_buf_release(&text);
    return rc;
}

/* --- what it is worth --- */

static bool signed_by_custodian(const struct mk_keyring *k,
                                const struct mk_moved *m)
{
    const struct mk_member *member = mk_keyring_by_id(k, m->by);
    struct mk_buf text = MK_BUF_INIT;
    bool good =
        member != NULL && memcmp(mk_keyring_store(k), m->store, MK_ID) == 0 &&
        (mk_keyring_roles(k, m->by) & MK_ROLE_BIT(MK_ROLE_CUSTODIAN)) != 0 &&
        format(&text, m) == MK_OK &&
        mk_sign_ok(m->sig, member->sign, moved_context, text.data, text.len);

    mk_buf_release(&text);
    return good;
}

/* Is k the keyring of the newest head that this account has seen, or one that
 * goes on from it?  *seen: it has seen any. */
static bool is_known(const struct mk_keyring *k, int state, bool *seen)
{
    struct mk_head_row row;
    struct mk_head mark;
    uint8_t members[MK_HASH];

    if (mk_mark_load(state, mk_keyring_store(k), seen, &row, NULL) != MK_OK)
        return false;
    return !*seen ||
           (mk_head_decode(&mark, row.body) &&
            mk_keyring_members_hash_at(k, mark.keyring_serial, members) &&
            memcmp(members, mark.members_hash, MK_HASH) == 0);
}

bool mk_moved_readable(const struct mk_moved *m)
{
    return m->to[0] != '\0';
}

enum mk_moved_proof mk_moved_judge(const struct mk_docs *docs, int state,
                                   const struct mk_moved *m)
{
    enum mk_moved_proof proof = MK_MOVED_DOUBT;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_keyring *k = NULL;
    bool seen = false;
    enum mk_err rc;

    if (!mk_moved_readable(m))
        return MK_MOVED_DOUBT;
    rc = mk_docs_read(docs, MK_KEYRING_FILE, MK_KEYRING_MAX, &text, NULL);
    if (rc == MK_E_NOT_FOUND)
        proof = MK_MOVED_UNCHECKED;
    else if (rc == MK_OK &&
             mk_keyring_parse(&k, text.data, text.len, NULL) == MK_OK &&
             signed_by_custodian(k, m) && is_known(k, state, &seen))
        proof = seen ? MK_MOVED_PROVEN : MK_MOVED_SIGNED;
    mk_keyring_free(k);
    mk_buf_release(&text);
    return proof;
}

enum mk_err mk_moved_refuse(const struct mk_moved *m, struct mk_diag *diag)
{
    switch (m->proof) {
    case MK_MOVED_PROVEN:
    case MK_MOVED_SIGNED:
        return mk_fail(diag, MK_E_MOVED, m->to);
    case MK_MOVED_UNCHECKED:
        return mk_fail(diag, MK_E_MOVED_UNCHECKED, m->to);
    case MK_MOVED_DOUBT:
        break;
    }
    if (!mk_moved_readable(m))
        return mk_fail(diag, MK_E_MOVED_DOUBT, "an unreadable place");
    return mk_fail(diag, MK_E_MOVED_DOUBT, m->to);
}

enum mk_err mk_moved_read(const struct mk_where *where, struct mk_moved *out,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_docs docs = MK_DOCS_NONE;
    int state = -1;

    *out = (struct mk_moved){.there = false};
    MK_TRY(mk_where_open(&docs, where, diag));
    MK_TRY(mk_moved_load(&docs, out, diag));
    if (!out->there)
        goto out;
    MK_TRY(mk_dir_make(where->state, diag));
    MK_TRY(mk_dir_open(&state, where->state, diag));
    out->proof = mk_moved_judge(&docs, state, out);
out:
    mk_docs_close(&docs);
    if (state >= 0)
        (void)close(state);
    return rc;
}

/* --- the place --- */

/* One keyword of a query is dropped: the name of who wrote it. */
static size_t add_query(char *out, const char *query)
{
    char before = '?';
    size_t to = 0;

    while (*query != '\0') {
        size_t n = strcspn(++query, "&");

        if (strncmp(query, "user=", 5) != 0) {
            out[to++] = before;
            memcpy(out + to, query, n);
            to += n;
            before = '&';
        }
        query += n;
    }
    return to;
}

/* out, which has room for url, becomes it without the name of a user: as libpq
 * finds that, up to an '@' before any '/'. */
static void without_user(char *out, const char *url)
{
    const char *host = strstr(url, "://");
    const char *query;
    size_t n;

    host = host != NULL ? host + 3 : url;
    n = (size_t)(host - url);
    memcpy(out, url, n);
    if (host[strcspn(host, "@/")] == '@')
        host += strcspn(host, "@") + 1;
    query = host + strcspn(host, "?");
    memcpy(out + n, host, (size_t)(query - host));
    n += (size_t)(query - host);
    n += add_query(out + n, query);
    out[n] = '\0';
}

enum mk_err mk_moved_place(char out[static MK_MOVE_PLACE],
                           const struct mk_where *to, struct mk_diag *diag)
{
    const char *path = to->vault;
    char parent[PATH_MAX];
    char whole[PATH_MAX];
    size_t n = strlen(path);
    size_t name;
    int len;

    while (n > 1 && path[n - 1] == '/')
        n--;
    for (name = n; name > 0 && path[name - 1] != '/';)
        name--;
    if (n == 0 || n >= sizeof parent || strpbrk(path, "\r\n") != NULL)
        return mk_fail(diag, MK_E_USAGE, "--vault");
    if (to->server != NULL) {
        if (strlen(path) >= MK_MOVE_PLACE)
            return mk_fail(diag, MK_E_TOO_LARGE, "folder of the vault");
        without_user(out, path);
        len = (int)strlen(out);
    } else {
        /* the folder itself may not be there yet */
        snprintf(parent, sizeof parent, "%.*s", name == 0 ? 1 : (int)name,
                 name == 0 ? "." : path);
        if (realpath(parent, whole) == NULL)
            return mk_fail_sys(diag, MK_E_IO, "folder of the vault");
        len = snprintf(out, MK_MOVE_PLACE, "%s/%.*s",
                       whole[1] == '\0' ? "" : whole, (int)(n - name),
                       path + name);
    }
    return len > 0 && len < MK_MOVE_PLACE
               ? MK_OK
               : mk_fail(diag, MK_E_TOO_LARGE, "folder of the vault");
}

/* --- shutting --- */

static enum mk_err refuse(const struct mk_vault *v, struct mk_diag *diag)
{
    struct mk_moved m;
    enum mk_err rc = mk_moved_load(&v->docs, &m, diag);

    if (rc != MK_OK || !m.there)
        return rc;
    m.proof = mk_moved_judge(&v->docs, v->state, &m);
    return mk_moved_refuse(&m, diag);
}

enum mk_err mk_moved_check(const struct mk_vault *v, struct mk_diag *diag)
{
    return v->where.moved ? MK_OK : refuse(v, diag);
}

enum mk_err mk_moved_newest(const struct mk_vault *v, struct mk_head_row *row,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    bool moved = false;

    if (mk_vault_on_server(v)) {
        rc = mk_head_newest_beside(v->store, MK_MOVED_FILE, &moved, row, diag);
    } else {
        rc = mk_head_newest(v->store, row, diag);
        if (rc == MK_OK)
            rc = mk_docs_has(&v->docs, MK_MOVED_FILE, &moved, diag);
    }
    return rc == MK_OK && moved && !v->where.moved ? refuse(v, diag) : rc;
}
