/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Old figures beside revised ones, against an attacker who tries every table
 * and knows how many records came and went.
 */
#include "reports/revision.h"
#include "tests/support/sdc_brute.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/sdc/job.h"
#include "reports/sdc/json.h"
#include "reports/sdc/release_file.h"

#define STEPS 5000000u
#define WORK 20000u
#define LEAVES 6

/* A year by x and y, and what became of it. */
struct year {
    unsigned x, y; /* levels; y 0: there is no such dimension */
    unsigned threshold;
    bool insider, group;
    unsigned kept[LEAVES], removed[LEAVES], added[LEAVES];
};

static struct sdc_brute brute;
static uint64_t state; /* of chance */

static unsigned chance(unsigned n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)((state >> 33) % n);
}

static unsigned trials(unsigned few)
{
    return getenv("MK_LONG") ? 20 * few : few;
}

static unsigned cells_of(const struct year *c)
{
    return c->y ? c->x * c->y : c->x;
}

static struct mk_change sum_of(const struct year *c)
{
    struct mk_change sum = {0, 0, 0};
    for (unsigned i = 0; i < cells_of(c); i++) {
        sum.kept += c->kept[i];
        sum.removed += c->removed[i];
        sum.added += c->added[i];
    }
    return sum;
}

/* ---- a year as texts ---- */

static void put(struct mk_buf *out, const char *text)
{
    ck_assert_int_eq(mk_buf_add_str(out, text), MK_OK);
}

static void put_spec(struct mk_buf *out, const struct year *c)
{
    ck_assert_int_eq(
        mk_buf_addf(
            out,
            "{\"dims\": [\"x\"%s], \"levels\": {\"x\": [\"a\", \"b\"%s]"
            "%s}, \"tables\": [[\"x\"%s]], \"threshold\": %u,"
            " \"insider\": %s, \"group\": [%s]}",
            c->y ? ", \"y\"" : "", c->x > 2 ? ", \"c\"" : "",
            c->y ? ", \"y\": [\"p\", \"q\"]" : "", c->y ? ", \"y\"" : "",
            c->threshold, c->insider ? "true" : "false",
            c->group ? "\"x\"" : ""),
        MK_OK);
}

static void put_rows(struct mk_buf *out, const struct year *c,
                     const unsigned *n, const char *change)
{
    for (unsigned i = 0; i < cells_of(c); i++) {
        unsigned x = c->y ? i / c->y : i, y = c->y ? i % c->y : 0;
        if (n[i] == 0)
            continue;
        ck_assert_int_eq(mk_buf_addf(out, "%c%s%s%s,%u\n", 'a' + (int)x,
                                     !c->y ? ""
                                     : y   ? ",q"
                                           : ",p",
                                     *change ? "," : "", change, n[i]),
                         MK_OK);
    }
}

/* ---- protecting it ---- */

/* False: refused. */
static bool protect(struct mk_sdc_task *task, const struct mk_sdc_job *job)
{
    struct mk_diag diag = MK_DIAG_INIT;
    int which;
    memset(task, 0, sizeof *task);
    enum mk_err rc = mk_sdc_task_open(task, job, &which, &diag);
    ck_assert_msg(rc == MK_OK, "%s in %d at %s", mk_err_name(rc), which,
                  diag.place);
    rc = mk_sdc_task_run(task, job, &diag);
    ck_assert_msg(rc == MK_OK || rc == MK_E_EARLIER, "%s at %s",
                  mk_err_name(rc), diag.place);
    return rc == MK_OK && task->result.safe && task->result.n_faults == 0;
}

/* The release of the year as it was; NULL: refused. */
static json_t *publish(const struct year *c)
{
    struct mk_sdc_job *job = calloc(1, sizeof *job);
    struct mk_sdc_task *task = calloc(1, sizeof *task);
    unsigned old[LEAVES];
    json_t *release = NULL;
    ck_assert(job && task);
    job->kind = MK_SDC_JOB_PROTECT;
    job->work = WORK;
    put_spec(&job->spec, c);
    put(&job->data, c->y ? "x,y,n\n" : "x,n\n");
    for (unsigned i = 0; i < LEAVES; i++)
        old[i] = c->kept[i] + c->removed[i];
    put_rows(&job->data, c, old, "");
    if (protect(task, job))
        ck_assert_int_eq(
            mk_sdc_release_to_json(&release, &task->model, "A", NULL), MK_OK);
    mk_sdc_task_release(task);
    mk_sdc_job_release(job);
    free(task);
    free(job);
    return release;
}

/* The revision as a job after release; told: of an attacker who knows how many
 * records came and went. */
static void revise(struct mk_sdc_job *job, const struct year *c,
                   const json_t *release, bool told)
{
    json_t *before = json_deep_copy(release);
    const json_t *spec = json_object_get(release, "spec");
    const struct mk_change sum = sum_of(c);
    memset(job, 0, sizeof *job);
    job->kind = MK_SDC_JOB_PROTECT;
    job->work = WORK;
    put_spec(&job->spec, c);
    ck_assert_int_eq(mk_change_spec(&job->spec, &spec, 1, NULL), MK_OK);
    put(&job->data, c->y ? "x,y,change,n\n" : "x,change,n\n");
    put_rows(&job->data, c, c->kept, "KEPT");
    put_rows(&job->data, c, c->removed, "REMOVED");
    put_rows(&job->data, c, c->added, "ADDED");
    ck_assert_int_eq(mk_change_before(before), MK_OK);
    ck_assert_int_eq(mk_sdc_json_dump(&job->release[0], before, true), MK_OK);
    job->n_releases = 1;
    if (told)
        ck_assert_int_eq(
            mk_change_known(&job->release[job->n_releases++], &sum), MK_OK);
    json_decref(before);
}

