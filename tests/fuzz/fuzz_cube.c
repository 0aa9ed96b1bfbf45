/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cube: what is accepted becomes a factsheet whose totals are the sum of
 * the rows, in every output. */
#include "reports/render.h"
#include "tests/fuzz/fuzz.h"

static void renders(const struct mk_factsheet *f)
{
    struct mk_buf out = MK_BUF_INIT;
    CLAIM(mk_render_text(&out, f) == MK_OK);
    CLAIM(mk_render_csv(&out, f) == MK_OK);
    CLAIM(mk_render_json(&out, f) == MK_OK);
    CLAIM(mk_render_html(&out, f) == MK_OK);
    mk_buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_counts counts;
    struct mk_factsheet sheet;
    mk_counts_init(&counts);
    mk_factsheet_init(&sheet);
    sheet.threshold = 5;
    sheet.policy = size & 1 ? MK_POLICY_EXACT : MK_POLICY_INTERNAL;
    enum mk_err rc = mk_counts_parse(&counts, data, size, &diag);
    if (rc == MK_OK) {
        uint64_t all = 0, shown = 0;
        CLAIM(mk_factsheet_build(&sheet, &counts, &diag) == MK_OK);
        for (size_t i = 0; i < counts.n_rows; i++)
            all += counts.rows[i].n;
        for (size_t y = 0; y < sheet.n_years; y++)
            shown += mk_factsheet_cell(&sheet.table[MK_TABLE_F1], y, 0, 0, 0)
                         ->value;
        CLAIM(all == shown);
        renders(&sheet);
    } else {
        CLAIM(diag.err == rc);
        CLAIM(diag.line > 0 || rc == MK_E_MEMORY);
    }
    mk_factsheet_release(&sheet);
    mk_counts_release(&counts);
    return 0;
}
