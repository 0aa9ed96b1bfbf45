/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: files: everything is tried on kept copies of every file */
/*
 * Who can open what, before and after each change of people and keys: with
 * everything that somebody has, and ever had, tried on everything that was
 * written (tests/support/bag.h).  docs/WHO-OPENS.md is what comes out; it is
 * compared here, and written anew with MK_WRITE_DOCS=1.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/card.h"
#include "core/destruction.h"
#include "core/emergency.h"
#include "core/recovery.h"
#include "core/restrict.h"
#include "tests/support/bag.h"
#include "tests/support/unit.h"
#include "tests/support/vault.h"

#define PAGE "docs/WHO-OPENS.md"
#define CARDS 5
#define CARDS_NEEDED 3

enum person {
    CUSTODIAN1,
    CUSTODIAN2,
    OWNER,    /* inspector of all dossiers */
    LEAVER,   /* an inspector who is removed */
    NEWCOMER, /* admitted as an inspector */
    ANALYST,
    AUDITOR,
    FEW_CARDS,    /* what a thief of one card too few has */
    ENOUGH_CARDS, /* and who has as many as it takes */
    RECOVERED,    /* somebody whom the cards let in */
    PEOPLE
};
static const char *const names[PEOPLE] = {
    "bewaarder1", "bewaarder2", "inspecteur1",  "inspecteur2",  "inspecteur3",
    "analist1",   "auditor1",   "2 cards of 5", "3 cards of 5", "inspecteur4",
};

static const struct mk_access access_of_another = {.purpose = MK_PURPOSE_WRN};
static struct vault_fixture f;
static struct things all;
static struct bag *bags[PEOPLE];
static bool is_there[PEOPLE] = {true, true, true, true, false, true, true};
static struct mk_dossier_ref plain, shut, gone;
static struct mk_buf card_text[CARDS];
static FILE *page;
static unsigned stage;
static struct mk_diag diag;

static void ok(enum mk_err rc)
{
    ck_assert_msg(rc == MK_OK, "stage %u: %s %s", stage, mk_err_name(rc),
                  diag.place);
}

static struct mk_vault *as(enum person p)
{
    return vault_as(&f, names[p]);
}

/* --- work --- */

static void file_of(char out[static 160], const char *name)
{
    snprintf(out, 160, "%s/%s", f.vault, name);
}

static void note(const struct mk_dossier_ref *ref)
{
    struct mk_vault *v = as(OWNER);
    struct mk_written out;
    struct mk_event e;

    vault_event(&e, MK_VERB_NOTITIE, "narrative", "Gebeld met de houder.",
                NULL);
    ok(mk_dossier_event(v, &access_of_another, ref, &e, &out, &diag));
    mk_vault_close(v);
}

/* Everybody works a little, so that there is something of now. */
static void work(void)
{
    struct mk_vault *v = as(OWNER);

    (void)vault_intake(v, "2020-07-08");
    mk_vault_close(v);
    note(&plain);
    note(&shut);
}

/* What each can reach by unlocking goes into his bag, beside what he had. */
static void unlock_all(struct bag **into)
{
    for (enum person p = 0; p < PEOPLE; p++) {
        struct mk_vault *v;

        if (!is_there[p])
            continue;
        if (vault_try(&f, names[p], &v, &diag) == MK_OK) {
            if (into[p] == NULL)
                into[p] = bag_new(v->head.store);
            bag_add_handle(into[p], v);
        }
        mk_vault_close(v);
    }
}

/* --- the page --- */

/* What was written last. */
struct when {
    uint64_t facts, log;
    uint64_t plain, plain_seq, shut, shut_seq, gone;
    uint32_t year, gen;
};

static uint64_t find(struct mk_vault *v, const struct mk_dossier_ref *ref,
                     struct mk_dossier_row *row)
{
    uint64_t ordinal;
    bool found;

    ok(mk_dossier_find(v->store, ref->lo, ref->hi, &found, &ordinal, &diag));
    ck_assert(found);
    ok(mk_dossier_load(v->store, ordinal, row, &diag));
    return ordinal;
}

