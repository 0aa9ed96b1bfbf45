/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/report.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "reports/say.h"
#include "reports/sdc/earlier.h"
#include "reports/sdc/json.h"
#include "reports/sdc/spec_read.h"

#define CELL_TEXT 512
#define SCHEMA "meldkluis-sdc-proof/1"

void mk_sdc_count_cells(const struct mk_sdc_model *model,
                        struct mk_sdc_counts *counts)
{
    const uint8_t unsafe = MK_SDC_WHY_THRESHOLD | MK_SDC_WHY_CONTRIBUTOR;
    memset(counts, 0, sizeof *counts);
    for (size_t i = 0; i < model->n_cells; i++) {
        const struct mk_sdc_cell *c = &model->cell[i];
        if (c->empty || c->watched)
            continue;
        bool rounded = c->print == MK_SDC_ROUNDED;
        counts->cells++;
        counts->rounded += rounded;
        counts->hidden += c->hidden && !rounded;
        counts->published += !c->hidden;
        counts->primary += c->hidden && !rounded && c->why != 0;
        counts->secondary += c->hidden && !rounded && c->why == 0;
        counts->inexact += c->hidden && !c->exact;
        if (!c->hidden || !c->known || (c->why & unsafe) == 0)
            continue;
        if (counts->unsafe++ == 0 || c->hi - c->lo < counts->narrowest)
            counts->narrowest = c->hi - c->lo;
    }
}

/* ---- proof.json ---- */

static enum mk_err put_number(json_t *o, const char *key, uint64_t v)
{
    return mk_sdc_json_put(o, key, json_integer((json_int_t)v));
}

static enum mk_err put_bool(json_t *o, const char *key, bool v)
{
    return mk_sdc_json_put(o, key, json_boolean(v));
}

/* The rule that the checker applied. */
static enum mk_err put_rule(json_t *proof, const struct mk_sdc_task *task)
{
    const struct mk_sdc_spec *spec = &task->spec;
    json_t *rule = json_object(), *group = json_array();
    json_t *empty = json_object();
    enum mk_err rc = rule && group && empty ? MK_OK : MK_E_MEMORY;
    for (size_t d = 0; rc == MK_OK && d < spec->n_dims; d++)
        if (spec->group[d])
            rc = mk_sdc_json_append(group, json_string(spec->dim[d].name));
    for (size_t k = 0; rc == MK_OK && k < spec->n_tags; k++)
        rc = put_number(empty, spec->tag[k], task->data.empty[k]);
    if (rc == MK_OK)
        rc = put_number(rule, "threshold", spec->threshold);
    if (rc == MK_OK)
        rc = put_bool(rule, "insider", spec->insider);
    if (rc == MK_OK)
        rc = mk_sdc_spec_put_zeros(rule, spec);
    if (rc == MK_OK)
        rc = mk_sdc_spec_put_contributors(rule, spec);
    if (rc == MK_OK)
        rc = mk_sdc_json_put(rule, "group", json_incref(group));
    if (rc == MK_OK)
        rc = mk_sdc_json_put(rule, "records_without_tag", json_incref(empty));
    if (rc == MK_OK)
        rc = mk_sdc_json_put(proof, "rule", json_incref(rule));
    json_decref(rule);
    json_decref(group);
    json_decref(empty);
    return rc;
}

static enum mk_err put_counts(json_t *o, const struct mk_sdc_task *task)
{
    const struct mk_sdc_result *r = &task->result;
    struct mk_sdc_counts n;
    enum mk_err rc;
    mk_sdc_count_cells(&task->model, &n);
    double bound = floor(r->bound + 1e-6);
    MK_TRY(put_number(o, "cells", n.cells));
    MK_TRY(put_number(o, "published", n.published));
    MK_TRY(put_number(o, "primary", n.primary));
    MK_TRY(put_number(o, "secondary", n.secondary));
    MK_TRY(put_bool(o, "optimal", r->optimal));
    /* the cost of secondary cells; with "cost": "cells" their number */
    MK_TRY(put_number(o, "cost", (uint64_t)floor(r->cost + 1e-6)));
    MK_TRY(put_number(o, "cost_at_least", (uint64_t)bound));
    MK_TRY(put_number(o, "gap", (uint64_t)(floor(r->cost + 1e-6) - bound)));
    MK_TRY(put_bool(o, "heuristic", r->heuristic));
    MK_TRY(put_number(o, "work", r->work));
    if (n.unsafe > 0)
        MK_TRY(put_number(o, "narrowest", n.narrowest));
    MK_TRY(put_number(o, "outer_intervals", n.inexact));
out:
    return rc;
}

