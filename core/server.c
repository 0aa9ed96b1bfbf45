/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/server.h"

#include <stdlib.h>

#include "core/store/driver.h"
#include "core/store/rows.h"

struct mk_server {
    struct mk_driver *driver;
};

enum mk_err mk_server_open(struct mk_server **out, int fd, const char *url,
                           struct mk_diag *diag)
{
    struct mk_server *s = calloc(1, sizeof *s);
    enum mk_err rc;

    *out = NULL;
    if (s == NULL)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    rc = mk_pg_open(&s->driver, fd, url, diag);
    if (rc == MK_OK)
        *out = s;
    else
        free(s);
    return rc;
}

void mk_server_close(struct mk_server *s)
{
    if (s == NULL)
        return;
    s->driver->ops->close(s->driver);
    free(s);
}

bool mk_server_was_used(const struct mk_vault *v)
{
    struct mk_store *st = NULL;
    uint64_t tail = 0;

    if (mk_store_open_server(&st, v->docs.server, NULL) == MK_OK &&
        mk_store_begin_read(st, NULL) == MK_OK &&
        mk_tail_get(st, &tail, NULL) != MK_OK)
        tail = 0;
    mk_store_close(st);
    return tail != 0;
}

bool mk_vault_on_server(const struct mk_vault *v)
{
    return v->where.server != NULL;
}

enum mk_err mk_where_open(struct mk_docs *out, const struct mk_where *where,
                          struct mk_diag *diag)
{
    if (where->server == NULL)
        return mk_docs_folder(out, where->vault, diag);
    mk_docs_server(out, where->server->driver);
    return MK_OK;
}

enum mk_err mk_where_open_rows(struct mk_vault *v, const struct mk_secret *dbk,
                               struct mk_diag *diag)
{
    enum mk_err rc;

    if (!mk_vault_on_server(v))
        return mk_store_open(&v->store, v->docs.dir, v->where.vault, dbk,
                             diag);
    MK_TRY(mk_server_shell(v, dbk, diag));
    MK_TRY(mk_store_open_server(&v->store, v->docs.server, diag));
out:
    return rc;
}

void mk_server_lock(struct mk_vault *v)
{
    if (mk_vault_on_server(v) && v->docs.server != NULL)
        mk_pg_shell_forget(v->docs.server);
}

enum mk_err mk_server_follow(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;
    const uint32_t known = v->key_gens[MK_KEY_DBK];

    if (!mk_vault_on_server(v) || v->joining || v->me == NULL)
        return mk_fail(diag, MK_E_REPLACED, "head");
    MK_TRY(mk_vault_load_keyring(v, MK_KEYRING_FILE, diag));
    if (v->key_gens[MK_KEY_DBK] == known) /* of no generation there ever was */
        rc = mk_fail(diag, MK_E_TAMPERED, "head");
out:
    return rc;
}
