/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an attacker can do to a log, and what meldkluis-verify says of it: the
 * table of docs/ATTACKS.md, row by row.  A row without an attack fails, and so
 * does an attack without a row.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "crypto/hash.h"
#include "crypto/sign.h"
#include "tests/support/export_scene.h"
#include "tests/support/unit.h"

#define PAGE "docs/ATTACKS.md"

static const struct mk_xs_attack *const lists[] = {mk_xs_log, mk_xs_people,
                                                   mk_xs_keyring, mk_xs_prune};
#define LISTS (sizeof lists / sizeof *lists)

/* The i-th of all; NULL behind the last. */
static const struct mk_xs_attack *attack_at(size_t i)
{
    for (size_t k = 0; k < LISTS; k++)
        for (const struct mk_xs_attack *a = lists[k]; a->name; a++)
            if (i-- == 0)
                return a;
    return NULL;
}

static void start(void)
{
    ck_assert_int_eq(mk_crypto_init(NULL), MK_OK);
    (void)mk_xs_office();
}

static bool page_has(const char *row)
{
    char line[MK_XS_ROW];
    bool has = false;
    FILE *f = fopen(PAGE, "r");

    ck_assert_ptr_nonnull(f);
    while (fgets(line, sizeof line, f))
        has = has || strcmp(line, row) == 0;
    fclose(f);
    return has;
}

START_TEST(an_attack_fails_as_the_page_says)
{
    struct mk_xs s;
    char row[MK_XS_ROW];

    mk_xs_begin(&s);
    attack_at((size_t)_i)->attack(&s);
    mk_xs_judge(&s);
    mk_xs_row(&s, attack_at((size_t)_i)->name, row);
    ck_assert_msg(page_has(row), "not in " PAGE ": %s", row);
    mk_xs_end(&s);
}
END_TEST

START_TEST(the_page_has_no_other_rows)
{
    char line[MK_XS_ROW];
    size_t rows = 0;
    FILE *f = fopen(PAGE, "r");

    ck_assert_ptr_nonnull(f);
    while (fgets(line, sizeof line, f))
        for (size_t v = 0; v < MK_VF_VERDICTS; v++) {
            char cell[16];

            snprintf(cell, sizeof cell, "| %s |", mk_xs_verdicts[v]);
            rows += line[0] == '|' && strstr(line, cell) != NULL;
        }
    fclose(f);
    ck_assert_ptr_nonnull(attack_at(rows - 1));
    ck_assert_ptr_null(attack_at(rows));
}
END_TEST

/* ---- what is no attack ---- */

#define PASSES(s)                                             \
    do {                                                      \
        char row[MK_XS_ROW];                                  \
        mk_xs_judge(s);                                       \
        mk_xs_row(s, "", row);                                \
        ck_assert_msg(mk_vf_passed(&(s)->report), "%s", row); \
    } while (0)

START_TEST(an_export_that_is_whole_passes)
{
    struct mk_xs s;

    mk_xs_begin(&s);
    mk_xk_work(&s.x, 300);
    mk_xs_written(&s);
    PASSES(&s);
    ck_assert(s.report.verdict[MK_VF_INTACT].judged);
    ck_assert(s.report.verdict[MK_VF_ALLOWED].judged);
    ck_assert(!s.report.verdict[MK_VF_COMPLETE].judged);
    ck_assert_uint_eq(s.report.size, 624);
    ck_assert_uint_eq(s.report.opened, 312);
    mk_xs_end(&s);
}
END_TEST

START_TEST(a_witness_who_saw_the_beginning_makes_it_complete)
{
    struct mk_xs s;

    mk_xs_begin(&s);
    mk_xs_stored_note(&s, false);
    mk_xk_note(&s.x, 24, NULL, mk_xs_witness(&s, "mine.note"));
    PASSES(&s);
    ck_assert(s.report.verdict[MK_VF_COMPLETE].judged);
    ck_assert_uint_eq(s.report.verdict[MK_VF_COMPLETE].reason.a, 24);
    ck_assert_uint_eq(s.report.verdict[MK_VF_COMPLETE].reason.b, 0);
    mk_xs_end(&s);
}
END_TEST

/* The note that a witness keeps speaks for its key as well as one in the export;
 * a line in it that is not the witness' own is told. */