/* ---- trying every table ---- */

/* Is a cell of that name hidden in what was made? */
static bool is_hidden(const struct mk_sdc_model *made, const char *name)
{
    char place[256];
    for (size_t i = 0; i < made->n_cells; i++) {
        mk_sdc_model_place(made, i, place, sizeof place);
        if (strcmp(place, name) == 0)
            return made->cell[i].hidden;
    }
    return false;
}

/* What is broken of made, to whom the model told tells how many came and went;
 * *done false: too many tables. */
static const char *break_it(const struct mk_sdc_model *made,
                            const struct mk_sdc_model *told, bool *done,
                            char place[static 256])
{
    bool hidden[BRUTE_CELLS];
    size_t cell;
    ck_assert(sdc_brute_init(&brute, told));
    for (size_t i = 0; i < told->n_cells; i++) {
        mk_sdc_model_place(told, i, place, 256);
        hidden[i] = told->cell[i].fate != MK_SDC_MUST_SHOW &&
                    is_hidden(made, place);
    }
    *done = sdc_brute_try(&brute, hidden, STEPS);
    if (!*done)
        return NULL;
    ck_assert_uint_gt(brute.tables, 0);
    /* what came or went that is no small number may be known exactly */
    for (size_t i = 0; i < told->n_cells; i++)
        brute.hidden[i] &= !told->cell[i].watched || brute.unsafe[i];
    const char *what = sdc_brute_broken(&brute, &cell);
    mk_sdc_model_place(told, cell, place, 256);
    return what;
}

enum outcome { NOT_PUBLISHED, REFUSED, ENDLESS, SAFE, BROKEN };

/* The gate's engine told or not told of the attacker; then the attacker. */
static enum outcome try_year(const struct year *c, bool told,
                             const char **what, char place[static 256])
{
    struct mk_sdc_job *job = calloc(1, sizeof *job);
    struct mk_sdc_task *made = calloc(2, sizeof *made);
    json_t *release = publish(c);
    enum outcome out = REFUSED;
    int which;
    bool done;
    ck_assert(job && made);
    if (!release) {
        out = NOT_PUBLISHED;
        goto out;
    }
    revise(job, c, release, told);
    if (!protect(&made[0], job))
        goto out;
    mk_sdc_job_release(job);
    revise(job, c, release, true);
    ck_assert_int_eq(mk_sdc_task_open(&made[1], job, &which, NULL), MK_OK);
    *what = break_it(&made[0].model, &made[1].model, &done, place);
    out = !done ? ENDLESS : *what ? BROKEN : SAFE;
out:
    for (int i = 0; i < 2; i++)
        if (made[i].spec.n_dims > 0)
            mk_sdc_task_release(&made[i]);
    mk_sdc_job_release(job);
    json_decref(release);
    free(made);
    free(job);
    return out;
}

/* ---- years by chance ---- */

static void spread(const struct year *c, unsigned *n, unsigned records)
{
    unsigned half = chance(2) ? cells_of(c) : 1 + chance(cells_of(c));
    for (; records > 0; records--)
        n[chance(half)]++;
}

/* At least the threshold of each, or none: the rest is refused before. */
static unsigned size_of_change(const struct year *c)
{
    return chance(4) == 0 ? 0 : c->threshold + chance(4);
}

static void make(struct year *c, unsigned seed)
{
    state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    memset(c, 0, sizeof *c);
    c->x = 2 + chance(2);
    c->y = chance(3) ? 2 : 0;
    c->threshold = 2 + chance(2);
    c->insider = chance(2) == 0;
    c->group = chance(3) == 0;
    spread(c, c->kept, 2 + chance(8));
    spread(c, c->removed, size_of_change(c));
    spread(c, c->added, size_of_change(c));
}

static void try_all(unsigned n, bool told, unsigned count[static BROKEN + 1])
{
    struct year c;
    char place[256];
    const char *what;
    memset(count, 0, (BROKEN + 1) * sizeof *count);
    for (unsigned seed = 1; seed <= n; seed++) {
        make(&c, seed);
        enum outcome out = try_year(&c, told, &what, place);
        count[out]++;
        ck_assert_msg(!told || out != BROKEN, "%u: %s is %s", seed, place,
                      what);
        if (getenv("MK_SHOW") && out == BROKEN)
            printf("%u: %s is %s\n", seed, place, what);
    }
    printf("%u years, %s: %u not published, %u refused, %u without an end, "
           "%u safe, %u broken\n",
           n, told ? "told" : "not told", count[NOT_PUBLISHED], count[REFUSED],
           count[ENDLESS], count[SAFE], count[BROKEN]);
}

START_TEST(no_revision_that_is_called_safe_can_be_broken)
{
    unsigned count[BROKEN + 1], n = trials(600);
    try_all(n, true, count);
    ck_assert_uint_gt(count[SAFE], n / 20);
    ck_assert_uint_gt(count[REFUSED], n / 20);
    ck_assert_uint_lt(count[ENDLESS], n / 10);
}
END_TEST

START_TEST(without_the_attackers_knowledge_revisions_are_broken)
{
    unsigned count[BROKEN + 1];
    try_all(600, false, count);
    ck_assert_uint_gt(count[BROKEN], 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        no_revision_that_is_called_safe_can_be_broken,
        without_the_attackers_knowledge_revisions_are_broken,
    };
    return UNIT_RUN("sdc_revision", tests, NULL);
}
