/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/verify/report.h"

#include <stdio.h>
#include <string.h>

#include "core/base/date.h"
#include "core/base/text.h"

static const struct {
    enum mk_vf_verdict verdict;
    enum mk_vf_weight weight;
    const char *slug, *nl, *en;
} rows[MK_VF_CODES] = {
#define MK_VF(name, verdict, weight, slug, nl, en) \
    [MK_VF_##name] = {MK_VF_##verdict, MK_VF_##weight, slug, nl, en},
#include "cmd/verify/findings.def"
#undef MK_VF
};

static void keep(struct mk_vf_finding *list, size_t *n,
                 const struct mk_vf_finding *f)
{
    if (*n < MK_VF_KEPT)
        list[(*n)++] = *f;
}

void mk_vf_found(struct mk_vf_report *r, const struct mk_vf_finding *f)
{
    struct mk_vf_opinion *o = &r->verdict[rows[f->code].verdict];

    switch (rows[f->code].weight) {
    case MK_VF_FAIL:
        o->failed++;
        o->judged = true;
        keep(o->kept, &o->n, f);
        break;
    case MK_VF_NOTE:
        keep(o->notes, &o->n_notes, f);
        break;
    case MK_VF_YES:
        o->judged = true;
        o->reason = *f;
        break;
    case MK_VF_OPEN:
        o->reason = *f;
        break;
    }
}

void mk_vf_found_in(struct mk_vf_report *r, enum mk_vf_code code,
                    const char *file, const char *who)
{
    struct mk_vf_finding f = {.code = code};

    snprintf(f.file, sizeof f.file, "%s", file);
    snprintf(f.who, sizeof f.who, "%s", who);
    mk_vf_found(r, &f);
}

bool mk_vf_failed(const struct mk_vf_report *r, enum mk_vf_verdict verdict)
{
    return r->verdict[verdict].failed > 0;
}

bool mk_vf_passed(const struct mk_vf_report *r)
{
    for (unsigned i = 0; i < MK_VF_VERDICTS; i++)
        if (mk_vf_failed(r, (enum mk_vf_verdict)i))
            return false;
    return true;
}

const char *mk_vf_slug(enum mk_vf_code code)
{
    return rows[code].slug;
}

static enum mk_err add_marker(struct mk_buf *out, const char *name, size_t n,
                              const struct mk_vf_finding *f, bool english)
{
    char moment[20];
    const char *text = NULL;

    if (n == 1 && (*name == 'a' || *name == 'b'))
        return mk_buf_addf(out, "%llu",
                           (unsigned long long)(*name == 'a' ? f->a : f->b));
    if (n == 1 && (*name == 't' || *name == 'u')) {
        mk_date_format_moment(moment, *name == 't' ? f->t : f->u);
        return mk_buf_add_str(out, moment);
    }
    if (n == 3 && memcmp(name, "who", n) == 0)
        text = f->who;
    else if (n == 3 && memcmp(name, "why", n) == 0)
        text = f->why[english];
    else if (n == 4 && memcmp(name, "file", n) == 0)
        text = f->file;
    return text ? mk_text_visible(out, text, strlen(text), false) : MK_OK;
}

enum mk_err mk_vf_sentence(struct mk_buf *out, const struct mk_vf_finding *f,
                           bool english)
{
    enum mk_err rc = MK_OK;
    const char *text = english ? rows[f->code].en : rows[f->code].nl;

    while (*text) {
        const char *end = *text == '{' ? strchr(text, '}') : NULL;
        const size_t n = end ? (size_t)(end - text) : strcspn(text, "{");

        if (end) {
            MK_TRY(add_marker(out, text + 1, n - 1, f, english));
            text = end + 1;
        } else {
            MK_TRY(mk_buf_add(out, text, n));
            text += n;
        }
    }
out:
    return rc;
}