START_TEST(a_note_is_read_with_the_key_of_its_witness)
{
    for (int forged = 0; forged <= 1; forged++) {
        struct mk_xs s;
        struct mk_buf *note;
        char path[256];

        mk_xs_begin(&s);
        mk_xs_stored_note(&s, forged);
        note = mk_xs_witness(&s, "mine.note");
        snprintf(path, sizeof path, "checkpoints/%d", forged ? 18 : 20);
        mk_xk_get_file(s.folder, path, note);
        snprintf(path, sizeof path, "%s/checkpoints/%d", s.folder,
                 forged ? 18 : 20);
        ck_assert_int_eq(unlink(path), 0);
        if (forged) {
            mk_xs_judge(&s);
            ck_assert_int_eq(s.report.verdict[MK_VF_COMPLETE].kept[0].code,
                             MK_VF_COSIGNATURE_FORGED);
        } else {
            PASSES(&s);
            ck_assert_uint_eq(s.report.verdict[MK_VF_COMPLETE].n_notes, 2);
            ck_assert_str_eq(s.report.verdict[MK_VF_COMPLETE].notes[0].who,
                             "notary.example");
        }
        mk_xs_end(&s);
    }
}
END_TEST

START_TEST(a_clock_corrected_by_minutes_passes)
{
    const struct mk_xk_tx tx = {.person = MK_KR_INSPECTOR,
                                .kind = MK_AUDIT_SHOW,
                                .clock_ms = -5 * 60000};
    struct mk_xs s;

    mk_xs_begin(&s);
    mk_xk_do(&s.x, &tx);
    mk_xs_written(&s);
    PASSES(&s);
    mk_xs_end(&s);
}
END_TEST

START_TEST(creeping_back_by_minutes_is_noticed)
{
    const struct mk_xk_tx tx = {.person = MK_KR_INSPECTOR,
                                .kind = MK_AUDIT_SHOW,
                                .clock_ms = -4 * 60000};
    struct mk_xs s;

    mk_xs_begin(&s);
    mk_xk_do(&s.x, &tx);
    mk_xk_do(&s.x, &tx);
    mk_xs_written(&s);
    mk_xs_judge(&s);
    ck_assert_int_eq(s.report.verdict[MK_VF_INTACT].kept[0].code,
                     MK_VF_CLOCK_BACK);
    mk_xs_end(&s);
}
END_TEST

START_TEST(a_refusal_is_no_breach)
{
    const struct mk_xk_tx tx = {.person = MK_KR_ANALYST,
                                .kind = MK_AUDIT_SHOW,
                                .outcome = MK_OUTCOME_REFUSED};
    struct mk_xs s;

    mk_xs_begin(&s);
    mk_xk_do(&s.x, &tx);
    mk_xs_written(&s);
    PASSES(&s);
    ck_assert_uint_eq(s.report.refused, 1);
    mk_xs_end(&s);
}
END_TEST

START_TEST(a_true_pruning_passes)
{
    struct mk_xs s;

    mk_xs_begin(&s);
    mk_xs_old(&s);
    mk_xs_pruned(&s, MK_XS_FIRST_MS + MK_XS_MONTH_MS, false);
    PASSES(&s);
    ck_assert_uint_eq(s.report.pruned, 512);
    ck_assert_uint_eq(s.report.verdict[MK_VF_INTACT].n_notes, 1);
    mk_xs_end(&s);
}
END_TEST

/* An export that was cut off before its checkpoint is still the one it was. */
START_TEST(what_goes_on_behind_the_checkpoint_is_not_judged)
{
    struct mk_xs s;
    struct mk_xk more;
    struct mk_buf b = MK_BUF_INIT;

    mk_xs_begin(&s);
    mk_xk_copy(&more, &s.x);
    mk_xs_written(&s);
    mk_xk_work(&more, 3);
    mk_xk_put_file(s.folder, "heads", more.heads.data, more.heads.len);
    mk_xk_get_file(s.folder, "register", &b);
    ck_assert_int_eq(mk_buf_add_str(&b, "half a row"), MK_OK);
    mk_xk_put_file(s.folder, "register", b.data, b.len);
    PASSES(&s);
    ck_assert_int_eq(s.report.verdict[MK_VF_INTACT].notes[0].code,
                     MK_VF_LATER);
    ck_assert_uint_eq(s.report.verdict[MK_VF_INTACT].notes[0].a, 3);
    mk_buf_release(&b);
    mk_xk_release(&more);
    mk_xs_end(&s);
}
END_TEST

