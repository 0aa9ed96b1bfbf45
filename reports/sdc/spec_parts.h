/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of a spec that say what its dimensions, tables and patterns are.  A
 * part of spec_read. */
#ifndef MK_SDC_SPEC_PARTS_H
#define MK_SDC_SPEC_PARTS_H

#include "reports/sdc/json.h"
#include "reports/sdc/model.h"

struct mk_sdc_spec_reader {
    struct mk_sdc_spec *spec;
    struct mk_diag *diag;
};

/* Refuses what stands at a path (a printf format and its arguments). */
#define REFUSE(r, err, ...) \
    mk_sdc_json_refuse((r)->diag, err, 0, 0, __VA_ARGS__)
#define REFUSE_NUMBER(r, min, max, ...) \
    mk_sdc_json_refuse((r)->diag, MK_E_BAD_NUMBER, min, max, __VA_ARGS__)
#define REFUSE_SIZE(r, max, ...) \
    mk_sdc_json_refuse((r)->diag, MK_E_TOO_LARGE, max, 0, __VA_ARGS__)

/* Takes the value of a key; NULL when the key is absent. */
typedef enum mk_err mk_sdc_spec_take(struct mk_sdc_spec_reader *r,
                                     const char *key, const json_t *value);

/* In this order: each needs those before it. */
mk_sdc_spec_take mk_sdc_spec_take_dims;
mk_sdc_spec_take mk_sdc_spec_take_levels;
mk_sdc_spec_take mk_sdc_spec_take_hierarchies;
mk_sdc_spec_take mk_sdc_spec_take_group;
mk_sdc_spec_take mk_sdc_spec_take_nomargin;
mk_sdc_spec_take mk_sdc_spec_take_tables;
mk_sdc_spec_take mk_sdc_spec_take_zero_patterns;
mk_sdc_spec_take mk_sdc_spec_take_never;
mk_sdc_spec_take mk_sdc_spec_take_watched;

/* Whether the files that go with a spec have a column of that name, so that
 * no dimension and no tag may have it. */
MK_MUST_USE bool mk_sdc_spec_is_column(const char *name);

#endif