static struct when collect(void)
{
    struct when w;
    struct mk_dossier_row row;
    struct mk_vault *v = as(OWNER);
    char retention[160];

    mk_dossier_row_init(&row);
    file_of(retention, "retention");
    things_collect(&all, v, retention);
    ok(mk_snapshot_begin(v, &diag));
    w = (struct when){.facts = v->head.n_stats - 1};
    w.gone = find(v, &gone, &row);
    w.shut = find(v, &shut, &row);
    w.shut_seq = row.entries;
    w.plain = find(v, &plain, &row);
    w.plain_seq = row.entries;
    w.year = row.intake_year;
    w.gen = row.rk_gen;
    mk_snapshot_end(v);
    mk_vault_close(v);
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

static void heading(void)
{
    fputs("| | file | facts | log | retention | A, first | A, last | B, first "
          "| B, last | C |\n|---|---|---|---|---|---|---|---|---|---|\n",
          page);
}

static void line(const char *name, struct bag *bag, const struct things *t,
                 const struct when *w)
{
    char db[160];

    file_of(db, "vault.db");
    fprintf(page, "| %s |", name);
    cell(bag_opens_file(bag, db));
    cell(bag_opens(bag, t, THING_FACTS, w->facts, 0));
    cell(bag_opens(bag, t, THING_LOG, w->log, 0));
    cell(bag_opens(bag, t, THING_RETENTION, w->year, w->gen));
    cell(bag_opens(bag, t, THING_ENTRY, w->plain, 1));
    cell(bag_opens(bag, t, THING_ENTRY, w->plain, w->plain_seq));
    cell(bag_opens(bag, t, THING_ENTRY, w->shut, 1));
    cell(bag_opens(bag, t, THING_ENTRY, w->shut, w->shut_seq));
    cell(bag_opens(bag, t, THING_ENTRY, w->gone, 1));
    fputs("\n", page);
}

static void table(struct bag **of, const struct things *tried,
                  const struct when *w)
{
    heading();
    for (enum person p = 0; p < PEOPLE; p++) {
        if (of[p] == NULL)
            continue;
        bag_fill(of[p], tried);
        line(names[p], of[p], tried, w);
    }
    fputs("\n", page);
}

static void tell(const char *title, const char *what)
{
    struct when w;

    work();
    unlock_all(bags);
    w = collect();
    fprintf(page, "## %u. %s\n\n%s\n\n", stage, title, what);
    table(bags, &all, &w);
    stage++;
}

/* --- the changes --- */

static void request_of(enum person p, struct mk_buf *text)
{
    struct mk_secret *word = vault_passphrase(names[p]);
    struct mk_vault *v = as(CUSTODIAN1);

    ok(mk_request_make(mk_vault_keyring(v), names[p], word, text, &diag));
    bags[p] = bag_new(v->head.store);
    is_there[p] = true;
    mk_vault_close(v);
    mk_secret_free(word);
}

static void certify(void)
{
    struct mk_buf text = MK_BUF_INIT;
    struct mk_member who;
    struct mk_vault *v;

    request_of(NEWCOMER, &text);
    v = as(CUSTODIAN1);
    ok(mk_user_admit(v, &access_of_another, text.data, text.len,
                     MK_ROLE_BIT(MK_ROLE_INSPECTOR), &who, &diag));
    mk_vault_close(v);
    mk_buf_release(&text);
}

static void grant(void)
{
    struct mk_vault *v = as(LEAVER);

    ok(mk_role_grant(v, &access_of_another, names[NEWCOMER], MK_ROLE_INSPECTOR,
                     &diag));
    mk_vault_close(v);
}

static void change(enum mk_user_change what)
{
    struct mk_vault *v = as(CUSTODIAN2);

    ok(mk_user_change(v, &access_of_another, what, names[LEAVER], 0, &diag));
    mk_vault_close(v);
}

static void rekey(enum person by, enum mk_key_kind kind)
{
    struct mk_vault *v = as(by);

    ok(mk_rekey(v, &access_of_another, kind, &diag));
    mk_vault_close(v);
}

static void hand_over(void)
{
    char id[33];
    struct mk_vault *v = as(OWNER);
    struct mk_written out;
    struct mk_event e;

    mk_hex(id, mk_keyring_by_name(mk_vault_keyring(v), names[NEWCOMER])->id,
           sizeof id / 2);
    vault_event(&e, MK_VERB_OVERDRACHT, "member", id, NULL);
    ok(mk_dossier_event(v, &access_of_another, &plain, &e, &out, &diag));
    mk_vault_close(v);
}

static void restrict_it(void)
{
    const char *const named[] = {names[OWNER]};
    struct mk_vault *v = as(OWNER);
    struct mk_written out;

    ok(mk_restrict(v, &access_of_another, &shut, named, 1, &out, &diag));
    mk_vault_close(v);
}

static uint64_t ask(void)
{
    const struct mk_access emergency = {.purpose = MK_PURPOSE_NOOD};
    struct mk_vault *v = as(NEWCOMER);
    uint64_t seq;

    ok(mk_emergency_ask(v, &emergency, &shut, MK_EMERGENCY_GEV, 2, &seq,
                        &diag));
    mk_vault_close(v);
    return seq;
}

static void give(enum person by, uint64_t seq)
{
    struct mk_vault *v = as(by);

    ok(mk_emergency_grant(v, seq, &diag));
    mk_vault_close(v);
}

static void close_it(void)
{
    struct mk_vault *v = as(OWNER);

    ok(mk_restrict_again(v, &access_of_another, &shut,
                         &(struct mk_restricted_to){.n = 0}, &diag));
    mk_vault_close(v);
}

/* --- cards --- */

static enum mk_err keep_card(void *ctx, uint32_t set, unsigned number,
                             const struct mk_buf *text, struct mk_diag *d)
{
    struct mk_buf *to = (struct mk_buf *)ctx + (number - 1);

    (void)set;
    (void)d;
    if (text == NULL) /* never mind: it was not valid */
        return MK_OK;
    mk_buf_clear(to);
    return mk_buf_add(to, text->data, text->len);
}

/* What so many cards together give. */
static struct bag *combined(unsigned n, const uint8_t *store)
{
    struct mk_card card[CARDS] = {{.set = 0}};
    struct mk_share share[CARDS] = {{.number = 0}};
    struct mk_secret *secret;
    struct bag *bag = bag_new(store);