/* `trust key` as the row behind those that a head signs, or signed too. */
static void trust(struct mk_xs *s, const char *key, bool by_custodian)
{
    uint8_t body[278] = "MKV1", hash[MK_HASH];
    const size_t n = 22 + strlen(key);
    struct mk_buf b = MK_BUF_INIT;
    const struct mk_xk_tx tx = {.person = MK_KR_FOUNDER,
                                .kind = MK_AUDIT_SETTING,
                                .row_kind = 6,
                                .row = body,
                                .n_row = n};

    memcpy(body + 4, s->x.head.store, MK_ID);
    memcpy(body + 22, key, n - 22);
    if (by_custodian) {
        mk_xk_do(&s->x, &tx);
        mk_xs_written(s);
        return;
    }
    mk_xs_written(s);
    mk_sha256(hash, body, n);
    mk_xk_get_file(s->folder, "register", &b);
    ck_assert_int_eq(mk_buf_add_u64(&b, s->x.head.n_register), MK_OK);
    ck_assert_int_eq(mk_buf_add_u32(&b, 6), MK_OK);
    ck_assert_int_eq(mk_buf_add(&b, hash, sizeof hash), MK_OK);
    ck_assert_int_eq(mk_buf_add_u32(&b, (uint32_t)n), MK_OK);
    ck_assert_int_eq(mk_buf_add(&b, body, n), MK_OK);
    mk_xk_put_file(s->folder, "register", b.data, b.len);
    mk_buf_release(&b);
}

static bool notes(const struct mk_xs *s, enum mk_vf_code code)
{
    const struct mk_vf_opinion *o = &s->report.verdict[MK_VF_COMPLETE];
    bool has = false;

    for (size_t i = 0; i < o->n_notes; i++)
        has = has || o->notes[i].code == code;
    return has;
}

/* A row behind the last head is anybody's, and the key of a log no witness'. */
START_TEST(a_witness_counts_when_a_custodian_named_him)
{
    for (int by_custodian = 0; by_custodian <= 1; by_custodian++)
        for (int log = 0; log <= 1; log++) {
            struct mk_xs s;
            struct mk_buf text = MK_BUF_INIT;
            char key[MK_VKEY_MAX + 2] = "";

            mk_xs_begin(&s);
            mk_xs_stored_note(&s, false); /* and what he signed */
            if (log)
                mk_xk_get_file(s.folder, "vkey", &text);
            else
                ck_assert_int_eq(mk_buf_add(&text, s.witness[0].text.data,
                                            s.witness[0].text.len),
                                 MK_OK);
            ck_assert_uint_lt(text.len, sizeof key);
            memcpy(key, text.data, text.len);
            key[strcspn(key, "\n")] = '\0';
            mk_buf_release(&text);
            trust(&s, key, by_custodian);
            PASSES(&s);
            ck_assert(notes(&s, MK_VF_STORED) == (by_custodian && !log));
            mk_xs_end(&s);
        }
}
END_TEST

/* A file with a hole costs its maker nothing, and may be as long as he likes. */
START_TEST(behind_what_is_no_head_nothing_is_read)
{
    static const uint8_t hole[9 * (MK_HEAD + MK_SIG)];
    struct mk_xs s;
    struct mk_buf heads = MK_BUF_INIT;

    mk_xs_begin(&s);
    mk_xs_written(&s);
    mk_xk_get_file(s.folder, "heads", &heads);
    ck_assert_int_eq(mk_buf_add(&heads, hole, sizeof hole), MK_OK);
    mk_xk_put_file(s.folder, "heads", heads.data, heads.len);
    mk_xs_judge(&s);
    ck_assert_uint_eq(s.report.verdict[MK_VF_INTACT].failed, 1);
    ck_assert_int_eq(s.report.verdict[MK_VF_INTACT].kept[0].code,
                     MK_VF_HEAD_FORM);
    ck_assert_uint_eq(s.report.heads, 12 + 1);
    mk_buf_release(&heads);
    mk_xs_end(&s);
}
END_TEST

