/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Solver and gate: an answer that was tampered with passes for none. */
#include "reports/sdc/job.h"
#include "tests/support/sdc_kit.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

static struct mk_sdc_job job;
static struct mk_sdc_task solver, gate;
static struct mk_buf answer;
static struct mk_diag diag;

static void take_file(struct mk_buf *text, const char *name, const char *file)
{
    size_t n;
    char *bytes = sdc_kit_read(name, file, &n);
    ck_assert_int_eq(mk_buf_add(text, bytes, n), MK_OK);
    free(bytes);
}

static void open_task(struct mk_sdc_task *task)
{
    int which;
    enum mk_err rc = mk_sdc_task_open(task, &job, &which, &diag);
    ck_assert_msg(rc == MK_OK, "%s at %s", mk_err_name(rc), diag.place);
}

/* The solver has done its work, and nothing was sent yet. */
static void start(enum mk_sdc_job_kind kind, const char *name)
{
    diag = (struct mk_diag)MK_DIAG_INIT;
    mk_buf_init(&answer);
    mk_sdc_job_init(&job);
    job.kind = kind;
    job.work = 20000;
    job.base = kind == MK_SDC_JOB_ROUND ? 5 : 0;
    take_file(&job.spec, name, "spec.json");
    take_file(&job.data, name, "micro.csv");
    ck_assert_int_eq(
        mk_buf_add(&job.key, "01234567890123456789012345678901", 32), MK_OK);
    open_task(&solver);
    enum mk_err rc = mk_sdc_task_run(&solver, &job, &diag);
    ck_assert_msg(rc == MK_OK, "%s at %s", mk_err_name(rc), diag.place);
}

static void send(void)
{
    mk_buf_clear(&answer);
    ck_assert_int_eq(
        mk_sdc_answer_write(&answer, &solver, job.kind, MK_OK, &diag), MK_OK);
}

/* The gate is left with what it took. */
static enum mk_err accepted(void)
{
    open_task(&gate);
    diag = (struct mk_diag)MK_DIAG_INIT;
    return mk_sdc_task_accept(&gate, &job, &answer, &diag);
}

/* Does anything come out?  The gate is put away. */
static bool passes(void)
{
    bool good = accepted() == MK_OK;
    if (good)
        good = job.kind == MK_SDC_JOB_ROUND
                   ? gate.rounded.audit.n_faults == 0
                   : gate.result.safe && gate.result.n_faults == 0;
    mk_sdc_task_release(&gate);
    return good;
}

static void finish(void)
{
    mk_sdc_task_release(&solver);
    mk_sdc_job_release(&job);
    mk_buf_release(&answer);
}

/* A cell with a figure for which that holds. */
static size_t find(bool (*is)(const struct mk_sdc_cell *cell))
{
    const struct mk_sdc_model *m = &solver.model;
    for (size_t i = 0; i < m->n_cells; i++)
        if (is(&m->cell[i]) && !m->cell[i].empty)
            return i;
    ck_abort_msg("no such cell");
}

/* ---- rounding ---- */

START_TEST(the_gate_counts_the_figures_of_the_solver)
{
    start(MK_SDC_JOB_ROUND, "D03");
    send();
    ck_assert_int_eq(accepted(), MK_OK);
    ck_assert_uint_eq(gate.rounded.audit.n_faults, 0);
    ck_assert_uint_gt(gate.rounded.n_unsafe, 0);
    ck_assert_uint_eq(gate.rounded.n_unsafe, solver.rounded.n_unsafe);
    ck_assert_uint_eq(gate.rounded.narrowest, solver.rounded.narrowest);
    for (size_t i = 0; i < gate.model.n_cells; i++) {
        const struct mk_sdc_rounded_cell *a = &gate.rounded.cell[i];
        const struct mk_sdc_rounded_cell *b = &solver.rounded.cell[i];
        ck_assert(a->shown == b->shown && a->value == b->value &&
                  a->lo == b->lo && a->hi == b->hi && a->exact == b->exact);
    }
    mk_sdc_task_release(&gate);
    finish();
}
END_TEST

static struct mk_sdc_records *units(void)
{
    return &solver.rounded.units;
}

static bool refuses(const char *place)
{
    send();
    enum mk_err rc = accepted();
    bool said = !place || strcmp(diag.place, place) == 0;
    mk_sdc_task_release(&gate);
    return rc == MK_E_INTERNAL && said;
}

/* Every change of the inner table by one is a figure that is too far from its
 * value somewhere: all margins are figures too. */
START_TEST(a_figure_that_is_not_next_to_its_value_is_refused)
{
    start(MK_SDC_JOB_ROUND, "D03");
    for (size_t i = 0; i < units()->rows; i++)
        for (int64_t by = -1; by <= 1; by += 2) {
            units()->n[i] += 2 * by;
            ck_assert_msg(refuses(NULL), "%d of row %d", (int)by, (int)i);
            units()->n[i] -= 2 * by;
        }
    send();
    ck_assert(passes());
    finish();
}
END_TEST

