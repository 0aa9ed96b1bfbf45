/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/step_cube.h"

#include "core/stats_compare.h"
#include "tests/support/stats_fixture.h"

#include <check.h>
#include <stdlib.h>

#define DOSSIERS 300
#define RECORDS 900

void step_cube_add(struct mk_buf *out, uint64_t seed)
{
    struct mk_vintage v = {.cube = MK_BUF_INIT,
                           .revised = true,
                           .frozen = STEP_CUBE_FROZEN,
                           .years = {2018, 2019, 2020},
                           .n_years = 3};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_stats_record *r = calloc(RECORDS, sizeof *r);
    struct stats_fixture f;
    for (size_t i = 0; i < RECORDS; i++) {
        stats_record_make(&r[i], stats_next(&seed),
                          stats_next(&seed) % DOSSIERS);
        r[i].cause = (uint8_t)(stats_next(&seed) % (MK_CAUSE_BEO + 1));
    }
    stats_fixture_init(&f);
    stats_fixture_append(&f, r, RECORDS);
    ck_assert_int_eq(mk_store_begin_read(f.st, &diag), MK_OK);
    ck_assert_int_eq(
        mk_stats_compare(f.st, &f.key, f.n, f.root, DOSSIERS, &v, 1, &diag),
        MK_OK);
    mk_store_rollback(f.st);
    ck_assert_int_eq(mk_buf_add(out, v.cube.data, v.cube.len), MK_OK);
    mk_vintages_release(&v, 1);
    stats_fixture_release(&f);
    free(r);
}