/* Too long to be read, or no file: as good as a key that nobody named. */
START_TEST(witnesses_that_cannot_be_read_are_told)
{
    struct mk_xs s;
    struct mk_buf text = MK_BUF_INIT;

    mk_xs_begin(&s);
    mk_xs_written(&s);
    for (int i = 0; i < 3000; i++)
        ck_assert_int_eq(
            mk_buf_add_str(&text, "stranger.example+00000000+AAAA\n"), MK_OK);
    mk_xk_put_file(s.folder, "witnesses", text.data, text.len);
    mk_xs_judge(&s);
    ck_assert(mk_vf_failed(&s.report, MK_VF_INTACT));
    ck_assert_int_eq(s.report.verdict[MK_VF_INTACT].kept[0].code,
                     MK_VF_WITNESSES);
    mk_buf_release(&text);
    mk_xs_end(&s);
}
END_TEST

/* A restart that two people signed, and the mark from before it. */
START_TEST(an_accepted_restore_passes)
{
    struct mk_xs s;
    struct mk_xk old;
    uint8_t body[MK_RESTART_BODY] = "MKX1";
    struct mk_buf *mark;
    const struct mk_xk_tx tx = {.person = MK_KR_FOUNDER,
                                .kind = MK_AUDIT_RESTART,
                                .row_kind = 2,
                                .row = body,
                                .n_row = sizeof body,
                                .more_epochs = 1};

    mk_xs_begin(&s);
    mark = mk_xs_witness(&s, "account.mark");
    mk_xk_copy(&old, &s.x);
    mk_xk_work(&s.x, 5);
    mk_xs_mark(&s.x, mark);
    memcpy(body + 4, old.head.store, MK_ID);
    mk_put_u32(body + 20, 1);
    memcpy(body + 26, s.x.head_hash, MK_HASH);
    memcpy(body + 58, old.head_hash, MK_HASH);
    memcpy(body + 90, mk_xs_office()->who[MK_KR_FOUNDER].id, MK_ID);
    memcpy(body + 106, mk_xs_office()->who[MK_KR_AUDITOR].id, MK_ID);
    ck_assert_int_eq(mk_sign(body + MK_RESTART_SIGNED,
                             mk_xs_office()->who[MK_KR_FOUNDER].sign,
                             "meldkluis/restart/v1", body, MK_RESTART_SIGNED),
                     MK_OK);
    ck_assert_int_eq(mk_sign(body + MK_RESTART_SIGNED + MK_SIG,
                             mk_xs_office()->who[MK_KR_AUDITOR].sign,
                             "meldkluis/restart/v1", body, MK_RESTART_SIGNED),
                     MK_OK);
    mk_xk_do(&old, &tx);
    mk_xk_write(&old, s.folder);
    PASSES(&s);
    mk_xk_release(&old);
    mk_xs_end(&s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("verify_attacks");
    TCase *table = tcase_create("attacks"), *rest = tcase_create("no attack");
    const TTest *const others[] = {
        the_page_has_no_other_rows,
        an_export_that_is_whole_passes,
        a_witness_who_saw_the_beginning_makes_it_complete,
        a_note_is_read_with_the_key_of_its_witness,
        a_clock_corrected_by_minutes_passes,
        creeping_back_by_minutes_is_noticed,
        a_refusal_is_no_breach,
        a_true_pruning_passes,
        what_goes_on_behind_the_checkpoint_is_not_judged,
        a_witness_counts_when_a_custodian_named_him,
        witnesses_that_cannot_be_read_are_told,
        behind_what_is_no_head_nothing_is_read,
        an_accepted_restore_passes,
    };

    tcase_add_unchecked_fixture(table, start, NULL);
    tcase_add_unchecked_fixture(rest, start, NULL);
    int attacks = 0;
    while (attack_at((size_t)attacks))
        attacks++;
    tcase_add_loop_test(table, an_attack_fails_as_the_page_says, 0, attacks);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        tcase_add_test(rest, others[i]);
    suite_add_tcase(suite, table);
    suite_add_tcase(suite, rest);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