static bool is_inner_zero(const struct mk_sdc_cell *cell)
{
    const struct mk_sdc_model *m = &solver.model;
    const uint32_t *node = m->node +
                           (size_t)(cell - m->cell) * m->joint.n_dims;
    for (size_t d = 0; d < m->joint.n_dims; d++)
        if (node[d] >= m->joint.dim[d].n_leaves)
            return false;
    return cell->value == 0;
}

/* A unit of a neighbour goes to a cell of value 0: its row and column agree
 * with nothing, and if they did the zero itself would not. */
START_TEST(a_zero_that_gets_a_figure_is_refused)
{
    start(MK_SDC_JOB_ROUND, "D02");
    size_t n_dims = solver.model.joint.n_dims;
    const uint32_t *zero = solver.model.node +
                           find(is_inner_zero) * solver.model.joint.n_dims;
    uint32_t was[MK_SDC_DIMS];
    for (size_t i = 0; i < units()->rows; i++) {
        uint32_t *leaf = units()->leaf + i * n_dims;
        memcpy(was, leaf, n_dims * sizeof *was);
        memcpy(leaf, zero, n_dims * sizeof *leaf);
        ck_assert(refuses(NULL));
        memcpy(leaf, was, n_dims * sizeof *was);
    }
    finish();
}
END_TEST

START_TEST(units_that_are_no_table_are_refused)
{
    start(MK_SDC_JOB_ROUND, "D03");
    size_t n_dims = solver.model.joint.n_dims, which;
    uint32_t *leaf = units()->leaf;
    int64_t n = units()->n[0];
    units()->n[0] = 0;
    ck_assert(refuses("units"));
    units()->n[0] = -n;
    ck_assert(refuses("units"));
    units()->n[0] = n;
    /* a record where nobody can be */
    uint32_t was[MK_SDC_DIMS], zero[MK_SDC_DIMS] = {0};
    size_t d;
    while (!mk_sdc_patterns_hold(&solver.model.joint.zeros,
                                 &solver.model.joint, zero, &which)) {
        for (d = 0; ++zero[d] == solver.model.joint.dim[d].n_leaves; d++)
            zero[d] = 0;
    }
    memcpy(was, leaf, n_dims * sizeof *was);
    memcpy(leaf, zero, n_dims * sizeof *leaf);
    ck_assert(refuses("units"));
    memcpy(leaf, was, n_dims * sizeof *was);
    leaf[0] = solver.model.joint.dim[0].n_leaves; /* no such level */
    ck_assert(refuses("solver"));
    finish();
}
END_TEST

START_TEST(an_answer_to_another_base_or_threshold_is_refused)
{
    start(MK_SDC_JOB_ROUND, "D10"); /* of threshold 3, which goes with both */
    send();
    ck_assert(passes());
    job.base = 3;
    ck_assert(!passes());
    job.base = 4;
    ck_assert_int_eq(accepted(), MK_E_BAD_NUMBER);
    mk_sdc_task_release(&gate);
    finish();
    start(MK_SDC_JOB_ROUND, "D03");
    send();
    job.base = 3;
    ck_assert_int_eq(accepted(), MK_E_BAD_NUMBER);
    ck_assert_str_eq(diag.place, "threshold");
    mk_sdc_task_release(&gate);
    finish();
}
END_TEST

/* The proof of a rounding, or of a protection. */
static void tamper(struct mk_sdc_result *r, struct mk_sdc_model *m)
{
    struct mk_sdc_proof *p = &r->proof;
    size_t at = 0;
    while (!m->cell[at].hidden || m->cell[at].lo == m->cell[at].value ||
           m->cell[at].hi == m->cell[at].value || !m->cell[at].exact)
        at++;
    struct mk_sdc_cell *c = &m->cell[at];
    /* ends that no table reaches, and ends that one passes */
    for (int by = -1; by <= 1; by += 2) {
        c->lo += (uint64_t)by;
        send();
        ck_assert(!passes());
        c->lo -= (uint64_t)by;
        c->hi += (uint64_t)by;
        send();
        ck_assert(!passes());
        c->hi -= (uint64_t)by;
    }
    /* the table of another cell */
    uint32_t table = p->lo[at];
    p->lo[at] = p->hi[at];
    send();
    ck_assert(!passes());
    p->lo[at] = table;
    /* a base that is not the truth, a table that contradicts what is shown */
    p->base.n[0]++;
    send();
    ck_assert(!passes());
    p->base.n[0]--;
    p->table[table].n[0] += 20;
    send();
    ck_assert(!passes());
    p->table[table].n[0] -= 20;
    /* a cell that should be an interval is printed */
    c->hidden = false;
    send();
    ck_assert(!passes());
    c->hidden = true;
    size_t tables = p->n_tables;
    p->n_tables = 0;
    send();
    ck_assert(!passes());
    p->n_tables = tables;
    send();
    ck_assert(passes());
}

