/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record of a publication, for the register. */
#include "reports/publication.h"

static enum mk_err begin_record(struct mk_publication *p)
{
    if (!p->made)
        p->made = mk_record_new();
    return p->made ? MK_OK : MK_E_MEMORY;
}

enum mk_err mk_publication_file(struct mk_publication *p, const char *name,
                                const struct mk_buf *text,
                                struct mk_diag *diag)
{
    enum mk_err rc = begin_record(p);
    if (rc == MK_OK)
        rc = mk_record_add_file(p->made, name, text);
    return rc == MK_OK ? rc : mk_fail(diag, rc, "record");
}

enum mk_err mk_publication_record(struct mk_publication *p, struct mk_buf *out,
                                  struct mk_diag *diag)
{
    struct mk_record_head head = {
        .name = p->release,
        .audience = p->audience ? p->audience : "FAC",
        .kind = p->table    ? MK_RECORD_TABLE
                : p->revise ? MK_RECORD_REVISION
                            : MK_RECORD_FACTSHEET,
        .school_year = p->all.school_year,
        .threshold = p->sheet.threshold,
        .n_years = p->sheet.n_years,
    };
    char rule[MK_RULE_TEXT];
    enum mk_err rc;
    if (p->sheet.own_rule) {
        mk_rule_format(rule, &p->sheet.rule);
        head.rule = rule;
    }
    MK_TRY(begin_record(p));
    for (size_t y = 0; y < p->sheet.n_years; y++) {
        head.years[y] = p->sheet.years[y];
        head.position[y] = p->position[y];
        MK_TRY(
            mk_record_add_year(p->made, p->sheet.years[y],
                               p->task[y].spec.n_dims > 0 ? &p->task[y] : NULL,
                               p->release, diag));
    }
    MK_TRY(mk_record_write(out, &head, p->made));
out:
    return rc == MK_OK ? rc : mk_fail(diag, rc, "record");
}
