/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Old figures beside revised ones, against an attacker who tries every table
 * and knows how many records came and went.
 */
#include "reports/revision.h"
#include "tests/support/sdc_brute.h"
#include "tests/support/unit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/sdc/job.h"
#include "reports/sdc/json.h"
#include "reports/sdc/release_file.h"

#define STEPS 5000000u
#define WORK 20000u
#define LEAVES 8

/* A year by x, y and z, and what became of it. */
struct year {
    unsigned levels[3]; /* of x, y, z; 0: there is no such dimension */
    unsigned threshold;
    bool insider, group;
    unsigned kept[LEAVES], removed[LEAVES], added[LEAVES];
};

static const char dim_name[] = "xyz";
static const char level_name[3][4] = {"abc", "pqr", "uvw"};
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

static unsigned leaves_of(const struct year *c)
{
    unsigned n = 1;
    for (int d = 0; d < 3 && c->levels[d]; d++)
        n *= c->levels[d];
    return n;
}

static struct mk_change sum_of(const struct year *c)
{
    struct mk_change sum = {0, 0, 0};
    for (unsigned i = 0; i < leaves_of(c); i++) {
        sum.kept += c->kept[i];
        sum.removed += c->removed[i];
        sum.added += c->added[i];
    }
    return sum;
}

/* ---- a year as texts ---- */

