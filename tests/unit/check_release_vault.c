/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The register of releases in a real vault. */
#include <stdio.h>
#include <string.h>

#include "core/tx.h"
#include "tests/support/attack.h"
#include "tests/support/unit.h"

static struct attack a;
static const struct mk_access plain = {.purpose = 0};

/* A record of 2018 and 2019 frozen in position. */
static char *record(const char *name, const char *kind, uint64_t position)
{
    char *text = NULL;

    ck_assert_int_gt(
        asprintf(&text,
                 "meldkluis-release: 1\nname: %s\nkind: %s\n"
                 "years: 2018 2019\npositions: %llu %llu\nbasis: calendar\n"
                 "audience: KAM\nthreshold: 5\nmethod: suppress\n\n"
                 "{\"of\": \"%s\"}\n",
                 name, kind, (unsigned long long)position,
                 (unsigned long long)position, name),
        0);
    return text;
}

static enum mk_err append(struct mk_vault *v, const char *name,
                          const char *kind, uint64_t position, uint64_t known,
                          struct mk_diag *diag)
{
    char *text = record(name, kind, position);
    enum mk_err rc =
        mk_release_append(v, &plain, text, strlen(text), known, NULL, diag);

    free(text);
    return rc;
}

static void must_append(struct mk_vault *v, const char *name, const char *kind,
                        uint64_t position, uint64_t known)
{
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc = append(v, name, kind, position, known, &diag);

    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
}

struct names {
    char text[256];
    size_t n;
};

static enum mk_err note_name(void *ctx, const struct mk_release *r,
                             const void *text, size_t n)
{
    struct names *names = ctx;
    size_t used = strlen(names->text);

    ck_assert_ptr_nonnull(memmem(text, n, r->name, strlen(r->name)));
    snprintf(names->text + used, sizeof names->text - used, "%s ", r->name);
    names->n++;
    return MK_OK;
}

static void assert_names(struct mk_vault *v, const char *want)
{
    struct names names = {.n = 0};
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc =
        mk_release_list(v, &plain, false, note_name, &names, &diag);

    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
    ck_assert_str_eq(names.text, want);
}

START_TEST(a_release_is_registered_listed_and_read_back)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_release r;
    struct mk_vault *v;
    char *a_text = record("A", "factsheet", 3);

    attack_setup(&a, 0);
    v = attack_as(&a, "analist1");
    assert_names(v, "");
    must_append(v, "A", "factsheet", 3, 0);
    must_append(v, "B", "table", 3, 1);
    assert_names(v, "A B ");
    ck_assert_int_eq(mk_release_get(v, &plain, "A", &r, &text, &diag), MK_OK);
    ck_assert_uint_eq(text.len, strlen(a_text));
    ck_assert_mem_eq(text.data, a_text, text.len);
    ck_assert_mem_eq(r.actor, v->my_id, MK_ID);
    ck_assert_int_gt(r.time_ms, 0);
    ck_assert_uint_eq(r.audience, MK_AUDIENCE_KAM);
    ck_assert_int_eq(mk_release_get(v, &plain, "C", &r, &text, &diag),
                     MK_E_NO_RELEASE);
    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_OK);
    mk_vault_close(v);
    mk_vault_close(attack_as(&a, "auditor1"));
    attack_teardown(&a);
    mk_buf_release(&text);
    free(a_text);
}
END_TEST

START_TEST(nobody_but_an_analyst_registers_or_reads)
{
    static const char *const others[] = {"inspecteur2", "auditor1",
                                         "bewaarder1"};
    struct mk_buf text = MK_BUF_INIT;
    struct mk_release r;
    struct names names = {.n = 0};

    attack_setup(&a, 0);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct mk_diag diag = MK_DIAG_INIT;
        struct mk_secret *key = NULL;
        struct mk_vault *v = attack_as(&a, others[i]);
        uint64_t size = v->head.log_size;

        ck_assert_int_eq(append(v, "A", "factsheet", 3, 0, &diag),
                         MK_E_NO_ROLE);
        ck_assert_int_eq(
            mk_release_list(v, &plain, false, note_name, &names, &diag),
            MK_E_NO_ROLE);
        ck_assert_int_eq(mk_release_get(v, &plain, "A", &r, &text, &diag),
                         MK_E_NO_ROLE);
        ck_assert_int_eq(mk_count_vintages(v, &plain, false, NULL, 0, &diag),
                         MK_E_NO_ROLE);
        ck_assert_int_eq(mk_release_round_key(v, &key, &diag), MK_E_NO_ROLE);
        ck_assert_uint_eq(v->head.log_size, size);
        mk_vault_close(v);
    }
    attack_teardown(&a);
}
END_TEST

