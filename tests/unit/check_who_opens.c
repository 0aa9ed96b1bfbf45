/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who can open what, before and after each change of people and keys: with
 * everything that somebody has, and ever had, tried on everything that was
 * written (tests/support/bag.h).  docs/WHO-OPENS.md is what comes out; it is
 * compared here, and written anew with MK_WRITE_DOCS=1.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/bag.h"
#include "tests/support/unit.h"
#include "tests/support/vault.h"

#define PAGE "docs/WHO-OPENS.md"

enum person {
    CUSTODIAN1,
    CUSTODIAN2,
    OWNER,    /* inspector of all dossiers */
    LEAVER,   /* an inspector who is removed */
    NEWCOMER, /* admitted as an inspector */
    ANALYST,
    AUDITOR,
    PEOPLE
};
static const char *const names[PEOPLE] = {
    "bewaarder1",  "bewaarder2", "inspecteur1", "inspecteur2",
    "inspecteur3", "analist1",   "auditor1",
};

static struct vault_fixture f;
static struct things all;
static struct bag *bags[PEOPLE];
static bool is_there[PEOPLE] = {true, true, true, true, false, true, true};
static struct mk_dossier_ref plain_ref; /* open to all inspectors */
static FILE *page;
static unsigned stage;

/* --- the vault --- */

static void path(char out[static 160], const char *file)
{
    snprintf(out, 160, "%s/%s", f.vault, file);
}

static void note(const struct mk_dossier_ref *ref, const char *who)
{
    const struct mk_access access = {.purpose = MK_PURPOSE_WRN};
    struct mk_vault *v = vault_as(&f, who);
    struct mk_written out;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_event e;
    enum mk_err rc;

    vault_event(&e, MK_VERB_NOTITIE, "narrative", "Gebeld met de houder.",
                NULL);
    rc = mk_dossier_event(v, &access, ref, &e, &out, &diag);
    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
    mk_vault_close(v);
}

/* What each can reach by unlocking is in his bag. */
static void unlock_all(void)
{
    for (unsigned p = 0; p < PEOPLE; p++) {
        struct mk_diag diag = MK_DIAG_INIT;
        struct mk_vault *v;

        if (!is_there[p])
            continue;
        if (vault_try(&f, names[p], &v, &diag) == MK_OK) {
            if (bags[p] == NULL)
                bags[p] = bag_new(v->head.store);
            bag_add_handle(bags[p], v);
        }
        mk_vault_close(v);
    }
}

/* --- the page --- */

/* What was written last, or at the beginning. */
struct when {
    uint64_t facts, log;
    uint64_t plain, plain_seq;
    uint32_t year, gen;
};

static struct when first;

static struct when now(struct mk_vault *v)
{
    struct when w = {.facts = v->head.n_stats - 1};
    struct mk_dossier_row row;

    mk_dossier_row_init(&row);
    for (uint64_t i = 0; i < v->head.n_dossiers; i++) {
        ck_assert_int_eq(mk_dossier_load(v->store, i, &row, NULL), MK_OK);
        if (memcmp(row.id, plain_ref.lo, 4) == 0) {
            w.plain = i;
            w.plain_seq = row.entries;
            w.year = row.intake_year;
            w.gen = row.rk_gen;
        }
    }
    mk_dossier_row_release(&row);
    for (size_t i = 0; i < all.n; i++)
        if (all.t[i].what == THING_LOG && all.t[i].a > w.log)
            w.log = all.t[i].a;
    return w;
}

static void cell(bool yes)
{
    fputs(yes ? " yes |" : " . |", page);
}

static void table(const struct when *w)
{
    char db[160];

    path(db, "vault.db");
    fputs("| | file | facts | dossier | retention | log |\n"
          "|---|---|---|---|---|---|\n",
          page);
    for (unsigned p = 0; p < PEOPLE; p++) {
        if (!is_there[p])
            continue;
        fprintf(page, "| %s |", names[p]);
        cell(bag_opens_file(bags[p], db));
        cell(bag_opens(bags[p], &all, THING_FACTS, w->facts, 0));
        cell(bag_opens(bags[p], &all, THING_ENTRY, w->plain, w->plain_seq));
        cell(bag_opens(bags[p], &all, THING_RETENTION, w->year, w->gen));
        cell(bag_opens(bags[p], &all, THING_LOG, w->log, 0));
        fputs("\n", page);
    }
    fputs("\n", page);
}

