/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench_sdc DATA [CASE...]: disclosure control on the reference cases in DATA
 * (tests/data/sdc) and on invented tables of growing size.
 *
 * The unit is the time of `glpsol --math scale/ref.mod`, taken before and
 * after each case in the same run; printed is the case over the mean of the
 * two.  Both are processor time of one process with one thread: others on the
 * machine count less.  Each case is a process of its own, so that its peak of
 * memory is its own.  A case is protected and checked; one with a fault ends
 * the bench.  Reference cases run two at a time, because what all of them take
 * together is asked for two processors: one unit, around all of them, and the
 * processor time of the busier of the two.
 * CASE: D, or part of the name of a table, such as 10x20x30.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/bench.h"
#include "tests/support/sdc_scale.h"

#include "reports/sdc/data_read.h"
#include "reports/sdc/fast.h"
#include "reports/sdc/protect.h"
#include "reports/sdc/spec_read.h"

#define TEXT (1 << 22)
#define CASES 15 /* D01 to D15 */

static const struct {
    uint32_t leaves[3];
    double mean;
    double aim; /* units; 0: information */
} tables[] = {
    {{10, 20, 30}, 8, 10},   {{10, 20, 30}, 60, 10}, {{20, 30, 40}, 6, 120},
    {{20, 30, 40}, 80, 120}, {{45, 45, 50}, 6, 0},
};

/* ---- the unit ---- */

static double glpsol(const char *data)
{
    char model[4096];
    int status = -1;
    struct rusage used;
    snprintf(model, sizeof model, "%s/scale/ref.mod", data);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);
        if (null < 0 || dup2(null, 1) < 0)
            _exit(1);
        execlp("glpsol", "glpsol", "--math", model, (char *)NULL);
        _exit(127);
    }
    bench_must(pid > 0 && wait4(pid, &status, 0, &used) == pid && status == 0,
               "glpsol (package glpk-utils)");
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

/* ---- a case ---- */

/* What a case tells the parent. */
struct report {
    double seconds, memory, cost, bound;
    size_t cells, hidden, unsafe, exact;
    double plain; /* cost of the first pattern, before anything is published
                     again; tables only */
    bool optimal, heuristic;
};

static void protect(struct mk_sdc_model *m, struct report *report)
{
    struct mk_sdc_result r;
    struct mk_diag diag = MK_DIAG_INIT;
    mk_sdc_result_init(&r);
    double began = bench_cpu();
    bench_ok(mk_sdc_protect(&r, m, MK_SDC_WORK, &diag), &diag, "protect");
    report->seconds = bench_cpu() - began;
    bench_must(r.safe && r.n_faults == 0, "a pattern that is not safe");
    report->memory = bench_memory_peak();
    report->cost = r.cost;
    report->bound = r.bound;
    report->optimal = r.optimal;
    report->heuristic = r.heuristic;
    report->cells = m->n_cells;
    for (size_t i = 0; i < m->n_cells; i++) {
        report->hidden += m->cell[i].hidden;
        report->unsafe += m->cell[i].hidden && m->cell[i].why != 0;
        report->exact += m->cell[i].hidden && m->cell[i].exact;
    }
    mk_sdc_result_release(&r);
}

static char *read_file(const char *data, int which, const char *name,
                       size_t *n)
{
    char path[4096];
    char *text = malloc(TEXT);
    snprintf(path, sizeof path, "%s/D%02d/%s", data, which, name);
    FILE *f = fopen(path, "r");
    bench_must(text != NULL && f != NULL, path);
    *n = fread(text, 1, TEXT, f);
    bench_must(*n < TEXT && fclose(f) == 0, path);
    return text;
}

static void reference(const char *data, int which, struct report *report)
{
    struct mk_sdc_spec spec;
    struct mk_sdc_data records;
    struct mk_sdc_model m;
    struct mk_diag diag = MK_DIAG_INIT;
    size_t n;
    char *text = read_file(data, which, "spec.json", &n);
    mk_sdc_spec_init(&spec);
    bench_ok(mk_sdc_spec_parse(&spec, text, n, &diag), &diag, "spec.json");
    free(text);
    text = read_file(data, which, "micro.csv", &n);
    mk_sdc_data_init(&records, &spec);
    bench_ok(mk_sdc_data_parse(&records, &spec, text, n, &diag), &diag,
             "micro.csv");
    free(text);
    mk_sdc_model_init(&m);
    bench_ok(mk_sdc_model_build(&m, &spec, &records, NULL, NULL, 0, &diag),
             &diag, "model");
    protect(&m, report);
    mk_sdc_model_release(&m);
    mk_sdc_data_release(&records);
    mk_sdc_spec_release(&spec);
}

/* A cube for each need that has none yet, and that is all. */
static double plain_cost(struct sdc_scale *scale)
{
    struct mk_sdc_result r;
    struct mk_sdc_system s;
    struct mk_sdc_needs needs;
    struct mk_sdc_plan plan;
    struct mk_diag diag = MK_DIAG_INIT;
    mk_sdc_result_init(&r);
    bench_ok(mk_sdc_rules_apply(&scale->model, &r.lines, &diag), &diag,
             "rules");
    bench_ok(mk_sdc_system_build(&s, &scale->model, true, &diag), &diag,
             "system");
    bench_ok(mk_sdc_needs_make(&needs, &s, &r.lines, &diag), &diag, "needs");
    bench_ok(mk_sdc_proof_init(&r.proof, &s, &diag), &diag, "proof");
    bench_ok(mk_sdc_fast(&plan, &r.proof, &s, &needs, 0, false, &diag), &diag,
             "first pattern");
    double cost = plan.safe ? plan.cost : 0;
    mk_sdc_plan_release(&plan);
    mk_sdc_needs_release(&needs);
    mk_sdc_system_release(&s);
    mk_sdc_result_release(&r);
    return cost;
}