START_TEST(a_name_is_given_once)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;

    attack_setup(&a, 0);
    v = attack_as(&a, "analist1");
    must_append(v, "A", "factsheet", 3, 0);
    ck_assert_int_eq(append(v, "A", "factsheet", 3, 1, &diag), MK_E_EXISTS);
    ck_assert_str_eq(diag.place, "A");
    assert_names(v, "A ");
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

START_TEST(figures_that_were_not_held_against_a_newer_release_are_refused)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;

    attack_setup(&a, 0);
    v = attack_as(&a, "analist1");
    must_append(v, "A", "factsheet", 3, 0);
    ck_assert_int_eq(append(v, "B", "factsheet", 3, 0, &diag),
                     MK_E_RELEASED_SINCE);
    assert_names(v, "A ");
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

START_TEST(a_released_year_moves_only_by_a_revision_and_only_forward)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;

    attack_setup(&a, 0);
    v = attack_as(&a, "analist1");
    uint64_t n = v->head.n_stats;
    ck_assert_uint_gt(n, 3);
    ck_assert_int_eq(append(v, "A", "factsheet", n + 1, 0, &diag),
                     MK_E_BAD_NUMBER);
    must_append(v, "A", "factsheet", 2, 0);
    ck_assert_int_eq(append(v, "B", "factsheet", 3, 1, &diag), MK_E_FROZEN);
    ck_assert_int_eq(diag.num[0], 2018);
    ck_assert_int_eq(diag.num[1], 2);
    ck_assert_int_eq(append(v, "B", "revision", 1, 1, &diag), MK_E_BAD_NUMBER);
    must_append(v, "B", "revision", 3, 1);
    ck_assert_int_eq(append(v, "C", "table", 2, 2, &diag), MK_E_FROZEN);
    must_append(v, "C", "table", 3, 2);
    assert_names(v, "A B C ");
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

START_TEST(a_bad_record_is_not_registered)
{
    static const char bad[] = "meldkluis-release: 1\nname: A\n\n{}\n";
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;

    attack_setup(&a, 0);
    v = attack_as(&a, "analist1");
    ck_assert_int_eq(
        mk_release_append(v, &plain, bad, sizeof bad - 1, 0, NULL, &diag),
        MK_E_SYNTAX);
    assert_names(v, "");
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

START_TEST(the_largest_record_is_read_back)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_release r;
    struct mk_vault *v;
    char *head = record("A", "factsheet", 3);
    char *big = malloc(MK_RELEASE_MAX);

    memset(big, ' ', MK_RELEASE_MAX);
    memcpy(big, head, strlen(head));
    attack_setup(&a, 0);
    v = attack_as(&a, "analist1");
    ck_assert_int_eq(
        mk_release_append(v, &plain, big, MK_RELEASE_MAX, 0, NULL, &diag),
        MK_OK);
    ck_assert_int_eq(mk_release_get(v, &plain, "A", &r, &text, &diag), MK_OK);
    ck_assert_uint_eq(text.len, MK_RELEASE_MAX);
    ck_assert_mem_eq(text.data, big, MK_RELEASE_MAX);
    mk_vault_close(v);
    attack_teardown(&a);
    mk_buf_release(&text);
    free(big);
    free(head);
}
END_TEST

START_TEST(a_dry_run_registers_nothing)
{
    const struct mk_access dry = {.dry_run = true};
    struct mk_vault *v;
    char *text = record("A", "factsheet", 3);

    attack_setup(&a, 0);
    v = attack_as(&a, "analist1");
    ck_assert_int_eq(
        mk_release_append(v, &dry, text, strlen(text), 0, NULL, NULL), MK_OK);
    assert_names(v, "");
    mk_vault_close(v);
    attack_teardown(&a);
    free(text);
}
END_TEST

/* ---- what stands in the way of somebody who can write the file ---- */

