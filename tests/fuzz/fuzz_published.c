/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures that were published: each row that is accepted is about a cell that
 * there is, and the note holds no byte of the file. */
#include "reports/reconcile.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/cube_text.h"

static const char cube[] =
    CUBE_HEAD("2018 2019", "2") "2018,FG,KDV,OUD,N,GEEN,N,NR,N,N,N,N,N,N,12\n"
                                "2019,SM,VGO,OUD,N,XIV,N,NR,N,N,N,N,N,N,3\n";

static void build(struct mk_factsheet *f)
{
    struct mk_counts counts;
    mk_counts_init(&counts);
    mk_factsheet_init(f);
    f->threshold = 5;
    f->policy = MK_POLICY_EXACT;
    CLAIM(mk_counts_parse(&counts, cube, sizeof cube - 1, NULL) == MK_OK);
    CLAIM(mk_factsheet_build(f, &counts, NULL) == MK_OK);
    mk_counts_release(&counts);
}

static void look(struct mk_factsheet *f, const struct mk_reconcile *r)
{
    const struct mk_buf *text;
    for (size_t i = 0; i < r->n; i++) {
        const struct mk_reconcile_row *row = mk_reconcile_row(r, i);
        const struct mk_table *t = &f->table[row->table];
        CLAIM(row->table < MK_TABLE_COUNT && row->year < f->n_years);
        CLAIM(row->category < t->category.n &&
              row->care_type < t->care_type.n && row->measure < t->measures);
    }
    CLAIM(mk_reconcile_note(f, r) == MK_OK);
    text = &f->note[f->n_notes - 1].text;
    for (size_t i = 0; i < text->len; i++)
        CLAIM(text->data[i] >= ' ' && text->data[i] < 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct mk_factsheet f;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_reconcile r;
    build(&f);
    mk_reconcile_init(&r);
    enum mk_err rc = mk_reconcile_read(&r, &f, data, size, &diag);
    if (rc == MK_OK)
        look(&f, &r);
    else
        CLAIM(diag.err == rc && mk_err_exit(rc) == MK_EXIT_USAGE);
    mk_reconcile_release(&r);
    mk_factsheet_release(&f);
    return 0;
}