/* Everybody works a little, so that there is something of now. */
static void work(void)
{
    struct mk_vault *v = vault_as(&f, names[OWNER]);

    (void)vault_intake(v, "2019-07-08");
    mk_vault_close(v);
    note(&plain_ref, names[OWNER]);
}

static void tell(const char *title, const char *what)
{
    struct mk_vault *v;
    struct when w;
    char retention[160];

    work();
    unlock_all();
    path(retention, "retention");
    v = vault_as(&f, names[ANALYST]);
    things_collect(&all, v, retention);
    ck_assert_int_eq(mk_snapshot_begin(v, NULL), MK_OK);
    w = now(v);
    mk_snapshot_end(v);
    mk_vault_close(v);
    for (unsigned p = 0; p < PEOPLE; p++)
        if (bags[p] != NULL)
            bag_fill(bags[p], &all);
    if (stage == 0)
        first = w;
    fprintf(page, "## %u. %s\n\n%s\n\n", stage, title, what);
    table(&w);
    stage++;
}

/* --- the changes --- */

static void admit(void)
{
    const struct mk_access access = {.purpose = 0};
    struct mk_secret *word = vault_passphrase(names[NEWCOMER]);
    struct mk_vault *v = vault_as(&f, names[CUSTODIAN1]);
    struct mk_buf text = MK_BUF_INIT;
    struct mk_member who;
    struct mk_diag diag = MK_DIAG_INIT;

    ck_assert_int_eq(mk_request_make(mk_vault_keyring(v), names[NEWCOMER],
                                     word, &text, &diag),
                     MK_OK);
    ck_assert_int_eq(mk_user_admit(v, &access, text.data, text.len,
                                   MK_ROLE_BIT(MK_ROLE_INSPECTOR), &who,
                                   &diag),
                     MK_OK);
    bags[NEWCOMER] = bag_new(v->head.store);
    mk_buf_release(&text);
    mk_vault_close(v);
    mk_secret_free(word);
    is_there[NEWCOMER] = true;
}

static void grant(void)
{
    const struct mk_access access = {.purpose = 0};
    struct mk_vault *v = vault_as(&f, names[LEAVER]);
    struct mk_diag diag = MK_DIAG_INIT;

    ck_assert_int_eq(
        mk_role_grant(v, &access, names[NEWCOMER], MK_ROLE_INSPECTOR, &diag),
        MK_OK);
    mk_vault_close(v);
}

static void begin(char **text, size_t *n)
{
    struct mk_vault *v;

    vault_setup(&f);
    page = open_memstream(text, n);
    ck_assert_ptr_nonnull(page);
    v = vault_as(&f, names[OWNER]);
    plain_ref = vault_intake(v, "2019-03-02");
    mk_vault_close(v);
    fputs("# Who can open what\n\n", page);
}

static void compare(const char *text, size_t n)
{
    char *old = calloc(1, n + 2);
    FILE *file;
    size_t got;

    ck_assert_ptr_nonnull(old);
    if (getenv("MK_WRITE_DOCS") != NULL) {
        file = fopen(PAGE, "w");
        ck_assert_ptr_nonnull(file);
        ck_assert_uint_eq(fwrite(text, 1, n, file), n);
        ck_assert_int_eq(fclose(file), 0);
    }
    file = fopen(PAGE, "r");
    ck_assert_msg(file != NULL, "%s is missing", PAGE);
    got = fread(old, 1, n + 1, file);
    fclose(file);
    ck_assert_msg(got == n && memcmp(old, text, n) == 0,
                  "%s is not what was found by trying", PAGE);
    free(old);
}

START_TEST(the_page_is_what_was_found_by_trying)
{
    char *text = NULL;
    size_t n = 0;

    begin(&text, &n);
    tell("At first", "As `init` made it.");
    admit();
    tell("Somebody is certified", "By a custodian.");
    grant();
    tell("And wrapped", "By an inspector.");
    ck_assert_int_eq(fclose(page), 0);
    compare(text, n);
    free(text);
    things_release(&all);
    for (unsigned p = 0; p < PEOPLE; p++)
        bag_free(bags[p]);
    vault_teardown(&f);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("who_opens");
    TCase *tcase = tcase_create("who_opens");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, the_page_is_what_was_found_by_trying);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