static void put(struct mk_buf *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void put(struct mk_buf *out, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    ck_assert(n >= 0 && n < (int)sizeof text);
    ck_assert_int_eq(mk_buf_add_str(out, text), MK_OK);
}

static void put_spec(struct mk_buf *out, const struct year *c,
                     const char *tables)
{
    put(out, "{\"dims\": [");
    for (int d = 0; d < 3 && c->levels[d]; d++)
        put(out, "%s\"%c\"", d ? ", " : "", dim_name[d]);
    put(out, "], \"levels\": {");
    for (int d = 0; d < 3 && c->levels[d]; d++) {
        put(out, "%s\"%c\": [", d ? ", " : "", dim_name[d]);
        for (unsigned i = 0; i < c->levels[d]; i++)
            put(out, "%s\"%c\"", i ? ", " : "", level_name[d][i]);
        put(out, "]");
    }
    put(out,
        "}, \"tables\": %s, \"threshold\": %u, \"insider\": %s,"
        " \"group\": [%s]}",
        tables, c->threshold, c->insider ? "true" : "false",
        c->group ? "\"x\"" : "");
}

static void put_columns(struct mk_buf *out, const struct year *c,
                        const char *change)
{
    for (int d = 0; d < 3 && c->levels[d]; d++)
        put(out, "%c,", dim_name[d]);
    put(out, "%sn\n", change);
}

/* change: with the comma behind it. */
static void put_rows(struct mk_buf *out, const struct year *c,
                     const unsigned *n, const char *change)
{
    for (unsigned i = 0; i < leaves_of(c); i++) {
        unsigned below = leaves_of(c);
        if (n[i] == 0)
            continue;
        for (int d = 0; d < 3 && c->levels[d]; d++) {
            below /= c->levels[d];
            put(out, "%c,", level_name[d][i / below % c->levels[d]]);
        }
        put(out, "%s%u\n", change, n[i]);
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

/* What the job publishes; NULL: refused. */
static json_t *publish(struct mk_sdc_job *job, const char *name)
{
    struct mk_sdc_task *task = calloc(1, sizeof *task);
    json_t *release = NULL;
    ck_assert_ptr_nonnull(task);
    if (protect(task, job))
        ck_assert_int_eq(
            mk_sdc_release_to_json(&release, &task->model, name, NULL), MK_OK);
    mk_sdc_task_release(task);
    free(task);
    return release;
}

static void begin(struct mk_sdc_job *job)
{
    mk_sdc_job_release(job);
    memset(job, 0, sizeof *job);
    job->kind = MK_SDC_JOB_PROTECT;
    job->work = WORK;
}

/* The year as it was. */
static void as_it_was(struct mk_sdc_job *job, const struct year *c,
                      const char *tables)
{
    unsigned old[LEAVES];
    begin(job);
    put_spec(&job->spec, c, tables);
    put_columns(&job->data, c, "");
    for (unsigned i = 0; i < LEAVES; i++)
        old[i] = c->kept[i] + c->removed[i];
    put_rows(&job->data, c, old, "");
}

/* What the attacker is taken to know, and what is watched: all that he may be
 * interested in, or only what stands in the tables of this release. */
struct care {
    bool told, watch_all;
};
static const struct care all_care = {true, true};

/* The year as it is now, after n releases. */
static void as_it_is(struct mk_sdc_job *job, const struct year *c,
                     const char *tables, json_t *const *release, size_t n,
                     struct care care)
{
    const struct mk_change sum = sum_of(c);
    const json_t *spec[4];
    begin(job);
    put_spec(&job->spec, c, tables);
    put_columns(&job->data, c, "change,");
    put_rows(&job->data, c, c->kept, "KEPT,");
    put_rows(&job->data, c, c->removed, "REMOVED,");
    put_rows(&job->data, c, c->added, "ADDED,");
    for (size_t i = 0; i < n; i++) {
        json_t *before = json_deep_copy(release[i]);
        spec[i] = json_object_get(release[i], "spec");
        ck_assert_int_eq(mk_change_before(before), MK_OK);
        ck_assert_int_eq(
            mk_sdc_json_dump(&job->release[job->n_releases++], before, true),
            MK_OK);
        json_decref(before);
    }
    ck_assert_int_eq(
        mk_change_spec(&job->spec, spec, care.watch_all ? n : 0, NULL), MK_OK);
    if (care.told)
        ck_assert_int_eq(
            mk_change_known(&job->release[job->n_releases++], &sum), MK_OK);
}

/* ---- trying every table ---- */

/* Is a cell of that name hidden in what was made?  What came and what went has
 * no cell where it is not watched. */
static bool is_hidden(const struct mk_sdc_model *made, const char *name,
                      bool watched)
{
    char place[256];
    for (size_t i = 0; i < made->n_cells; i++) {
        mk_sdc_model_place(made, i, place, sizeof place);
        if (strcmp(place, name) == 0)
            return made->cell[i].hidden;
    }
    return watched;
}

/* What is broken of made, to whom knows all that the model told has; *done
 * false: too many tables. */
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
                    is_hidden(made, place, told->cell[i].watched);
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

/* The last of the releases, made with that care; then the attacker. */
static enum outcome try_last(struct mk_sdc_job *job, const struct year *c,
                             const char *tables, json_t *const *release,
                             size_t n, struct care care, const char **what,
                             char place[static 256])
{
    struct mk_sdc_task *made = calloc(1, sizeof *made);
    struct mk_sdc_task *told = calloc(1, sizeof *told);
    enum outcome out = REFUSED;
    int which;
    bool done;
    ck_assert(made && told);
    *what = NULL;
    as_it_is(job, c, tables, release, n, care);
    if (protect(made, job)) {
        as_it_is(job, c, tables, release, n, all_care);
        ck_assert_int_eq(mk_sdc_task_open(told, job, &which, NULL), MK_OK);
        *what = break_it(&made->model, &told->model, &done, place);
        out = !done ? ENDLESS : *what ? BROKEN : SAFE;
        mk_sdc_task_release(told);
    }
    mk_sdc_task_release(made);
    free(told);
    free(made);
    return out;
}

/* One table: as it was, then revised with that care. */
static enum outcome try_revision(const struct year *c, struct care care,
                                 const char **what, char place[static 256])
{
    const char *table = c->levels[1] ? "[[\"x\", \"y\"]]" : "[[\"x\"]]";
    struct mk_sdc_job *job = calloc(1, sizeof *job);
    enum outcome out = NOT_PUBLISHED;
    ck_assert_ptr_nonnull(job);
    as_it_was(job, c, table);
    json_t *release = publish(job, "A");
    if (release)
        out = try_last(job, c, table, &release, 1, care, what, place);
    json_decref(release);
    mk_sdc_job_release(job);
    free(job);
    return out;
}

/* Two tables: one as it was and revised, then another with that care. */
static enum outcome try_later(const struct year *c, struct care care,
                              const char **what, char place[static 256])
{
    static const char first[] = "[[\"x\", \"y\"]]",
                      later[] = "[[\"x\", \"z\"], [\"y\", \"z\"]]";
    struct mk_sdc_job *job = calloc(1, sizeof *job);
    json_t *release[2] = {NULL, NULL};
    enum outcome out = NOT_PUBLISHED;
    ck_assert_ptr_nonnull(job);
    as_it_was(job, c, first);
    release[0] = publish(job, "A");
    if (release[0]) {
        as_it_is(job, c, first, release, 1, all_care);
        release[1] = publish(job, "B");
    }
    if (release[1])
        out = try_last(job, c, later, release, 2, care, what, place);
    json_decref(release[0]);
    json_decref(release[1]);
    mk_sdc_job_release(job);
    free(job);
    return out;
}

/* ---- years by chance ---- */

static void spread(const struct year *c, unsigned *n, unsigned records)
{
    unsigned half = chance(2) ? leaves_of(c) : 1 + chance(leaves_of(c));
    for (; records > 0; records--)
        n[chance(half)]++;
}

/* At least the threshold of each, or none: the rest is refused before. */
static unsigned size_of_change(const struct year *c)
{
    return chance(4) == 0 ? 0 : c->threshold + chance(4);
}

static void make(struct year *c, unsigned seed, bool z)
{
    state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    memset(c, 0, sizeof *c);
    c->levels[0] = z ? 2 : 2 + chance(2);
    c->levels[1] = z || chance(3) ? 2 : 0;
    c->levels[2] = z ? 2 : 0;
    c->threshold = z ? 2 : 2 + chance(2);
    c->insider = chance(2) == 0;
    c->group = chance(3) == 0;
    spread(c, c->kept, 2 + chance(z ? 4 : 8));
    spread(c, c->removed, size_of_change(c));
    spread(c, c->added, size_of_change(c));
}

typedef enum outcome try_year(const struct year *c, struct care care,
                              const char **what, char place[static 256]);

static void try_all(unsigned n, try_year *try, bool z, struct care care,
                    unsigned count[static BROKEN + 1])
{
    const bool all = care.told && care.watch_all;
    struct year c;
    char place[256];
    const char *what;
    memset(count, 0, (BROKEN + 1) * sizeof *count);
    for (unsigned seed = 1; seed <= n; seed++) {
        make(&c, seed, z);
        enum outcome out = try(&c, care, &what, place);
        count[out]++;
        ck_assert_msg(!all || out != BROKEN, "%u: %s is %s", seed, place,
                      what);
    }
    printf("%u years, told %d, all watched %d: %u not published, %u refused, "
           "%u without an end, %u safe, %u broken\n",
           n, care.told, care.watch_all, count[NOT_PUBLISHED], count[REFUSED],
           count[ENDLESS], count[SAFE], count[BROKEN]);
}

START_TEST(no_revision_that_is_called_safe_can_be_broken)
{
    unsigned count[BROKEN + 1], n = trials(600);
    try_all(n, try_revision, false, all_care, count);
    ck_assert_uint_gt(count[SAFE], n / 4);
    ck_assert_uint_gt(count[REFUSED], n / 20);
    ck_assert_uint_lt(count[ENDLESS], n / 10);
}
END_TEST

START_TEST(who_knows_how_many_changed_breaks_a_revision_that_forgets_him)
{
    unsigned count[BROKEN + 1];
    try_all(100, try_revision, false, (struct care){false, true}, count);
    ck_assert_uint_gt(count[BROKEN], 20);
}
END_TEST

START_TEST(no_later_release_that_is_called_safe_can_be_broken)
{
    unsigned count[BROKEN + 1], n = trials(100);
    try_all(n, try_later, true, all_care, count);
    ck_assert_uint_gt(count[SAFE], n / 10);
}
END_TEST

/* Two went, one of ap and one of bq.  The last release shows x and y by z: of
 * the second level of z nobody is in p, and 2 are in b.  So at least 2 stayed
 * in bq, and then no two can have gone from there. */
START_TEST(a_later_release_cares_for_the_changes_in_all_tables)
{
    const struct year c = {.levels = {2, 2, 2},
                           .threshold = 2,
                           .kept = {0, 0, 1, 2, 2, 0, 0, 2},
                           .removed = {0, 1, 0, 0, 0, 0, 1, 0}};
    char place[256];
    const char *what;
    ck_assert_int_eq(try_later(&c, (struct care){true, false}, &what, place),
                     BROKEN);
    ck_assert_str_eq(place, "x=b,y=q,change=REMOVED");
    ck_assert_str_eq(what, "not high enough");
    ck_assert_int_eq(try_later(&c, all_care, &what, place), SAFE);
}
END_TEST

/* Five late reports, all in a: it had 1, and has 6 now.  Printed now: 6 and 6
 * of 12.  Who knows that five came in knows that at most five did so in a, so
 * that there was at least one. */
START_TEST(five_late_reports_give_away_one_that_was_there)
{
    const struct year c = {
        .levels = {2}, .threshold = 5, .kept = {1, 6}, .added = {5, 0}};
    char place[256];
    const char *what;
    ck_assert_int_eq(
        try_revision(&c, (struct care){false, true}, &what, place), BROKEN);
    ck_assert_str_eq(place, "x=a,change=KEPT+REMOVED");
    ck_assert_str_eq(what, "not low enough");
    ck_assert_int_ne(try_revision(&c, all_care, &what, place), BROKEN);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        no_revision_that_is_called_safe_can_be_broken,
        who_knows_how_many_changed_breaks_a_revision_that_forgets_him,
        no_later_release_that_is_called_safe_can_be_broken,
        a_later_release_cares_for_the_changes_in_all_tables,
        five_late_reports_give_away_one_that_was_there,
    };
    return UNIT_RUN("sdc_revision", tests, NULL);
}