static void invented(int which, struct report *report)
{
    static struct sdc_scale scale;
    struct mk_diag diag = MK_DIAG_INIT;
    bench_ok(sdc_scale_open(&scale, tables[which].leaves, tables[which].mean,
                            1, &diag),
             &diag, "table");
    protect(&scale.model, report);
    report->plain = plain_cost(&scale);
    sdc_scale_close(&scale);
}

/* A case under way in a process of its own. */
struct child {
    pid_t pid;
    int from;
};

/* Case which of the references (data) or of the tables (NULL). */
static struct child start(const char *data, int which)
{
    struct report report = {.seconds = 0};
    int pipes[2];
    bench_must(pipe(pipes) == 0, "pipe");
    fflush(stdout);
    pid_t pid = fork();
    bench_must(pid >= 0, "fork");
    if (pid == 0) {
        bench_memory_reset();
        if (data)
            reference(data, which, &report);
        else
            invented(which, &report);
        exit(write(pipes[1], &report, sizeof report) != sizeof report);
    }
    close(pipes[1]);
    return (struct child){pid, pipes[0]};
}

static struct report finish(const struct child *child)
{
    struct report report;
    int status = -1;
    bench_must(read(child->from, &report, sizeof report) ==
                   (ssize_t)sizeof report,
               "a case");
    close(child->from);
    bench_must(waitpid(child->pid, &status, 0) == child->pid && status == 0,
               "a case");
    return report;
}

/* ---- all of them ---- */

/* Whole cells between the pattern and what no pattern goes below. */
static void tell(double units, double aim, const char *name,
                 const struct report *r)
{
    char how[64] = "optimum";
    if (!r->optimal)
        snprintf(how, sizeof how, "%.0f of %zu may be too many",
                 r->cost - r->bound, r->hidden - r->unsafe);
    bench_ratio(units, aim,
                "%s: %zu cells, hidden %zu + %zu, %s%s; %.1f s, %.0f MiB",
                name, r->cells, r->unsafe, r->hidden - r->unsafe, how,
                r->heuristic ? ", heuristic" : "", r->seconds, r->memory);
}

/* The two that take longest begin first, then the others in turn. */
static void references(const char *data)
{
    static const int order[CASES] = {9, 6, 14, 12, 1,  2,  3, 4,
                                     5, 7, 8,  10, 11, 13, 15};
    struct report report[CASES + 1];
    struct child child[2];
    int busy[2] = {0, 0}, next = 0; /* the case of each child; 0: none */
    double cpu_seconds = 0, before = glpsol(data);
    double lane[2] = {0, 0}; /* seconds of each of the two */
    for (int done = 0; done < CASES;) {
        for (int k = 0; k < 2; k++)
            if (busy[k] == 0 && next < CASES) {
                busy[k] = order[next++];
                child[k] = start(data, busy[k]);
            }
        struct pollfd waits[2];
        for (int k = 0; k < 2; k++)
            waits[k] =
                (struct pollfd){busy[k] ? child[k].from : -1, POLLIN, 0};
        bench_must(poll(waits, 2, -1) > 0, "poll");
        for (int k = 0; k < 2; k++)
            if (waits[k].revents != 0) {
                report[busy[k]] = finish(&child[k]);
                lane[k] += report[busy[k]].seconds;
                busy[k] = 0;
                done++;
            }
    }
    double unit = (before + glpsol(data)) / 2;
    bench_title("Reference cases / glpsol on ref.mod");
    for (int i = 1; i <= CASES; i++) {
        char name[8];
        snprintf(name, sizeof name, "D%02d", i);
        tell(report[i].seconds / unit, 0, name, &report[i]);
        cpu_seconds += report[i].seconds;
    }
    bench_ratio(cpu_seconds / unit, 0,
                "D01 to D15 together; %.1f s, of which %.1f s on the busier "
                "of two processors",
                cpu_seconds, lane[0] > lane[1] ? lane[0] : lane[1]);
}

static void scaling(const char *data, int argc, char **argv)
{
    bench_title("Three-way tables with all margins / glpsol on ref.mod");
    for (int i = 0; i < (int)(sizeof tables / sizeof tables[0]); i++) {
        char name[64];
        bool wanted = argc == 0;
        snprintf(name, sizeof name, "%ux%ux%u, mean %.0f", tables[i].leaves[0],
                 tables[i].leaves[1], tables[i].leaves[2], tables[i].mean);
        for (int k = 0; k < argc; k++)
            wanted |= strstr(name, argv[k]) != NULL;
        if (!wanted)
            continue;
        double before = glpsol(data);
        struct child child = start(NULL, i);
        struct report r = finish(&child);
        tell(2 * r.seconds / (before + glpsol(data)), tables[i].aim, name, &r);
        bench_note("%.0f hidden besides by the first pattern; %zu intervals "
                   "known to be the best an attacker can do",
                   r.plain, r.exact);
    }
}

int main(int argc, char **argv)
{
    bool all = argc == 2;
    bench_must(argc > 1, "usage: bench_sdc DATA [CASE...]");
    for (int i = 2; i < argc; i++)
        if (strcmp(argv[i], "D") == 0)
            references(argv[1]);
    if (all)
        references(argv[1]);
    scaling(argv[1], argc - 2, argv + 2);
    return 0;
}