/* Reading fails with an integrity error, whoever opened the vault before. */
static void assert_noticed(struct mk_vault *v, const char *what)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct names names = {.n = 0};
    struct mk_buf text = MK_BUF_INIT;
    struct mk_release r;
    enum mk_err rc =
        mk_release_list(v, &plain, true, note_name, &names, &diag);

    ck_assert_msg(mk_err_exit(rc) == MK_EXIT_INTEGRITY, "%s: %s", what,
                  mk_err_name(rc));
    ck_assert_msg(names.n == 0, "%s: %zu were given out", what, names.n);
    rc = mk_release_get(v, &plain, "A", &r, &text, &diag);
    ck_assert_msg(mk_err_exit(rc) == MK_EXIT_INTEGRITY, "%s: %s", what,
                  mk_err_name(rc));
    ck_assert_uint_eq(text.len, 0);
    rc = append(v, "C", "factsheet", 3, 2, &diag);
    ck_assert_msg(mk_err_exit(rc) == MK_EXIT_INTEGRITY, "%s: %s", what,
                  mk_err_name(rc));
    rc = vault_verify(v, NULL, &diag);
    ck_assert_msg(mk_err_exit(rc) == MK_EXIT_INTEGRITY, "%s: %s", what,
                  mk_err_name(rc));
}

START_TEST(a_release_that_was_altered_swapped_or_taken_away_is_noticed)
{
    static const char *const deeds[] = {
        "UPDATE register SET body = substr(body, 1, 40) || x'00' ||"
        " substr(body, 42) WHERE kind = 3 AND seq = 1",
        "UPDATE register SET body = (SELECT body FROM register WHERE seq = 2)"
        " WHERE seq = 1",
        "DELETE FROM register WHERE seq = 2",
        "UPDATE register SET kind = 2 WHERE seq = 2",
        "INSERT INTO register (seq, kind, chain, body) SELECT 3, kind, chain,"
        " body FROM register WHERE seq = 2",
    };
    struct attack_files whole;
    struct mk_vault *v;

    attack_setup(&a, 0);
    v = attack_as(&a, "analist1");
    must_append(v, "A", "factsheet", 3, 0);
    must_append(v, "B", "factsheet", 3, 1);
    mk_vault_close(v);
    attack_save(&a, &whole);
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        attack_load(&a, &whole);
        attack_sql(&a, deeds[i]);
        v = attack_as(&a, "analist1");
        assert_noticed(v, deeds[i]);
        mk_vault_close(v);
    }
    attack_files_release(&whole);
    attack_teardown(&a);
}
END_TEST