START_TEST(a_rounding_without_its_proof_is_refused)
{
    start(MK_SDC_JOB_ROUND, "D03");
    tamper(&solver.rounded.audit, &solver.rounded.seen);
    finish();
}
END_TEST

START_TEST(a_protection_without_its_proof_is_refused)
{
    start(MK_SDC_JOB_PROTECT, "D03");
    tamper(&solver.result, &solver.model);
    finish();
}
END_TEST

/* ---- bytes ---- */

static void cut_everywhere(enum mk_sdc_job_kind kind)
{
    start(kind, "D01");
    send();
    size_t whole = answer.len;
    for (size_t n = 0; n < whole; n += n < 400 ? 1 : 97) {
        answer.len = n;
        enum mk_err rc = accepted();
        ck_assert_msg(rc == MK_E_INTERNAL, "%s at %s, %d of %d",
                      mk_err_name(rc), diag.place, (int)n, (int)whole);
        mk_sdc_task_release(&gate);
    }
    answer.len = whole;
    ck_assert_int_eq(mk_buf_add_u8(&answer, 0), MK_OK);
    ck_assert_int_eq(accepted(), MK_E_INTERNAL);
    mk_sdc_task_release(&gate);
    finish();
}

START_TEST(an_answer_that_is_cut_or_too_long_is_none)
{
    cut_everywhere(MK_SDC_JOB_PROTECT);
    cut_everywhere(MK_SDC_JOB_ROUND);
    cut_everywhere(MK_SDC_JOB_ADVISE);
}
END_TEST

/* Numbers of the answer by chance: nothing breaks, and the figures that come
 * out all the same are figures of their values. */
START_TEST(an_answer_of_wrong_numbers_gives_no_wrong_figure)
{
    static const uint64_t wrong[] = {0, 1, 2, 7, UINT32_MAX, UINT64_MAX};
    uint64_t chance = 1;
    unsigned passed = 0;
    start(MK_SDC_JOB_ROUND, "D01");
    send();
    for (unsigned i = 0; i < 3000; i++) {
        chance = chance * 6364136223846793005u + 1442695040888963407u;
        size_t at = (size_t)(chance >> 33) % (answer.len / 8) * 8;
        uint8_t was[8];
        memcpy(was, answer.data + at, 8);
        for (int k = 0; k < 8; k++)
            answer.data[at + (size_t)k] =
                (uint8_t)(wrong[i % 6] >> (56 - 8 * k));
        enum mk_err rc = accepted();
        const struct mk_sdc_rounded *r = &gate.rounded;
        for (size_t c = 0;
             rc == MK_OK && r->audit.n_faults == 0 && c < gate.model.n_cells;
             c++) {
            uint64_t v = gate.model.cell[c].value;
            ck_assert(r->cell[c].value % 5 == 0);
            ck_assert_uint_lt(r->cell[c].value > v ? r->cell[c].value - v
                                                   : v - r->cell[c].value,
                              5);
            ck_assert(r->cell[c].lo <= v && v <= r->cell[c].hi);
        }
        passed += rc == MK_OK && r->audit.n_faults == 0;
        mk_sdc_task_release(&gate);
        memcpy(answer.data + at, was, 8);
    }
    ck_assert_uint_gt(passed, 0); /* counters, and numbers that were right */
    ck_assert_uint_lt(passed, 1500);
    finish();
}
END_TEST

START_TEST(what_went_wrong_with_the_solver_is_passed_on)
{
    struct mk_diag said = MK_DIAG_INIT;
    start(MK_SDC_JOB_ROUND, "D01");
    (void)mk_fail_at(&said, MK_E_DISCLOSURE, "rounding", 1, 2, 3);
    ck_assert_int_eq(mk_sdc_answer_write(&answer, &solver, job.kind,
                                         MK_E_DISCLOSURE, &said),
                     MK_OK);
    ck_assert_int_eq(accepted(), MK_E_DISCLOSURE);
    ck_assert_str_eq(diag.place, "rounding");
    ck_assert_int_eq(diag.num[1], 3);
    mk_sdc_task_release(&gate);
    finish();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_gate_counts_the_figures_of_the_solver,
        a_figure_that_is_not_next_to_its_value_is_refused,
        a_zero_that_gets_a_figure_is_refused,
        units_that_are_no_table_are_refused,
        an_answer_to_another_base_or_threshold_is_refused,
        a_rounding_without_its_proof_is_refused,
        a_protection_without_its_proof_is_refused,
        an_answer_that_is_cut_or_too_long_is_none,
        an_answer_of_wrong_numbers_gives_no_wrong_figure,
        what_went_wrong_with_the_solver_is_passed_on,
    };
    return UNIT_RUN("sdc_job", tests, NULL);
}
