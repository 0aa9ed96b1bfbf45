/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/bench.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void bench_must(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

void bench_ok(enum mk_err rc, const struct mk_diag *diag, const char *what)
{
    if (rc == MK_OK)
        return;
    fprintf(stderr, "bench: %s: %s %s\n", what, mk_err_name(rc), diag->place);
    exit(1);
}

/* ---- time ---- */

static double read_clock(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double bench_now(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

double bench_cpu(void)
{
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;

    return (a > b) - (a < b);
}

double bench_median(const double *v, size_t n)
{
    double sorted[BENCH_PAIRS];

    bench_must(n > 0 && n <= BENCH_PAIRS, "number of measurements");
    memcpy(sorted, v, n * sizeof *v);
    qsort(sorted, n, sizeof *sorted, by_size);
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
}

void bench_pairs_add(struct bench_pairs *p, double a, double b)
{
    bench_must(p->n < BENCH_PAIRS, "too many pairs");
    p->a[p->n] = a;
    p->b[p->n++] = b;
}

double bench_pairs_ratio(const struct bench_pairs *p)
{
    double ratio[BENCH_PAIRS];

    for (size_t i = 0; i < p->n; i++)
        ratio[i] = p->a[i] / p->b[i];
    return bench_median(ratio, p->n);
}

/* ---- output ---- */

void bench_title(const char *title)
{
    printf("\n%s\n", title);
    fflush(stdout);
}

void bench_ratio(double ratio, double aim, const char *format, ...)
{
    char mark[32] = "";
    va_list ap;

    if (aim > 0)
        snprintf(mark, sizeof mark, "%s %.1f", ratio <= aim ? "aim" : "MISSES",
                 aim);
    printf("  %9.2f  %-11s ", ratio, mark);
    va_start(ap, format);
    vprintf(format, ap);
    va_end(ap);
    printf("\n");
    fflush(stdout);
}

void bench_note(const char *format, ...)
{
    va_list ap;

    printf("  %22s ", "");
    va_start(ap, format);
    vprintf(format, ap);
    va_end(ap);
    printf("\n");
    fflush(stdout);
}

/* ---- memory ---- */

void bench_memory_reset(void)
{
    FILE *f = fopen("/proc/self/clear_refs", "w");

    bench_must(f != NULL && fputs("5", f) >= 0 && fclose(f) == 0,
               "/proc/self/clear_refs");
}

double bench_memory_peak(void)
{
    FILE *f = fopen("/proc/self/status", "r");
    char line[256];
    long kib = -1;

    bench_must(f != NULL, "/proc/self/status");
    while (fgets(line, sizeof line, f) != NULL)
        if (strncmp(line, "VmHWM:", 6) == 0)
            kib = strtol(line + 6, NULL, 10);
    fclose(f);
    bench_must(kib > 0, "VmHWM");
    return (double)kib / 1024;
}
