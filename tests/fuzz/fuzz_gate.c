/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frame of the publication gate: what is accepted gives the same bytes
 * when it is written again; and the head of a release. */
#include <string.h>

#include "core/release.h"
#include "reports/gate.h"
#include "tests/fuzz/fuzz.h"

static void write_again(const struct mk_gate *g, struct mk_buf *out)
{
    static const char *const names[] = {"cube", "release", "key"};
    const uint8_t *p;
    size_t n;
    CLAIM(mk_buf_add_str(out, "meldkluis-gate: 1\n") == MK_OK);
    for (size_t i = 0; i < g->n_sections; i++) {
        enum mk_gate_kind kind = mk_gate_section(g, i, &p, &n);
        CLAIM(mk_buf_addf(out, "section %s %zu\n", names[kind], n) == MK_OK);
        CLAIM(mk_buf_add(out, p, n) == MK_OK);
        CLAIM(mk_buf_add_u8(out, '\n') == MK_OK);
    }
    CLAIM(mk_buf_add_str(out, "end\n") == MK_OK);
}

static void release(const uint8_t *data, size_t size)
{
    struct mk_release r;
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc = mk_release_parse(&r, data, size, &diag);
    if (rc != MK_OK) {
        CLAIM(diag.err == rc);
        return;
    }
    CLAIM(mk_release_name_ok(r.name));
    CLAIM(r.n_years > 0 && r.n_years <= MK_CUBE_YEARS);
    for (size_t y = 1; y < r.n_years; y++)
        CLAIM(r.years[y] > r.years[y - 1]);
    CLAIM(r.threshold >= 2 && r.threshold <= 1000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_gate g;
    mk_gate_init(&g);
    enum mk_err rc = mk_gate_parse(&g, data, size, &diag);
    if (rc == MK_OK && !g.none) {
        struct mk_buf again = MK_BUF_INIT;
        write_again(&g, &again);
        CLAIM(again.len == size && memcmp(again.data, data, size) == 0);
        mk_buf_release(&again);
    } else if (rc != MK_OK) {
        CLAIM(diag.err == rc);
    }
    mk_gate_release(&g);
    release(data, size);
    return 0;
}
