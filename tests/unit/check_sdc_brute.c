/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small tables by chance, against an attacker who tries every table. */
#include "reports/sdc/release_file.h"
#include "reports/sdc/round.h"
#include "reports/sdc/spec_read.h"
#include "tests/support/sdc_brute.h"
#include "tests/support/sdc_case.h"
#include "tests/support/sdc_kit.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

#define STEPS 3000000u
#define STEPS_ROUNDED 300000u /* intervals leave many more tables */
#define WORK 20000u

static struct sdc_case c;
static struct sdc_brute brute;
static uint64_t state; /* of chance */
static unsigned seed;  /* of the table in hand */

static unsigned chance(unsigned n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)((state >> 33) % n);
}

static unsigned trials(unsigned few)
{
    return getenv("MK_LONG") ? 20000 : few;
}

/* ---- a table by chance ---- */

static const char *const dim_name[] = {"x", "y", "z"};

static void make_dims(void)
{
    size_t n = 2 + chance(2);
    for (size_t d = 0; d < n; d++) {
        bool three = chance(n == 2 ? 4 : 3) != 0;
        const char *parents[] = {NULL,          "p=a+b", "p=a+b q=b+c",
                                 "p=b+c r=a+c", NULL,    NULL};
        if (n == 3)
            three = !three;
        sdc_kit_dim(&c.spec, dim_name[d], three ? "a b c" : "a b",
                    three ? parents[chance(6)] : NULL);
        c.spec.group[d] = chance(5) == 0;
    }
}

static void make_where(struct mk_sdc_table *table)
{
    size_t d = chance((unsigned)c.spec.n_dims);
    if (!table->crosses[d])
        return;
    table->where[d] = calloc(2, sizeof **table->where);
    ck_assert_ptr_nonnull(table->where[d]);
    table->where[d][0] = chance(c.spec.dim[d].n_nodes - 1);
    table->n_where[d] = 1;
}

static void make_tables(void)
{
    static const char *const two[] = {"x y", "x|y", "x y|x"};
    static const char *const three[] = {"x y z", "x y|y z", "x y|y z|x z",
                                        "x y|z", "x z|y",   "x y z|x y"};
    const char *text = c.spec.n_dims == 2 ? two[chance(3)] : three[chance(6)];
    char copy[32], *rest = copy;
    snprintf(copy, sizeof copy, "%s", text);
    for (char *dims; (dims = strsep(&rest, "|"));) {
        struct mk_sdc_table *table = sdc_kit_table(&c.spec, dims);
        /* never the first, which has the grand total */
        if (c.spec.n_tables > 1 && chance(2) == 0)
            make_where(table);
    }
}

static void make_zeros(void)
{
    while (chance(3) == 0 && c.spec.zeros.n < 2) {
        struct mk_sdc_pattern pattern;
        mk_sdc_pattern_init(&pattern);
        size_t d = chance((unsigned)c.spec.n_dims);
        size_t e = (d + 1) % c.spec.n_dims;
        pattern.node[d] = chance(c.spec.dim[d].n_nodes - 1);
        pattern.node[e] = chance(c.spec.dim[e].n_nodes - 1);
        ck_assert_int_eq(mk_sdc_patterns_add(&c.spec.zeros, &pattern, NULL),
                         MK_OK);
    }
}

static void make_rule(void)
{
    c.spec.threshold = 2 + chance(4);
    c.spec.zeros_protected = chance(4) == 0;
    c.spec.insider = chance(2) == 0;
    c.spec.cost = chance(4) == 0 ? MK_SDC_COST_WEIGHTED : MK_SDC_COST_CELLS;
    for (c.spec.n_tags = 0; c.spec.n_tags < 2 && chance(3) == 0;) {
        c.spec.tag[c.spec.n_tags] = strdup(c.spec.n_tags ? "t" : "s");
        ck_assert_ptr_nonnull(c.spec.tag[c.spec.n_tags]);
        c.spec.n_tags++;
    }
    c.spec.tags_min = 2 + chance(2);
    c.spec.share_ppm = chance(2) ? 500000 : 700000;
}

