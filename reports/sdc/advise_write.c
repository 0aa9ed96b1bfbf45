/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/advise.h"

#include "reports/say.h"
#include "reports/sdc/write.h"

unsigned mk_sdc_tally_permille(const struct mk_sdc_tally *tally)
{
    size_t all = tally->published + tally->hidden;
    return all ? (unsigned)(tally->published * 1000 / all) : 1000;
}

/* The dimensions of a table, with * between them. */
static enum mk_err add_table(struct mk_buf *out,
                             const struct mk_sdc_spec *spec, size_t t)
{
    const char *before = "";
    enum mk_err rc = MK_OK;
    for (size_t d = 0; d < spec->n_dims; d++)
        if (spec->table[t].crosses[d]) {
            MK_TRY(mk_buf_addf(out, "%s%s", before, spec->dim[d].name));
            before = "*";
        }
out:
    return rc;
}

/* ---- for people ---- */

static enum mk_err add_tally(struct mk_buf *out,
                             const struct mk_sdc_tally *tally, bool english)
{
    unsigned share = mk_sdc_tally_permille(tally);
    if (!tally->safe)
        return mk_buf_add_str(out, mk_say(english, "cannot be made safe\n"));
    return mk_buf_addf(
        out,
        mk_say(english, "%zu cells published (%u%%), %zu hidden, which hold "
                        "%llu\n"),
        tally->published, share / 10, tally->hidden,
        (unsigned long long)tally->hidden_values);
}

static enum mk_err add_item(struct mk_buf *out,
                            const struct mk_sdc_advice *advice, size_t i,
                            bool english)
{
    const struct mk_sdc_spec *spec = advice->spec;
    const struct mk_sdc_advice_item *item = &advice->item[i];
    const struct mk_sdc_merge *merge = &item->merge;
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out, "%2zu. ", i + 1));
    if (merge->dim != MK_SDC_MERGE_NONE) {
        const struct mk_sdc_dim *dim = &spec->dim[merge->dim];
        MK_TRY(mk_buf_addf(out, mk_say(english, "merge in %s: %s and %s: "),
                           dim->name, dim->node[merge->first].name,
                           dim->node[merge->second].name));
    } else {
        MK_TRY(mk_buf_addf(out, mk_say(english, "without table %zu ("),
                           merge->drop_table + 1));
        MK_TRY(add_table(out, spec, merge->drop_table));
        MK_TRY(mk_buf_add_str(out, "): "));
    }
    MK_TRY(add_tally(out, &item->after, english));
out:
    return rc;
}

static enum mk_err add_text(struct mk_buf *out,
                            const struct mk_sdc_advice *advice, bool english)
{
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(out, mk_say(english, "As it is: ")));
    MK_TRY(add_tally(out, &advice->before, english));
    if (advice->n > 0)
        MK_TRY(mk_buf_add_str(
            out, mk_say(english, "With less detail, the best first:\n")));
    else
        MK_TRY(mk_buf_add_str(
            out,
            mk_say(english, "There is nothing to merge or to leave out.\n")));
    for (size_t i = 0; i < advice->n; i++)
        MK_TRY(add_item(out, advice, i, english));
out:
    return rc;
}

enum mk_err mk_sdc_advise_text(struct mk_buf *out,
                               const struct mk_sdc_advice *advice,
                               bool english, struct mk_diag *diag)
{
    enum mk_err rc = add_text(out, advice, english);
    return rc == MK_OK ? rc : mk_fail(diag, rc, "advice");
}

/* ---- CSV ---- */

static enum mk_err add_numbers(struct mk_buf *out,
                               const struct mk_sdc_tally *before,
                               const struct mk_sdc_tally *after)
{
    unsigned was = mk_sdc_tally_permille(before);
    unsigned is = mk_sdc_tally_permille(after);
    return mk_buf_addf(
        out, ",%zu,%zu,%zu,%zu,%llu,%llu,%u.%u,%u.%u,%s\n", before->published,
        after->published, before->hidden, after->hidden,
        (unsigned long long)before->hidden_values,
        (unsigned long long)after->hidden_values, was / 10, was % 10, is / 10,
        is % 10, after->optimal ? "yes" : "no");
}

/* Names may need quotes: they are put together first. */
static enum mk_err add_name(struct mk_buf *out, struct mk_buf *name)
{
    enum mk_err rc;
    MK_TRY(mk_buf_terminate(name));
    MK_TRY(mk_sdc_write_field(out, (const char *)name->data));
    mk_buf_clear(name);
out:
    return rc;
}

static enum mk_err add_row(struct mk_buf *out, struct mk_buf *name,
                           const struct mk_sdc_advice *advice, size_t i)
{
    const struct mk_sdc_spec *spec = advice->spec;
    const struct mk_sdc_advice_item *item = &advice->item[i];
    const struct mk_sdc_merge *merge = &item->merge;
    enum mk_err rc;
    if (merge->dim != MK_SDC_MERGE_NONE) {
        const struct mk_sdc_dim *dim = &spec->dim[merge->dim];
        MK_TRY(mk_buf_addf(out, "%zu,merge,", i + 1));
        MK_TRY(mk_sdc_write_field(out, dim->name));
        MK_TRY(mk_buf_addf(name, "%s+%s", dim->node[merge->first].name,
                           dim->node[merge->second].name));
        MK_TRY(mk_buf_add_u8(out, ','));
        MK_TRY(add_name(out, name));
    } else {
        MK_TRY(mk_buf_addf(out, "%zu,table,", i + 1));
        MK_TRY(add_table(name, spec, merge->drop_table));
        MK_TRY(add_name(out, name));
        MK_TRY(mk_buf_addf(out, ",%zu", merge->drop_table + 1));
    }
    MK_TRY(add_numbers(out, &advice->before, &item->after));
out:
    return rc;
}

enum mk_err mk_sdc_advise_csv(struct mk_buf *out,
                              const struct mk_sdc_advice *advice,
                              struct mk_diag *diag)
{
    struct mk_buf name;
    enum mk_err rc;
    mk_buf_init(&name);
    MK_TRY(mk_buf_add_str(
        out, "rank,kind,dimension,levels,published_before,published_after,"
             "hidden_before,hidden_after,values_before,values_after,"
             "share_before,share_after,optimal\n0,now,,"));
    MK_TRY(add_numbers(out, &advice->before, &advice->before));
    for (size_t i = 0; i < advice->n; i++)
        MK_TRY(add_row(out, &name, advice, i));
out:
    mk_buf_release(&name);
    return rc == MK_OK ? rc : mk_fail(diag, rc, "advice");
}
