/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reader of CSV and the replay of its rows: the same rows come out in
 * whatever pieces the file is read; rows and their raw bytes fit together; a
 * row that is accepted is a case that keeps its own rules.
 */
#include "core/replay.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

struct source {
    const uint8_t *p;
    size_t left, piece;
};

static enum mk_err more_bytes(void *ctx, void *p, size_t n, size_t *got)
{
    struct source *s = ctx;

    *got = n < s->piece ? n : s->piece;
    if (*got > s->left)
        *got = s->left;
    if (*got != 0)
        memcpy(p, s->p, *got);
    s->p += *got;
    s->left -= *got;
    return MK_OK;
}

static void check_row(const struct mk_csv *csv)
{
    size_t at = 0;

    CLAIM(csv->n >= 1 && csv->n <= MK_CSV_COLUMNS);
    CLAIM(csv->raw.len <= MK_CSV_ROW && csv->text.len <= csv->raw.len);
    for (size_t i = 0; i < csv->n; i++) {
        CLAIM(csv->field[i].at == at);
        at += csv->field[i].n;
    }
    CLAIM(at == csv->text.len);
}

/* Both read the same: result, line, fields and raw bytes. */
static void in_pieces(const uint8_t *p, size_t n)
{
    struct source whole = {p, n, SIZE_MAX};
    struct source bytes = {p, n, 1};
    static struct mk_csv a, b; /* 64 KiB each */
    struct mk_diag diag = MK_DIAG_INIT;
    bool more_a = true, more_b = true;
    enum mk_err rc = MK_OK;

    mk_csv_init(&a, more_bytes, &whole);
    mk_csv_init(&b, more_bytes, &bytes);
    while ((rc == MK_OK || rc == MK_E_BAD_UTF8) && more_a) {
        rc = mk_csv_next(&a, &more_a, &diag);
        CLAIM(mk_csv_next(&b, &more_b, &diag) == rc);
        CLAIM(more_a == more_b && a.line == b.line && a.n == b.n);
        CLAIM(a.raw.len == b.raw.len && a.text.len == b.text.len);
        CLAIM(a.raw.len == 0 ||
              memcmp(a.raw.data, b.raw.data, a.raw.len) == 0);
        if (rc == MK_OK && more_a)
            check_row(&a);
        CLAIM(rc == MK_OK || mk_err_exit(rc) == MK_EXIT_USAGE);
    }
    mk_csv_release(&a);
    mk_csv_release(&b);
}

static void replay(struct mk_csv *csv, const struct mk_replay_header *h)
{
    static const uint8_t actor[16] = {1};
    const struct mk_domain_settings settings = MK_DOMAIN_SETTINGS_INIT;
    const struct mk_replay_who who = {.actor = actor,
                                      .time_ms = 1,
                                      .today = mk_date_day(2026, 3, 1),
                                      .settings = &settings};
    struct mk_case c;
    struct mk_fields row;
    struct mk_diag diag = MK_DIAG_INIT;
    bool odd_dates;
    enum mk_err rc;

    mk_case_init(&c);
    mk_fields_init(&row);
    rc = mk_replay_row(&c, &row, h, csv, &who, &odd_dates, &diag);
    if (rc == MK_OK) {
        CLAIM(c.n_events >= 2 && c.received != MK_DAY_NONE);
        CLAIM(!c.had_red || c.duty == MK_YN_J);
        CLAIM(!c.had_complaint || c.had_red);
        CLAIM(odd_dates || c.breaches == 0);
    } else {
        CLAIM(mk_err_exit(rc) == MK_EXIT_USAGE ||
              mk_err_exit(rc) == MK_EXIT_WORKFLOW);
        CLAIM(diag.err == rc && diag.line == csv->line);
    }
    mk_case_release(&c);
    mk_fields_release(&row);
}

static void rows(const uint8_t *p, size_t n)
{
    struct source s = {p, n, SIZE_MAX};
    static struct mk_csv csv;
    struct mk_replay_header h;
    struct mk_diag diag = MK_DIAG_INIT;
    bool more;
    enum mk_err rc;

    mk_csv_init(&csv, more_bytes, &s);
    rc = mk_csv_next(&csv, &more, &diag);
    if (rc == MK_OK && more && mk_replay_header(&h, &csv, &diag) == MK_OK) {
        for (;;) {
            rc = mk_csv_next(&csv, &more, &diag);
            if ((rc != MK_OK && rc != MK_E_BAD_UTF8) || !more)
                break;
            if (rc == MK_OK)
                replay(&csv, &h);
        }
    }
    mk_csv_release(&csv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    in_pieces(data, size);
    rows(data, size);
    return 0;
}