static void make_records(void)
{
    unsigned n = (unsigned)c.spec.threshold + 3 + chance(8);
    uint32_t leaf[MK_SDC_DIMS], tag[MK_SDC_TAGS];
    size_t which;
    for (unsigned tries = 0; n > 0 && tries < 500; tries++) {
        unsigned records = 1 + (chance(4) == 0 && n > 1);
        for (size_t d = 0; d < c.spec.n_dims; d++) {
            leaf[d] = chance(c.spec.dim[d].n_leaves);
            if (chance(3) == 0)
                leaf[d] = 0;
        }
        for (size_t k = 0; k < c.spec.n_tags; k++)
            tag[k] = chance(5);
        if (mk_sdc_patterns_hold(&c.spec.zeros, &c.spec, leaf, &which))
            continue;
        ck_assert_int_eq(mk_sdc_data_add(&c.data, leaf, records,
                                         c.spec.n_tags ? tag : NULL, NULL),
                         MK_OK);
        n -= records;
    }
}

static void make(unsigned number)
{
    seed = number;
    state = number * UINT64_C(0x9E3779B97F4A7C15) + 1;
    memset(&c, 0, sizeof c);
    mk_sdc_spec_init(&c.spec);
    mk_sdc_model_init(&c.m);
    mk_sdc_result_init(&c.r);
    mk_sdc_release_init(&c.release);
    make_dims();
    make_tables();
    make_zeros();
    make_rule();
    mk_sdc_data_init(&c.data, &c.spec);
    make_records();
    sdc_case_model(&c, NULL, NULL, 0);
    ck_assert_msg(sdc_brute_init(&brute, &c.m), "%u is too large", seed);
}

/* ---- what is claimed ---- */

static void same_intervals_of(const struct mk_sdc_model *m)
{
    char place[256];
    for (size_t i = 0; i < m->n_cells; i++) {
        const struct mk_sdc_cell *cell = &m->cell[i];
        if (!cell->hidden)
            continue;
        mk_sdc_model_place(m, i, place, sizeof place);
        int64_t lo = (int64_t)cell->lo, hi = (int64_t)cell->hi;
        ck_assert_msg(cell->exact ? lo == brute.lo[i] && hi == brute.hi[i]
                                  : lo <= brute.lo[i] && hi >= brute.hi[i],
                      "%u: %s is %d to %d, not %d to %d", seed, place, (int)lo,
                      (int)hi, (int)brute.lo[i], (int)brute.hi[i]);
    }
}

static void same_intervals(void)
{
    same_intervals_of(&c.m);
}

/* What brute force says of the pattern in brute's model; false where it
 * cannot. */
static bool brute_force_of(uint64_t steps, const char **what,
                           char place[static 256])
{
    const struct mk_sdc_model *m = brute.m;
    bool hidden[BRUTE_CELLS];
    size_t cell;
    for (size_t i = 0; i < m->n_cells; i++)
        hidden[i] = m->cell[i].hidden;
    if (!sdc_brute_try(&brute, hidden, steps))
        return false;
    *what = sdc_brute_broken(&brute, &cell);
    mk_sdc_model_place(m, cell, place, 256);
    return true;
}

static bool brute_force(const char **what, char place[static 256])
{
    return brute_force_of(STEPS, what, place);
}

START_TEST(no_published_set_that_is_called_safe_can_be_broken)
{
    unsigned n = trials(1200), endless = 0, safe = 0, refused = 0;
    for (unsigned i = 1; i <= n; i++) {
        const char *what = NULL;
        char place[256];
        make(i);
        sdc_case_protect(&c, WORK);
        bool good = c.r.safe && c.r.n_faults == 0;
        if (!brute_force(&what, place)) {
            endless++;
        } else {
            same_intervals();
            ck_assert_msg(!good || !what, "%u: %s is %s", i, place, what);
            /* nor is what is safe refused */
            ck_assert_msg(good || what, "%u: refused for nothing", i);
            safe += good;
            refused += !good;
        }
        sdc_case_close(&c);
    }
    printf("%u tables: %u safe, %u refused, %u without an end\n", n, safe,
           refused, endless);
    ck_assert_uint_gt(safe, n / 2);
    ck_assert_uint_lt(endless, n / 4);
}
END_TEST

