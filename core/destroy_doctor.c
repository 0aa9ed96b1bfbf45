/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Part of doctor: retention keys, and what should be gone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/destroy.h"
#include "core/retention.h"
#include "core/sealed.h"

#define VALUE 192

static const char *why_not(const struct mk_vault *v,
                           const struct mk_retention_names *names, bool read)
{
    bool stale;

    for (size_t i = 0; i < v->places.n; i++)
        if (!mk_retention_reachable(v, i))
            return "a folder is not there";
    if (!read || names->differ)
        return "a copy is damaged or differs";
    if (mk_key_places_stale(v, &stale, NULL) != MK_OK)
        return "whether a copy is left in the vault cannot be told";
    if (stale)
        return "a copy is left in the vault";
    return v->places.n == 1 ? "one copy only" : NULL;
}

/* Keys that dossiers need: rows names them, the file does not. */
struct wanted {
    const struct mk_retention_names *names;
    uint64_t without;
};
static enum mk_err look(void *ctx, const struct mk_dossier_row *row,
                        struct mk_diag *diag)
{
    struct wanted *w = ctx;

    (void)diag;
    w->without += !mk_row_is_tombstone(row) &&
                  !mk_retention_named(w->names, row->intake_year, row->rk_gen);
    return MK_OK;
}

/* The file is not one that these dossiers were wrapped with, or is none. */
static bool lacks(struct mk_vault *v, const struct mk_retention_names *names,
                  bool read)
{
    struct wanted w = {.names = names};

    if (v->store == NULL || v->suspect != MK_OK ||
        mk_snapshot_begin(v, NULL) != MK_OK)
        return !read;
    if (mk_sealed_walk(v, look, &w, NULL) != MK_OK)
        w.without = 0; /* told by verify */
    mk_snapshot_end(v);
    return !read || w.without != 0;
}

/* In the folder of the vault they go along with every backup: that is how it
 * starts, and no fault.  Elsewhere there have to be two, the same. */
static void keys(struct mk_vault *v, const struct mk_retention_names *names,
                 bool read, mk_doctor_each *each, void *ctx)
{
    const char *fault = why_not(v, names, read);

    if (mk_key_places_same(v, NULL) == MK_E_KEY_PLACES) {
        each(ctx, "retention-keys", false, "retention.place is damaged",
             "zet dat bestand terug uit een reservekopie, of schrijf het "
             "opnieuw (docs/RECOVERY.md)",
             "put that file back from a backup, or write it anew "
             "(docs/RECOVERY.md)");
        return;
    }

    if (lacks(v, names, read))
        each(ctx, "retention-lost", false, "gone, damaged or incomplete",
             "sluit de mappen met bewaarsleutels aan, of laat een inspecteur "
             "een tweede exemplaar terugzetten: herstel retentie BESTAND",
             "attach the folders of retention keys, or have an inspector put "
             "a second copy back: recover retention FILE");
    if (v->places.n == 0)
        each(ctx, "retention-in-vault", true, "in the vault", "", "");
    else
        each(ctx, "retention-keys", fault == NULL,
             fault != NULL ? fault : "two copies outside the vault",
             "sluit beide mappen aan (rechten 700) en laat een inspecteur de "
             "kluis openen; of geef twee mappen: vernietig sleutelplaats",
             "attach both folders (mode 700) and have an inspector open the "
             "vault; or give two folders: destroy key-place");
}

static bool has_old(const struct mk_retention_names *names)
{
    for (size_t i = 0; i < names->n; i++)
        for (size_t j = 0; j < i; j++)
            if (names->v[i].year == names->v[j].year)
                return true;
    return false;
}

static enum mk_err count(void *ctx, const struct mk_destroyed_record *r,
                         const struct mk_dossier_row *row,
                         struct mk_diag *diag)
{
    (void)r;
    (void)row;
    (void)diag;
    ++*(size_t *)ctx;
    return MK_OK;
}

/* Dossiers that a copy brought back. */
static void restored(struct mk_vault *v, mk_doctor_each *each, void *ctx)
{
    char value[VALUE];
    size_t n = 0;

    if (v->store == NULL || v->suspect != MK_OK ||
        mk_snapshot_begin(v, NULL) != MK_OK)
        return;
    if (mk_restored_each(v, count, &n, NULL) != MK_OK)
        n = SIZE_MAX;
    mk_snapshot_end(v);
    if (n == SIZE_MAX)
        snprintf(value, sizeof value, "list of destroyed dossiers: damaged");
    else
        snprintf(value, sizeof value, "%zu", n);
    each(ctx, "destroyed-restored", n == 0, value,
         "een kopie bracht vernietigde dossiers terug: laat een inspecteur "
         "vernietig uitvoer doen",
         "a copy brought destroyed dossiers back: have an inspector do "
         "destroy run");
}

void mk_destroy_doctor(struct mk_vault *v, mk_doctor_each *each, void *ctx)
{
    struct mk_retention_names names;
    bool read = mk_retention_names(v, &names, NULL) == MK_OK;

    keys(v, &names, read, each, ctx);
    if (read && has_old(&names))
        each(ctx, "retention-old", false, "an old key is still there",
             "laat een inspecteur de kluis openen; blijft dit, laat hem "
             "vernietig uitvoer doen",
             "have an inspector open the vault; if this stays, have him do "
             "destroy run");
    free(names.v);
    restored(v, each, ctx);
}
