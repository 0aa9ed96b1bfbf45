/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the benches share: time, pairs of measurements, memory, and lines of
 * output.
 *
 * Every figure is a ratio of two things done in turns (A B A B ...), so that
 * whatever else the machine does weighs on both; printed is the median of
 * the ratios of the pairs.
 */
#ifndef MK_TESTS_BENCH_H
#define MK_TESTS_BENCH_H

#include <stdio.h>

#include "core/base/err.h"

/* Ends the program with the words of what, unless ok. */
void bench_must(bool ok, const char *what);
void bench_ok(enum mk_err rc, const struct mk_diag *diag, const char *what);

double bench_now(void); /* seconds */
double bench_cpu(
    void); /* of the processor, spent by this process, in seconds */
double bench_median(const double *v, size_t n);

#define BENCH_PAIRS 1000
struct bench_pairs {
    size_t n;
    double a[BENCH_PAIRS], b[BENCH_PAIRS];
};
void bench_pairs_add(struct bench_pairs *p, double a, double b);
double bench_pairs_ratio(const struct bench_pairs *p); /* median of a / b */

/* "  1.42  aim 1.5   commit: ...".  aim 0: information. */
void bench_title(const char *title);
void bench_ratio(double ratio, double aim, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void bench_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Peak of resident memory since the reset, in MiB. */
void bench_memory_reset(void);
double bench_memory_peak(void);

#endif
