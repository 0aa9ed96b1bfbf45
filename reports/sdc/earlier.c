/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/earlier.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

/* Release number `release` from 1. */
static void name_of(const struct mk_sdc_model *model, size_t release,
                    char text[static MK_SDC_EARLIER_NAME])
{
    const char *name = model->earlier[release - 1]->name;
    size_t n = strlen(name), skip = 0;
    if (n == 0) {
        (void)snprintf(text, MK_SDC_EARLIER_NAME, "#%zu", release);
        return;
    }
    if (n >= MK_SDC_EARLIER_NAME) {
        skip = n - (MK_SDC_EARLIER_NAME - 1 - strlen("..."));
        while (((unsigned char)name[skip] & 0xc0) == 0x80)
            skip++;
    }
    (void)snprintf(text, MK_SDC_EARLIER_NAME, "%s%s", skip ? "..." : "",
                   name + skip);
}

bool mk_sdc_earlier_of(const struct mk_sdc_model *model, size_t cell,
                       char name[static MK_SDC_EARLIER_NAME])
{
    if (model->cell[cell].release == 0)
        return false;
    name_of(model, model->cell[cell].release, name);
    return true;
}

/* Adds more to text of n bytes, cut where it does not fit. */
static void add(char *text, size_t n, const char *more)
{
    size_t at = strlen(text);
    (void)snprintf(text + at, n - at, "%s", more);
    text[mk_text_valid(text, strlen(text))] = '\0';
}

/* Does the table cross what the cell crosses, and no `where` besides?  (A table
 * has no total over a dimension that its `where` names.) */
static bool has(const struct mk_sdc_spec *spec, const struct mk_sdc_table *t,
                const struct mk_sdc_model *model, const uint32_t *node)
{
    for (size_t d = 0; d < model->joint.n_dims; d++) {
        const struct mk_sdc_dim *dim = &model->joint.dim[d];
        bool total = node[d] == mk_sdc_total(dim);
        size_t e;
        if (!mk_sdc_find_dim(spec, dim->name, strlen(dim->name), &e)) {
            if (!total)
                return false;
        } else if (total ? t->n_where[e] > 0 : !t->crosses[e]) {
            return false;
        }
    }
    return true;
}

void mk_sdc_earlier_table(const struct mk_sdc_model *model, size_t cell,
                          char *text, size_t n)
{
    const struct mk_sdc_spec *spec =
        &model->earlier[model->cell[cell].release - 1]->spec;
    const uint32_t *node = model->at.at + cell * model->joint.n_dims;
    size_t t = 0;
    text[0] = '\0';
    while (t < spec->n_tables && !has(spec, &spec->table[t], model, node))
        t++;
    for (size_t e = 0; t < spec->n_tables && e < spec->n_dims; e++) {
        if (!spec->table[t].crosses[e])
            continue;
        if (text[0])
            add(text, n, ",");
        add(text, n, spec->dim[e].name);
    }
    if (!text[0])
        add(text, n, "*");
}

void mk_sdc_earlier_names(const struct mk_sdc_model *model, char *text,
                          size_t n)
{
    char name[MK_SDC_EARLIER_NAME];
    text[0] = '\0';
    for (size_t r = 1; r <= model->n_earlier; r++) {
        name_of(model, r, name);
        if (r > 1)
            add(text, n, ", ");
        add(text, n, name);
    }
}

enum mk_err mk_sdc_earlier_refuse(const struct mk_sdc_model *model,
                                  size_t release, uint32_t cell,
                                  const char *what, struct mk_diag *diag)
{
    char place[sizeof diag->place] = "", where[sizeof diag->place];
    if (release > 0)
        name_of(model, release, place);
    else
        mk_sdc_earlier_names(model, place, MK_SDC_EARLIER_NAME);
    if (place[0])
        add(place, sizeof place, ": ");
    if (cell != MK_SDC_ANY)
        mk_sdc_model_place(model, cell, where, sizeof where);
    add(place, sizeof place, cell != MK_SDC_ANY ? where : what);
    return mk_fail(diag, MK_E_EARLIER, place);
}

enum mk_err mk_sdc_earlier_unsafe(const struct mk_sdc_model *model,
                                  size_t release, size_t row, uint32_t cell,
                                  struct mk_diag *diag)
{
    char place[sizeof diag->place] = "", where[sizeof diag->place];
    name_of(model, release, place);
    (void)snprintf(where, sizeof where, ": cells[%zu]: ", row);
    add(place, sizeof place, where);
    mk_sdc_model_place(model, cell, where, sizeof where);
    add(place, sizeof place, where);
    return mk_fail_at(diag, MK_E_UNSAFE, place, 0,
                      (int64_t)model->earlier[release - 1]->spec.threshold, 0);
}