/* Hides by chance, most of what is unsafe and some of the rest. */
static void print_some(struct mk_sdc_printed *printed)
{
    struct mk_sdc_walk walk;
    size_t at;
    unsigned share = 1 + chance(4);
    bool hide[BRUTE_CELLS];
    for (size_t i = 0; i < c.m.n_cells; i++)
        hide[i] = brute.unsafe[i] ? chance(30) != 0 : chance(6) < share;
    mk_sdc_printed_init(printed, &c.spec);
    mk_sdc_walk_init(&walk, &c.spec);
    while (mk_sdc_walk_next(&walk)) {
        ck_assert(mk_sdc_model_find(&c.m, walk.node, &at));
        bool shown = c.m.cell[at].empty || !hide[at] ||
                     c.m.cell[at].value >= c.spec.threshold + 4;
        struct mk_sdc_print_cell cell = {
            .print = shown              ? MK_SDC_PRINTED
                     : brute.unsafe[at] ? MK_SDC_PRIMARY
                                        : MK_SDC_SECONDARY,
            .value = c.m.cell[at].value,
            .hi = shown ? 0 : MK_SDC_COUNT,
        };
        ck_assert_int_eq(mk_sdc_printed_add(printed, walk.node, &cell, NULL),
                         MK_OK);
    }
}

/* The engine asks more than the rule in one thing: the member of a group is
 * hidden, though a hidden total would do. */
static bool only_shown_members(void)
{
    for (size_t i = 0; i < c.m.n_cells; i++)
        if (c.r.fault[i] != MK_SDC_FAULT_NONE &&
            (c.r.fault[i] != MK_SDC_FAULT_GROUP || c.m.cell[i].hidden))
            return false;
    return true;
}

START_TEST(an_audit_finds_what_brute_force_finds)
{
    unsigned n = trials(1200), endless = 0, clean = 0, broken = 0;
    for (unsigned i = 1; i <= n; i++) {
        struct mk_sdc_printed printed;
        const char *what = NULL;
        char place[256];
        make(i);
        print_some(&printed);
        sdc_case_model(&c, &printed, NULL, 0);
        enum mk_err rc = mk_sdc_audit(&c.r, &c.m, NULL);
        if (!brute_force(&what, place)) {
            endless++;
        } else if (rc == MK_E_EARLIER) {
            /* the same number hidden under one name, printed under another */
            ck_assert_msg(what != NULL, "%u: refused for nothing", i);
        } else {
            ck_assert_int_eq(rc, MK_OK);
            same_intervals();
            ck_assert_msg((c.r.n_faults > 0) == (what != NULL) ||
                              (!what && only_shown_members()),
                          "%u: %d faults, but %s is %s", i, (int)c.r.n_faults,
                          place, what ? what : "safe");
            broken += what != NULL;
            clean += !what;
        }
        mk_sdc_printed_release(&printed);
        sdc_case_close(&c);
    }
    printf("%u patterns: %u clean, %u broken, %u without an end\n", n, clean,
           broken, endless);
}
END_TEST

/* ---- rounding ---- */

/* The spec with its first table only; and without it, where it has more. */
static void split_spec(struct mk_sdc_spec *first)
{
    struct mk_diag diag = MK_DIAG_INIT;
    json_t *json = mk_sdc_spec_to_json(&c.spec);
    json_t *tables = json_object_get(json, "tables");
    size_t n = json_array_size(tables);
    while (json_array_size(tables) > 1)
        json_array_remove(tables, 1);
    mk_sdc_spec_init(first);
    ck_assert_int_eq(mk_sdc_spec_from_json(first, json, &diag), MK_OK);
    json_decref(json);
    if (n == 1 || chance(3) == 0)
        return;
    json = mk_sdc_spec_to_json(&c.spec);
    json_array_remove(json_object_get(json, "tables"), 0);
    mk_sdc_spec_release(&c.spec);
    mk_sdc_spec_init(&c.spec);
    ck_assert_int_eq(mk_sdc_spec_from_json(&c.spec, json, &diag), MK_OK);
    json_decref(json);
}