    for (unsigned i = 0; i < n; i++) {
        ok(mk_card_read(&card[i], card_text[i].data, card_text[i].len, "card",
                        &diag));
        share[i] = card[i].share;
        bag_add(bag, mk_secret_peek(card[i].share.bytes));
    }
    ok(mk_shares_combine(&secret, share, n, &diag));
    bag_add(bag, mk_secret_peek(secret));
    mk_secret_free(secret);
    mk_cards_release(card, n);
    return bag;
}

static void make_cards(void)
{
    const struct mk_new_cards fresh = {
        .plan = {.threshold = CARDS_NEEDED, .n = CARDS},
        .sink = keep_card,
        .ctx = card_text,
    };
    static const enum person holders[] = {OWNER, AUDITOR};
    struct mk_vault *v = as(CUSTODIAN1);
    unsigned kinds;

    ok(mk_recovery_share(v, &access_of_another, NULL, 0, &fresh, &diag));
    mk_vault_close(v);
    v = as(CUSTODIAN2);
    ok(mk_recovery_accept(v, &access_of_another, &diag));
    mk_vault_close(v);
    for (size_t i = 0; i < 2; i++) {
        v = as(holders[i]);
        ok(mk_recovery_store(v, &access_of_another, &kinds, &diag));
        mk_vault_close(v);
    }
    v = as(OWNER);
    bags[FEW_CARDS] = combined(CARDS_NEEDED - 1, v->head.store);
    bags[ENOUGH_CARDS] = combined(CARDS_NEEDED, v->head.store);
    mk_vault_close(v);
}

static void recover(void)
{
    struct mk_buf text = MK_BUF_INIT;
    struct mk_buf next[CARDS] = {{.data = NULL}};
    struct mk_card_text cards[CARDS_NEEDED];
    struct mk_secret *word = vault_passphrase(names[RECOVERED]);
    struct mk_recovery_request request = {
        .roles = MK_ROLE_BIT(MK_ROLE_INSPECTOR), .passphrase = word};
    const struct mk_new_cards fresh = {
        .plan = {.threshold = CARDS_NEEDED, .n = CARDS},
        .sink = keep_card,
        .ctx = next,
    };
    struct mk_member who;
    struct mk_vault *v;

    request_of(RECOVERED, &text);
    request.text = text.data;
    request.n = text.len;
    for (size_t i = 0; i < CARDS_NEEDED; i++)
        cards[i] =
            (struct mk_card_text){"card", card_text[i].data, card_text[i].len};
    ok(mk_vault_open(&v, &f.where, &diag));
    ok(mk_recovery_person(v, &access_of_another, cards, CARDS_NEEDED, &request,
                          &fresh, &who, &diag));
    mk_vault_close(v);
    for (size_t i = 0; i < CARDS; i++)
        mk_buf_release(&next[i]);
    mk_buf_release(&text);
    mk_secret_free(word);
}

/* --- destruction --- */

static void destroy_it(void)
{
    const struct mk_destroy_rule rule = {
        .months = 60, .copies_days = 10, .item = "post 1"};
    struct mk_destroy_report report;
    uint64_t number;
    struct mk_vault *v = as(CUSTODIAN1);

    ok(mk_destroy_rule_set(v, &access_of_another, &rule, &diag));
    mk_vault_close(v);
    v = as(OWNER);
    ok(mk_destroy_propose(v, &access_of_another, &gone, 1, &number, &diag));
    mk_vault_close(v);
    v = as(CUSTODIAN2);
    ok(mk_destroy_approve(v, &access_of_another, number, &diag));
    mk_vault_close(v);
    v = as(OWNER);
    ok(mk_destroy_run(v, &access_of_another, &report, &diag));
    ck_assert(report.erased);
    mk_destroy_report_release(&report);
    mk_vault_close(v);
}

/* What backups have that were made without the file of retention keys, beside
 * the vault of now with that file. */
static void forget_old_retention(struct things *without)
{
    struct mk_vault *v = as(OWNER);
    char retention[160];

    things_without(without, &all, THING_RETENTION);
    file_of(retention, "retention");
    things_collect(without, v, retention);
    mk_vault_close(v);
}

static void together(const char *name, struct bag **of,
                     const struct things *tried, const struct when *w)
{
    struct bag *everybody = NULL;

    for (enum person p = 0; p < PEOPLE; p++) {
        if (of[p] == NULL)
            continue;
        if (everybody == NULL)
            everybody = bag_new(bag_store(of[p]));
        bag_add_all(everybody, of[p]);
    }
    bag_fill(everybody, tried);
    line(name, everybody, tried, w);
    bag_free(everybody);
}

static void tell_destroyed(void)
{
    struct bag *now[PEOPLE] = {NULL};
    struct things without = {.t = NULL};
    struct when w;

    work();
    unlock_all(now);
    w = collect();
    forget_old_retention(&without);
    fprintf(page,
            "## %u. C is destroyed\n\nWith all the secrets that people have "
            "now, tried on the vault and on every earlier backup of it that "
            "was made without the file of retention keys:\n\n",
            stage);
    table(now, &without, &w);
    fputs("All of them together; and with a backup that has the retention "
          "keys of before, which is why that file can be kept elsewhere:\n\n",
          page);
    heading();
    together("everybody", now, &without, &w);
    together("and such a backup", now, &all, &w);
    for (enum person p = 0; p < PEOPLE; p++)
        bag_free(now[p]);
    things_release(&without);
}

/* --- the story --- */

static void begin(char **text, size_t *n)
{
    struct mk_vault *v;
    struct mk_event e;

    page = open_memstream(text, n);
    ck_assert_ptr_nonnull(page);
    ck_assert_int_eq(setenv("MELDKLUIS_TEST_TIME", "2021-01-26", 1), 0);
    vault_setup(&f);
    v = as(OWNER);
    plain = vault_intake(v, "2020-03-02");
    shut = vault_intake(v, "2020-03-03");
    gone = vault_intake(v, "2019-02-01");
    (void)vault_intake(v, "2019-02-02"); /* of the same year, and stays */
    vault_event(&e, MK_VERB_INTREK, "reason", "VRZ", NULL);
    ok(vault_do(v, &gone, &e));
    mk_vault_close(v);
    ck_assert_int_eq(setenv("MELDKLUIS_TEST_TIME", "2030-01-01", 1), 0);
}

static const char head[] =
    "# Who can open what\n\n"
    "Made by `check_who_opens`, which takes everything that somebody has and "
    "ever had, and all that can be made of it, and tries it on everything "
    "that was ever written; CI compares this page with what it finds. "
    "`yes`: it opens.\n\n"
    "file: the pages of `vault.db` as it is now. facts: the newest coded "
    "facts "
    "of the statistics. log: the newest entry, by somebody else. retention: "
    "the newest retention key of the year. A, B, C: dossiers of inspecteur1; "
    "first: the first entry, last: one written after the change that the "
    "heading names. For B and C the envelope that R_D and the retention key "
    "open is taken off for the attacker.\n\n"
    "A key of the file alone opens no dossier. Who is let in by a role sees "
    "what the role sees; who goes keeps what he had seen.\n\n";

static void tell_all(void)
{
    fputs(head, page);
    tell("At first", "As `init` made it.");
    certify();
    tell("inspecteur3 is certified", "A custodian vouched for him.");
    grant();
    tell("And is given the keys", "By inspecteur2.");
    change(MK_USER_REMOVE);
    tell("inspecteur2 is removed",
         "The program lets him in no more; he still has what he had.");
    rekey(OWNER, MK_KEY_RD);
    rekey(ANALYST, MK_KEY_RS);
    rekey(CUSTODIAN1, MK_KEY_DBK);
    tell("The keys that he knew are replaced",
         "R_D by inspecteur1, R_S by the analyst, DBK by a custodian.");
    hand_over();
    tell("A is handed over to inspecteur3", "No key changes hands.");
    restrict_it();
    tell("B is restricted to inspecteur1", "inspecteur3 is barred.");
    uint64_t seq = ask();
    give(CUSTODIAN1, seq);
    tell("inspecteur3 asks for B in an emergency",
         "One custodian gave his share.");
    give(CUSTODIAN2, seq);
    tell("The second custodian gives his share, too",
         "Now inspecteur3 can open B.");
    close_it();
    tell("The emergency is over", "inspecteur1 gave B a new key.");
    make_cards();
    tell("Recovery cards are made", "Three of five are enough.");
    recover();
    tell(
        "Three cards let inspecteur4 in",
        "New cards took the place of the old ones. The keys are the same: the "
        "old cards and a copy of before still open what they opened, until "
        "`hersleutel-alles`.");
    destroy_it();
    tell_destroyed();
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
    tell_all();
    ck_assert_int_eq(fclose(page), 0);
    compare(text, n);
    free(text);
    things_release(&all);
    for (enum person p = 0; p < PEOPLE; p++)
        bag_free(bags[p]);
    for (size_t i = 0; i < CARDS; i++)
        mk_buf_release(&card_text[i]);
    vault_teardown(&f);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("who_opens");
    TCase *tcase = tcase_create("who_opens");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, 240);
    tcase_add_test(tcase, the_page_is_what_was_found_by_trying);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