/* An analyst can sign what he likes; it has to be a release all the same. */
START_TEST(a_row_of_an_analyst_that_is_no_release_is_damage)
{
    const struct mk_log_item entry = {.kind = MK_AUDIT_LOG_VERIFY};
    struct mk_diag diag = MK_DIAG_INIT;
    struct names names = {.n = 0};
    struct mk_vault *v;
    struct mk_tx tx;

    attack_setup(&a, 0);
    v = attack_as(&a, "analist1");
    ck_assert_int_eq(mk_tx_begin(&tx, v, NULL, &diag), MK_OK);
    ck_assert_int_eq(mk_tx_leaf(&tx, &entry, &diag), MK_OK);
    ck_assert_int_eq(mk_tx_register(&tx, 3, "proef", 5, &diag), MK_OK);
    ck_assert_int_eq(mk_tx_commit(&tx, &diag), MK_OK);
    ck_assert_int_eq(
        mk_release_list(v, &plain, false, note_name, &names, &diag),
        MK_E_DAMAGED);
    ck_assert_str_eq(diag.place, "register (release)");
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

/* ---- the log ---- */

static enum mk_err count_kinds(void *ctx, const struct mk_log_item *item)
{
    unsigned *seen = ctx;

    if (item->kind >= MK_AUDIT_RELEASE_APPEND &&
        item->kind <= MK_AUDIT_RELEASE_CHECK) {
        ck_assert_int_eq(item->role, MK_ROLE_ANALYST);
        seen[item->kind - MK_AUDIT_RELEASE_APPEND]++;
    }
    return MK_OK;
}

START_TEST(every_reading_and_writing_of_releases_is_in_the_log)
{
    const struct mk_log_filter all = {.from = MK_DAY_NONE,
                                      .until = MK_DAY_NONE};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_buf text = MK_BUF_INIT;
    struct names names = {.n = 0};
    struct mk_release r;
    struct mk_vault *v;
    unsigned seen[4] = {0};

    attack_setup(&a, 0);
    v = attack_as(&a, "analist1");
    must_append(v, "A", "factsheet", 3, 0);
    assert_names(v, "A ");
    assert_names(v, "A ");
    ck_assert_int_eq(
        mk_release_list(v, &plain, true, note_name, &names, &diag), MK_OK);
    ck_assert_int_eq(mk_release_get(v, &plain, "A", &r, &text, &diag), MK_OK);
    ck_assert_int_eq(mk_release_get(v, &plain, "Z", &r, &text, &diag),
                     MK_E_NO_RELEASE);
    mk_vault_close(v);
    v = attack_as(&a, "auditor1");
    ck_assert_int_eq(mk_log_list(v, &plain, &all, count_kinds, seen, &diag),
                     MK_OK);
    ck_assert_uint_eq(seen[0], 1);
    ck_assert_uint_eq(seen[1], 2);
    ck_assert_uint_eq(seen[2], 2);
    ck_assert_uint_eq(seen[3], 1);
    mk_vault_close(v);
    attack_teardown(&a);
    mk_buf_release(&text);
}
END_TEST

START_TEST(the_key_for_rounding_is_the_same_for_every_analyst_of_a_vault)
{
    struct mk_secret *one = NULL, *two = NULL, *other = NULL;
    struct mk_vault *v;

    attack_setup(&a, 0);
    v = attack_as(&a, "analist1");
    ck_assert_int_eq(mk_release_round_key(v, &one, NULL), MK_OK);
    ck_assert(!mk_secret_equal(one, v->keys[MK_KEY_RS]));
    mk_vault_close(v);
    v = attack_as(&a, "inspecteur1"); /* an analyst, too */
    ck_assert_int_eq(mk_release_round_key(v, &two, NULL), MK_OK);
    mk_vault_close(v);
    ck_assert(mk_secret_equal(one, two));
    attack_teardown(&a);
    attack_setup(&a, 0);
    v = attack_as(&a, "analist1");
    ck_assert_int_eq(mk_release_round_key(v, &other, NULL), MK_OK);
    mk_vault_close(v);
    ck_assert(!mk_secret_equal(one, other));
    attack_teardown(&a);
    mk_secret_free(one);
    mk_secret_free(two);
    mk_secret_free(other);
}
END_TEST

START_TEST(vintages_are_counted_in_one_go_with_one_entry)
{
    struct mk_vintage v2[2] = {
        {.years = {2019}, .n_years = 1, .cube = MK_BUF_INIT},
        {.years = {2020}, .n_years = 1, .cube = MK_BUF_INIT},
    };
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;
    uint64_t size;

    attack_setup(&a, 50);
    v = attack_as(&a, "analist1");
    ck_assert_int_eq(
        mk_log_now(v, &(struct mk_log_item){.kind = MK_AUDIT_LIST}, NULL),
        MK_OK);
    size = v->head.log_size;
    v2[1].revised = true;
    v2[1].frozen = 5;
    ck_assert_int_eq(mk_count_vintages(v, &plain, false, v2, 2, &diag), MK_OK);
    ck_assert_uint_eq(v->head.log_size, size + 1);
    ck_assert_mem_eq(v2[0].cube.data, "meldkluis-cube: 2\n", 18);
    ck_assert_mem_eq(v2[1].cube.data, "meldkluis-cube: 3\n", 18);
    ck_assert_uint_eq(v2[0].position, v->head.n_stats);
    mk_vintages_release(v2, 2);
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

static void start(void)
{
    ck_assert_int_eq(mk_init(NULL), MK_OK);
}

int main(void)
{
    const TTest *const tests[] = {
        a_release_is_registered_listed_and_read_back,
        nobody_but_an_analyst_registers_or_reads,
        a_name_is_given_once,
        figures_that_were_not_held_against_a_newer_release_are_refused,
        a_released_year_moves_only_by_a_revision_and_only_forward,
        a_bad_record_is_not_registered,
        the_largest_record_is_read_back,
        a_dry_run_registers_nothing,
        a_release_that_was_altered_swapped_or_taken_away_is_noticed,
        a_row_of_an_analyst_that_is_no_release_is_damage,
        every_reading_and_writing_of_releases_is_in_the_log,
        the_key_for_rounding_is_the_same_for_every_analyst_of_a_vault,
        vintages_are_counted_in_one_go_with_one_entry,
    };

    return UNIT_RUN("release_vault", tests, start);
}