static enum mk_err round_first(struct mk_sdc_rounded *out,
                               struct mk_sdc_model *m,
                               const struct mk_sdc_spec *spec)
{
    uint8_t key[MK_SDC_ROUND_KEY] = {(uint8_t)seed, (uint8_t)(seed >> 8)};
    struct mk_diag diag = MK_DIAG_INIT;
    unsigned base = spec->threshold > 3 || chance(2) ? 5 : 3;
    mk_sdc_rounded_init(out);
    mk_sdc_model_init(m);
    ck_assert_int_eq(
        mk_sdc_model_build(m, spec, &c.data, NULL, NULL, 0, &diag), MK_OK);
    return mk_sdc_round(out, m, base, key, WORK, &diag);
}

/* As a file, and back. */
static void publish_rounded(const struct mk_sdc_rounded *out)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_buf text = MK_BUF_INIT;
    ck_assert_int_eq(mk_sdc_release_write(&text, &out->seen, "R", &diag),
                     MK_OK);
    mk_sdc_release_release(&c.release);
    mk_sdc_release_init(&c.release);
    ck_assert_int_eq(
        mk_sdc_release_parse(&c.release, text.data, text.len, &diag), MK_OK);
    mk_buf_release(&text);
}

START_TEST(no_rounding_that_is_called_safe_can_be_broken)
{
    unsigned n = trials(1200) / 20, safe = 0;
    for (unsigned i = 1; i <= n; i++) {
        struct mk_sdc_rounded out;
        struct mk_sdc_model m;
        const char *what = NULL;
        char place[256];
        make(i);
        if (round_first(&out, &m, &c.spec) == MK_OK &&
            sdc_brute_init(&brute, &out.seen) &&
            brute_force_of(STEPS_ROUNDED, &what, place)) {
            same_intervals_of(&out.seen);
            ck_assert_msg(!what, "%u: %s is %s", i, place, what);
            safe++;
        }
        mk_sdc_rounded_release(&out);
        mk_sdc_model_release(&m);
        sdc_case_close(&c);
    }
    printf("%u tables: %u rounded\n", n, safe);
    ck_assert_uint_gt(safe, n / 4);
}
END_TEST

START_TEST(no_protection_beside_a_rounding_can_be_broken)
{
    unsigned n = trials(1200) / 12, safe = 0, refused = 0, printed = 0;
    for (unsigned i = 1; i <= n; i++) {
        const struct mk_sdc_release *earlier[] = {&c.release};
        struct mk_sdc_rounded out;
        struct mk_sdc_model m;
        struct mk_sdc_spec first;
        const char *what = NULL;
        char place[256];
        make(i);
        split_spec(&first);
        if (round_first(&out, &m, &first) == MK_OK) {
            publish_rounded(&out);
            sdc_case_model(&c, NULL, earlier, 1);
            sdc_case_protect(&c, WORK);
            bool good = c.r.safe && c.r.n_faults == 0;
            if (sdc_brute_init(&brute, &c.m) &&
                brute_force_of(STEPS_ROUNDED, &what, place)) {
                same_intervals();
                ck_assert_msg(!good || !what, "%u: %s is %s", i, place, what);
                ck_assert_msg(good || what, "%u: refused for nothing", i);
                safe += good;
                refused += !good;
                for (size_t k = 0; good && k < c.m.n_cells; k++)
                    printed += c.m.cell[k].rounded && !c.m.cell[k].hidden;
            }
        }
        mk_sdc_rounded_release(&out);
        mk_sdc_model_release(&m);
        mk_sdc_spec_release(&first);
        sdc_case_close(&c);
    }
    printf("%u tables: %u safe beside a rounding, %u refused; %u figures "
           "printed after all\n",
           n, safe, refused, printed);
    ck_assert_uint_gt(safe, n / 10);
    ck_assert_uint_gt(printed, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        no_published_set_that_is_called_safe_can_be_broken,
        an_audit_finds_what_brute_force_finds,
        no_rounding_that_is_called_safe_can_be_broken,
        no_protection_beside_a_rounding_can_be_broken,
    };
    return UNIT_RUN("sdc_brute", tests, NULL);
}