/* How large the attack was, and what the checker found. */
static enum mk_err put_attack(json_t *o, const struct mk_sdc_task *task,
                              const struct mk_sdc_result *r, bool reproducible)
{
    enum mk_err rc;
    MK_TRY(put_rule(o, task));
    MK_TRY(put_number(o, "earlier_releases", task->n_earlier));
    MK_TRY(put_number(o, "attack_columns", r->n_columns));
    MK_TRY(put_number(o, "attack_rows", r->n_rows));
    MK_TRY(put_number(o, "attack_bags", r->n_bags));
    MK_TRY(put_number(o, "witness_tables", r->proof.n_tables));
    MK_TRY(put_number(o, "faults", r->n_faults));
    MK_TRY(put_bool(o, "reproducible", reproducible));
out:
    return rc;
}

enum mk_err mk_sdc_write_proof(struct mk_buf *out,
                               const struct mk_sdc_task *task,
                               bool reproducible)
{
    json_t *o = json_object();
    enum mk_err rc = o ? MK_OK : MK_E_MEMORY;
    if (rc != MK_OK)
        return rc;
    MK_TRY(mk_sdc_json_put(o, "schema", json_string(SCHEMA)));
    MK_TRY(put_counts(o, task));
    MK_TRY(put_attack(o, task, &task->result, reproducible));
    MK_TRY(mk_sdc_json_dump(out, o, false));
out:
    json_decref(o);
    return rc;
}

static enum mk_err put_rounded(json_t *o, const struct mk_sdc_rounded *round)
{
    struct mk_sdc_counts n;
    enum mk_err rc;
    mk_sdc_count_cells(&round->seen, &n);
    MK_TRY(put_number(o, "base", round->base));
    MK_TRY(put_number(o, "cells", n.cells));
    MK_TRY(put_number(o, "primary", n.unsafe));
    /* multiples of the base that are printed as another one */
    MK_TRY(put_number(o, "moved", round->n_moved));
    /* unsafe, and closer than the rule for hidden cells allows */
    MK_TRY(put_number(o, "below_hidden_rule", round->n_below));
    MK_TRY(put_number(o, "attempts", round->tries));
    MK_TRY(put_number(o, "work", round->work));
    if (n.unsafe > 0)
        MK_TRY(put_number(o, "narrowest", n.narrowest));
    MK_TRY(put_number(o, "outer_intervals", n.inexact));
out:
    return rc;
}

enum mk_err mk_sdc_write_round_proof(struct mk_buf *out,
                                     const struct mk_sdc_task *task,
                                     bool reproducible)
{
    const struct mk_sdc_rounded *round = &task->rounded;
    json_t *o = json_object();
    enum mk_err rc = o ? MK_OK : MK_E_MEMORY;
    if (rc != MK_OK)
        return rc;
    MK_TRY(mk_sdc_json_put(o, "schema", json_string(SCHEMA)));
    MK_TRY(mk_sdc_json_put(o, "method", json_string("round")));
    MK_TRY(put_rounded(o, round));
    MK_TRY(put_attack(o, task, &round->audit, reproducible));
    MK_TRY(mk_sdc_json_dump(out, o, false));
out:
    json_decref(o);
    return rc;
}

/* ---- audit ---- */

static enum mk_err put_quoted(struct mk_buf *out, const char *text)
{
    enum mk_err rc;
    if (strpbrk(text, ",\"\r\n") == NULL)
        return mk_buf_add_str(out, text);
    MK_TRY(mk_buf_add_str(out, "\""));
    for (; *text; text++) {
        if (*text == '"')
            MK_TRY(mk_buf_add_str(out, "\""));
        MK_TRY(mk_buf_add(out, text, 1));
    }
    MK_TRY(mk_buf_add_str(out, "\""));
out:
    return rc;
}

static const char *node_name(const struct mk_sdc_model *m, size_t cell,
                             size_t d)
{
    const struct mk_sdc_dim *dim = &m->joint.dim[d];
    return dim->node[m->node[cell * m->joint.n_dims + d]].name;
}

static enum mk_err audit_row(struct mk_buf *out, const struct mk_sdc_task *t,
                             size_t i)
{
    const struct mk_sdc_model *m = &t->model;
    const struct mk_sdc_cell *c = &m->cell[i];
    enum mk_sdc_fault fault = t->result.fault[i];
    uint32_t by = t->result.by[i];
    char place[CELL_TEXT] = "";
    enum mk_err rc;
    for (size_t d = 0; d < m->joint.n_dims; d++) {
        MK_TRY(put_quoted(out, node_name(m, i, d)));
        MK_TRY(mk_buf_add_str(out, ","));
    }
    if (by != MK_SDC_NONE)
        mk_sdc_model_place(m, by, place, sizeof place);
    if (c->print == MK_SDC_ROUNDED)
        MK_TRY(mk_buf_addf(out, "rounded,%" PRIu64 ",%" PRIu64 ",%" PRIu64,
                           c->figure, c->lo, c->hi));
    else if (c->hidden)
        MK_TRY(mk_buf_addf(out, "hidden,,%" PRIu64 ",%" PRIu64, c->lo, c->hi));
    else
        MK_TRY(mk_buf_addf(out, "published,%" PRIu64 ",,", c->value));
    MK_TRY(mk_buf_addf(out, ",%s,", mk_sdc_fault_slug(fault)));
    MK_TRY(put_quoted(out, place));
    MK_TRY(mk_buf_add_str(out, "\n"));
out:
    return rc;
}

