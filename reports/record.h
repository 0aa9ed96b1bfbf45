/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The record of a release, as the register keeps it: a header that the vault
 * reads too (core/release.h), an empty line, and JSON.
 *
 *   {"schema": "meldkluis-record/1",
 *    "files": {"factsheet.csv": "..", ..}     what was printed, to the byte
 *    "years": [{"year": 2018, "sdc": {..}},   release.json of that year
 *              ..]}                           (null: no dossier that year)
 *
 * No value that was hidden is in it.
 */
#ifndef MK_REPORTS_RECORD_H
#define MK_REPORTS_RECORD_H

#include <jansson.h>

#include "core/base/buf.h"
#include "reports/factsheet.h"
#include "reports/sdc/job.h"

enum mk_record_kind {
    MK_RECORD_FACTSHEET,
    MK_RECORD_TABLE,
    MK_RECORD_REVISION
};

/* ---- one that is read ---- */

struct mk_record {
    char name[MK_SDC_NAME];
    enum mk_record_kind kind;
    bool school_year;
    struct mk_buf header; /* terminated */
    json_t *json;
};
void mk_record_init(struct mk_record *record);
void mk_record_release(struct mk_record *record);
/* Errors: E_SYNTAX, E_NEWER, E_TOO_LARGE, E_MEMORY; place "release". */
MK_MUST_USE enum mk_err mk_record_parse(struct mk_record *record,
                                        const void *text, size_t n,
                                        struct mk_diag *diag);
/* The year's release.json, borrowed; NULL where the record has none. */
const json_t *mk_record_sdc(const struct mk_record *record, int year);
/* The same as text; *found false where the record has none.  changed: beside
 * the other state of a year that was revised (mk_change_before). */
MK_MUST_USE enum mk_err mk_record_year(const struct mk_record *record,
                                       int year, bool changed, bool *found,
                                       struct mk_buf *out,
                                       struct mk_diag *diag);
/* The years that it has, at most max; their number. */
size_t mk_record_years(const struct mk_record *record, int *years, size_t max);
/* The text of a file; NULL if it has none. */
const char *mk_record_file(const struct mk_record *record, const char *name);

/* ---- one that is made ---- */

struct mk_record_head {
    const char *name, *audience;
    enum mk_record_kind kind;
    bool school_year;
    uint64_t threshold;
    const char *rule; /* of a policy (core/base/rule.h), or NULL */
    int years[MK_COUNTS_YEARS];
    uint64_t position[MK_COUNTS_YEARS];
    size_t n_years;
};

/* JSON to be filled; NULL: out of memory. */
json_t *mk_record_new(void);
MK_MUST_USE enum mk_err mk_record_add_file(json_t *json, const char *name,
                                           const struct mk_buf *text);
/* task NULL: no dossier that year. */
MK_MUST_USE enum mk_err mk_record_add_year(json_t *json, int year,
                                           const struct mk_sdc_task *task,
                                           const char *name,
                                           struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_record_write(struct mk_buf *out,
                                        const struct mk_record_head *head,
                                        const json_t *json);

#endif