enum mk_err mk_sdc_write_audit(struct mk_buf *out,
                               const struct mk_sdc_task *task)
{
    const struct mk_sdc_model *m = &task->model;
    enum mk_err rc = MK_OK;
    for (size_t d = 0; d < m->joint.n_dims; d++) {
        MK_TRY(put_quoted(out, m->joint.dim[d].name));
        MK_TRY(mk_buf_add_str(out, ","));
    }
    MK_TRY(mk_buf_add_str(out, "status,value,lo,hi,fault,known_by\n"));
    for (size_t i = 0; i < m->n_cells; i++)
        if (!m->cell[i].empty)
            MK_TRY(audit_row(out, task, i));
out:
    return rc;
}

static const char *fault_text(enum mk_sdc_fault fault, bool rounded,
                              bool english)
{
    switch (fault) {
    case MK_SDC_FAULT_NONE:
        return "";
    case MK_SDC_FAULT_BASE:
    case MK_SDC_FAULT_TABLE:
    case MK_SDC_FAULT_REACH:
        return mk_say(english, "the proof does not hold");
    case MK_SDC_FAULT_SHOWN:
        return mk_say(english, "a small or traceable figure is printed");
    case MK_SDC_FAULT_EXACT:
        if (rounded)
            return mk_say(english, "rounded, and known exactly all the same");
        return mk_say(english, "hidden, and known exactly all the same");
    case MK_SDC_FAULT_NARROW:
        if (rounded)
            return mk_say(english, "rounded, but known too closely");
        return mk_say(english, "hidden, but known too closely");
    case MK_SDC_FAULT_INSIDER:
        return mk_say(english,
                      "known exactly to whoever knows the one record in");
    case MK_SDC_FAULT_GROUP:
        return mk_say(english, "a whole group is known to be in here");
    }
    return "";
}

/* Where an earlier release has the cell: " (eerder: A, tabel k,m)". */
static enum mk_err add_earlier(struct mk_buf *out,
                               const struct mk_sdc_model *m, size_t cell,
                               bool english)
{
    char name[MK_SDC_EARLIER_NAME], table[CELL_TEXT];
    if (!mk_sdc_earlier_of(m, cell, name))
        return MK_OK;
    mk_sdc_earlier_table(m, cell, table, sizeof table);
    return mk_buf_addf(out, mk_say(english, " (earlier: %s, table %s)"), name,
                       table);
}

enum mk_err mk_sdc_write_faults(struct mk_buf *out,
                                const struct mk_sdc_task *task, bool english)
{
    const struct mk_sdc_model *m = &task->model;
    char place[CELL_TEXT];
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < m->n_cells; i++) {
        enum mk_sdc_fault fault = task->result.fault[i];
        const struct mk_sdc_cell *c = &m->cell[i];
        if (fault == MK_SDC_FAULT_NONE)
            continue;
        mk_sdc_model_place(m, i, place, sizeof place);
        MK_TRY(mk_buf_addf(out, "%s: ", place));
        if (c->hidden)
            MK_TRY(
                mk_buf_addf(out, "%" PRIu64 "-%" PRIu64 ": ", c->lo, c->hi));
        MK_TRY(mk_buf_add_str(
            out, fault_text(fault, c->print == MK_SDC_ROUNDED, english)));
        if (task->result.by[i] != MK_SDC_NONE) {
            mk_sdc_model_place(m, task->result.by[i], place, sizeof place);
            MK_TRY(mk_buf_addf(out, " %s", place));
        }
        MK_TRY(add_earlier(out, m, i, english));
        MK_TRY(mk_buf_add_str(out, "\n"));
    }
out:
    return rc;
}

enum mk_err mk_sdc_write_refusal(struct mk_buf *out,
                                 const struct mk_sdc_task *task, bool english)
{
    char names[CELL_TEXT];
    enum mk_err rc;
    MK_TRY(mk_sdc_write_faults(out, task, english));
    if (task->model.n_earlier == 0)
        goto out;
    /* the solver wrote it: no terminal obeys it */
    MK_TRY(mk_text_visible(out, task->result.derivations.data,
                           task->result.derivations.len, true));
    mk_sdc_earlier_names(&task->model, names, sizeof names);
    MK_TRY(mk_buf_addf(
        out, mk_say(english, "held against the earlier releases %s\n"),
        names));
out:
    return rc;
}
