/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: both */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/failed.h"
#include "tests/support/unit.h"
#include "tests/support/vault.h"

static struct vault_fixture f;
static const struct mk_access access_own = {.purpose = 0};

START_TEST(a_melding_is_recorded_shown_counted_and_logged)
{
    struct mk_vault *v;
    struct mk_view view;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_cube cube;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_count_request request = {.internal = true};
    struct mk_dossier_ref ref;
    enum mk_err rc;

    vault_setup(&f);
    v = vault_as(&f, "inspecteur1");
    ref = vault_intake(v, "2020-03-02");
    vault_classify(v, &ref, true);
    mk_view_init(&view);
    rc = mk_dossier_open(v, &access_own, MK_AUDIT_SHOW, &ref, &view, &diag);
    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
    ck_assert_int_eq(view.c.state, MK_STATE_OVERLEGPLICHT);
    ck_assert_uint_eq(view.c.n_events, 2);
    mk_view_release(&view);
    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_OK);
    mk_vault_close(v);

    v = vault_as(&f, "analist1");
    mk_cube_init(&cube);
    cube.years[0] = 2020;
    cube.n_years = 1;
    rc = mk_count(v, &access_own, &request, &cube, &diag);
    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
    ck_assert_int_eq(mk_cube_format(&cube, &text), MK_OK);
    ck_assert_int_eq(mk_buf_terminate(&text), MK_OK);
    ck_assert_ptr_nonnull(strstr((const char *)text.data, "2020,SM,BSO"));
    mk_buf_release(&text);
    mk_cube_release(&cube);
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

struct kinds {
    enum mk_audit kind[64];
    enum mk_outcome outcome[64];
    size_t n;
};

static enum mk_err note_kind(void *ctx, const struct mk_log_item *item)
{
    struct kinds *k = ctx;

    if (k->n < 64) {
        k->kind[k->n] = item->kind;
        k->outcome[k->n++] = item->outcome;
    }
    return MK_OK;
}

START_TEST(the_auditor_reads_every_access_and_no_dossier)
{
    static const struct mk_log_filter all = {.from = MK_DAY_NONE,
                                             .until = MK_DAY_NONE};
    struct mk_vault *v;
    struct mk_view view;
    struct mk_diag diag = MK_DIAG_INIT;
    struct kinds k = {.n = 0};
    struct mk_dossier_ref ref;
    enum mk_err rc;

    vault_setup(&f);
    v = vault_as(&f, "inspecteur1");
    ref = vault_intake(v, "2020-03-02");
    mk_view_init(&view);
    ck_assert_int_eq(
        mk_dossier_open(v, &access_own, MK_AUDIT_SHOW, &ref, &view, &diag),
        MK_OK);
    mk_view_release(&view);
    mk_vault_close(v);
    v = vault_as(&f, "auditor1");
    rc = mk_log_list(v, &access_own, &all, note_kind, &k, &diag);
    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
    ck_assert_uint_eq(k.n, 4);
    ck_assert_int_eq(k.kind[0], MK_AUDIT_INIT);
    ck_assert_int_eq(k.kind[1], MK_AUDIT_INTAKE);
    ck_assert_int_eq(k.kind[2], MK_AUDIT_SHOW);
    ck_assert_int_eq(k.outcome[2], MK_OUTCOME_ASKED);
    ck_assert_int_eq(k.kind[3], MK_AUDIT_LOG_LIST);
    ck_assert_int_eq(
        mk_dossier_open(v, &access_own, MK_AUDIT_SHOW, &ref, &view, &diag),
        MK_E_NO_ROLE);
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

START_TEST(a_colleagues_dossier_needs_a_purpose)
{
    struct mk_vault *v;
    struct mk_view view;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_access stand_in = {.purpose = MK_PURPOSE_WRN};
    struct mk_dossier_ref ref;

    vault_setup(&f);
    v = vault_as(&f, "inspecteur1");
    ref = vault_intake(v, "2020-03-02");
    mk_vault_close(v);
    v = vault_as(&f, "inspecteur2");
    mk_view_init(&view);
    ck_assert_int_eq(
        mk_dossier_open(v, &access_own, MK_AUDIT_SHOW, &ref, &view, &diag),
        MK_E_PURPOSE);
    ck_assert_int_eq(
        mk_dossier_open(v, &stand_in, MK_AUDIT_SHOW, &ref, &view, &diag),
        MK_OK);
    mk_view_release(&view);
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

START_TEST(a_wrong_passphrase_is_refused_and_noted)
{
    static const struct mk_log_filter failed = {
        .from = MK_DAY_NONE,
        .until = MK_DAY_NONE,
        .kind = MK_AUDIT_UNLOCK_FAILED,
    };
    struct mk_vault *v;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_secret *wrong;
    struct kinds k = {.n = 0};

    vault_setup(&f);
    wrong = mk_secret_from("heel iets anders", 16);
    ck_assert_int_eq(mk_vault_open(&v, &f.where, &diag), MK_OK);
    ck_assert_int_eq(mk_vault_unlock(v, "inspecteur1", wrong, &diag),
                     MK_E_LOCKED);
    ck_assert_int_eq(mk_vault_unlock(v, "niemand", wrong, &diag), MK_E_LOCKED);
    mk_secret_free(wrong);
    mk_vault_close(v);
    v = vault_as(&f, "auditor1");
    ck_assert_int_eq(
        mk_log_list(v, &access_own, &failed, note_kind, &k, &diag), MK_OK);
    ck_assert_uint_eq(k.n, 2);
    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_OK);
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

static enum mk_err count_record(void *ctx,
                                const uint8_t record[static MK_FAILED_RECORD],
                                struct mk_diag *diag)
{
    size_t *n = ctx;

    (void)record;
    (void)diag;
    ++*n;
    return MK_OK;
}

START_TEST(failed_unlocks_that_cannot_be_read_are_not_taken_for_none)
{
    struct mk_vault *v;
    struct mk_vault blind;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_secret *wrong;
    size_t n;
    size_t seen = 0;

    vault_setup(&f);
    wrong = mk_secret_from("heel iets anders", 16);
    ck_assert_int_eq(mk_vault_open(&v, &f.where, &diag), MK_OK);
    ck_assert_int_eq(mk_vault_unlock(v, "inspecteur1", wrong, &diag),
                     MK_E_LOCKED);
    mk_secret_free(wrong);
    ck_assert_int_eq(mk_failed_walk(v, count_record, &seen, &n, &diag), MK_OK);
    ck_assert_uint_eq(n, 1);
    blind = *v;
    blind.docs.dir = -1;
    ck_assert_int_eq(mk_failed_walk(&blind, count_record, &seen, &n, &diag),
                     MK_E_IO);
    mk_failed_note(&blind, NULL);
    /* what is not ours keeps nobody from working */
    ck_assert_int_eq(fchmodat(v->docs.dir, MK_FAILED_FILE, 0644, 0), 0);
    ck_assert_int_eq(mk_failed_walk(v, count_record, &seen, &n, &diag), MK_OK);
    ck_assert_uint_eq(n, 0);
    ck_assert_uint_eq(seen, 1);
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

static enum mk_err count_item(void *ctx, const struct mk_list_item *item)
{
    size_t *n = ctx;

    (void)item;
    ++*n;
    return MK_OK;
}

START_TEST(lists_clock_and_search_find_what_is_there)
{
    struct mk_vault *v;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_dossier_ref ref[3];
    struct mk_list_filter filter = {.year = 2020};
    struct mk_event e;
    size_t n = 0;
    uint64_t others;

    vault_setup(&f);
    v = vault_as(&f, "inspecteur1");
    for (size_t i = 0; i < 3; i++)
        ref[i] = vault_intake(v, i == 2 ? "2019-05-06" : "2020-03-02");
    vault_classify(v, &ref[0], true);
    vault_classify(v, &ref[1], false);
    vault_event(&e, MK_VERB_PERSOON, "role", "BES", "name",
                "Zoë van der Bergh", "born", "1990-01-02", NULL);
    ck_assert_int_eq(vault_do(v, &ref[0], &e), MK_OK);
    vault_event(&e, MK_VERB_PERSOON, "role", "BES", "name",
                "Bergh, Zoe van der", "born", "1990-01-02", NULL);
    ck_assert_int_eq(vault_do(v, &ref[2], &e), MK_OK);
    ck_assert_int_eq(
        mk_list(v, &access_own, &filter, count_item, &n, &others, &diag),
        MK_OK);
    ck_assert_uint_eq(n, 2);
    n = 0;
    filter = (struct mk_list_filter){.open_duty = true};
    ck_assert_int_eq(
        mk_list(v, &access_own, &filter, count_item, &n, &others, &diag),
        MK_OK);
    ck_assert_uint_eq(n, 1);
    n = 0;
    ck_assert_int_eq(
        mk_clock_list(v, &access_own, false, count_item, &n, &others, &diag),
        MK_OK);
    ck_assert_uint_eq(n, 3);
    n = 0;
    ck_assert_int_eq(
        mk_search(v, &access_own, "zoe BERGH", count_item, &n, &diag), MK_OK);
    ck_assert_uint_eq(n, 2);
    n = 0; /* words of different fields */
    ck_assert_int_eq(
        mk_search(v, &access_own, "bergh ongerust", count_item, &n, &diag),
        MK_OK);
    ck_assert_uint_eq(n, 2);
    n = 0;
    ck_assert_int_eq(
        mk_search(v, &access_own, "bergh olifant", count_item, &n, &diag),
        MK_OK);
    ck_assert_uint_eq(n, 0);
    n = 0;
    ck_assert_int_eq(
        mk_related(v, &access_own, &ref[0], count_item, &n, &diag), MK_OK);
    ck_assert_uint_eq(n, 1);
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

START_TEST(a_changed_passphrase_opens_and_the_old_one_does_not)
{
    struct mk_vault *v;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_secret *fresh = mk_secret_from("een heel nieuw woord", 20);

    vault_setup(&f);
    v = vault_as(&f, "inspecteur1");
    ck_assert_int_eq(mk_passphrase_change(v, &access_own, MK_PASSPHRASE_FIRST,
                                          fresh, &diag),
                     MK_OK);
    mk_vault_close(v);
    ck_assert_int_eq(vault_try(&f, "inspecteur1", &v, &diag), MK_E_LOCKED);
    ck_assert_int_eq(mk_vault_unlock(v, "inspecteur1", fresh, &diag), MK_OK);
    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_OK);
    mk_vault_close(v);
    mk_secret_free(fresh);
    vault_teardown(&f);
}
END_TEST

START_TEST(an_admitted_and_granted_inspector_works)
{
    struct mk_vault *v;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_buf request = MK_BUF_INIT;
    struct mk_member member;
    struct mk_secret *word = vault_passphrase("inspecteur3");
    struct mk_vault *newcomer;

    vault_setup(&f);
    v = vault_as(&f, "bewaarder1");
    ck_assert_int_eq(mk_request_make(mk_vault_keyring(v), "inspecteur3", word,
                                     &request, &diag),
                     MK_OK);
    ck_assert_int_eq(mk_user_admit(v, &access_own, request.data, request.len,
                                   MK_ROLE_BIT(MK_ROLE_INSPECTOR), &member,
                                   &diag),
                     MK_OK);
    mk_vault_close(v);
    ck_assert_int_eq(vault_try(&f, "inspecteur3", &newcomer, &diag),
                     MK_E_NOT_GRANTED);
    mk_vault_close(newcomer);
    v = vault_as(&f, "inspecteur1");
    ck_assert_int_eq(
        mk_role_grant(v, &access_own, "inspecteur3", MK_ROLE_INSPECTOR, &diag),
        MK_OK);
    mk_vault_close(v);
    v = vault_as(&f, "inspecteur3");
    (void)vault_intake(v, "2020-04-05");
    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_OK);
    mk_vault_close(v);
    mk_secret_free(word);
    mk_buf_release(&request);
    vault_teardown(&f);
}
END_TEST

START_TEST(an_old_copy_is_refused_until_two_people_accept_it)
{
    struct mk_vault *v;
    struct mk_diag diag = MK_DIAG_INIT;
    char old[128];
    struct mk_secret *word = vault_passphrase("auditor1");

    vault_setup(&f);
    snprintf(old, sizeof old, "%s/oud", f.dir);
    vault_copy(f.vault, old);
    v = vault_as(&f, "inspecteur1");
    (void)vault_intake(v, "2020-04-05");
    mk_vault_close(v);
    vault_copy(old, f.vault);
    ck_assert_int_eq(vault_try(&f, "inspecteur1", &v, &diag),
                     MK_E_ROLLED_BACK);
    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_E_ROLLED_BACK);
    mk_vault_close(v);
    ck_assert_int_eq(vault_try(&f, "bewaarder1", &v, &diag), MK_E_ROLLED_BACK);
    ck_assert_int_eq(mk_restart(v, "auditor1", word, 1, &diag), MK_OK);
    mk_vault_close(v);
    v = vault_as(&f, "inspecteur1");
    (void)vault_intake(v, "2020-04-06");
    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_OK);
    mk_vault_close(v);
    mk_secret_free(word);
    vault_teardown(&f);
}
END_TEST

static const char *tag_of(const uint8_t id[static 16])
{
    static char tag[MK_TAG_TEXT];

    mk_tag_format(tag, id);
    return tag;
}

START_TEST(a_request_that_was_done_is_not_done_again)
{
    struct mk_vault *v;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_access again = {.has_request = true, .request = {1, 2, 3}};
    struct mk_list_filter filter = {.year = 0};
    struct mk_written first;
    struct mk_written second;
    struct mk_dossier_ref ref;
    struct mk_event e;
    size_t n = 0;
    uint64_t others;

    vault_setup(&f);
    v = vault_as(&f, "inspecteur1");
    (void)vault_intake(v, "2020-03-01");
    vault_event(&e, MK_VERB_MELDING, "received", "2020-03-02", "channel",
                "TEL", "reporter", "OUD", NULL);
    ck_assert_int_eq(mk_report_new(v, &again, &e, NULL, &first, &diag), MK_OK);
    ck_assert(!first.repeated);
    vault_event(&e, MK_VERB_MELDING, "received", "2020-03-02", "channel",
                "TEL", "reporter", "OUD", NULL);
    ck_assert_int_eq(mk_report_new(v, &again, &e, NULL, &second, &diag),
                     MK_OK);
    ck_assert(second.repeated);
    ck_assert_mem_eq(first.dossier, second.dossier, 16);
    /* the same id with another command is another request */
    ck_assert_int_eq(mk_dossier_ref_parse(&ref, tag_of(first.dossier), &diag),
                     MK_OK);
    vault_event(&e, MK_VERB_NOTITIE, "narrative", "nog iets", NULL);
    ck_assert_int_eq(mk_dossier_event(v, &again, &ref, &e, &second, &diag),
                     MK_OK);
    ck_assert(!second.repeated);
    ck_assert_uint_eq(second.seq, 2);
    mk_vault_close(v);
    v = vault_as(&f, "inspecteur2");
    vault_event(&e, MK_VERB_MELDING, "received", "2020-03-03", "channel",
                "TEL", "reporter", "OUD", NULL);
    ck_assert_int_eq(mk_report_new(v, &again, &e, NULL, &second, &diag),
                     MK_OK);
    ck_assert(!second.repeated);
    ck_assert_int_eq(
        mk_list(v, &access_own, &filter, count_item, &n, &others, &diag),
        MK_OK);
    ck_assert_uint_eq(n, 1);
    ck_assert_uint_eq(others, 2);
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

START_TEST(who_asks_who_saw_a_dossier_finds_the_search_that_showed_it)
{
    struct mk_log_filter about = {.from = MK_DAY_NONE, .until = MK_DAY_NONE};
    struct mk_vault *v;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_dossier_ref ref;
    const struct mk_access stand_in = {.purpose = MK_PURPOSE_WRN};
    struct kinds k = {.n = 0};
    size_t n = 0;

    vault_setup(&f);
    v = vault_as(&f, "inspecteur1");
    ref = vault_intake(v, "2020-03-01");
    mk_vault_close(v);
    v = vault_as(&f, "inspecteur2");
    ck_assert_int_eq(
        mk_search(v, &stand_in, "ongerust", count_item, &n, &diag), MK_OK);
    ck_assert_uint_eq(n, 1);
    mk_vault_close(v);
    v = vault_as(&f, "analist1");
    ck_assert_int_eq(
        mk_dossier_open(v, &access_own, MK_AUDIT_SHOW, &ref, NULL, &diag),
        MK_E_NO_ROLE);
    mk_vault_close(v);
    v = vault_as(&f, "auditor1");
    about.ref = &ref;
    ck_assert_int_eq(mk_log_list(v, &access_own, &about, note_kind, &k, &diag),
                     MK_OK);
    ck_assert_uint_eq(k.n, 3);
    ck_assert_int_eq(k.kind[1], MK_AUDIT_SEARCH);
    ck_assert_int_eq(k.outcome[1], MK_OUTCOME_DONE);
    ck_assert_int_eq(k.kind[2], MK_AUDIT_SHOW);
    ck_assert_int_eq(k.outcome[2], MK_OUTCOME_REFUSED);
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

START_TEST(a_draft_is_read_back_by_its_writer_only)
{
    static const char text[] = "received: 2020-03-02\nlabel: proef\n";
    struct mk_vault *v;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_buf back = MK_BUF_INIT;
    bool found;

    vault_setup(&f);
    v = vault_as(&f, "inspecteur1");
    ck_assert_int_eq(mk_draft_save(v, text, strlen(text), &diag), MK_OK);
    mk_vault_close(v);
    v = vault_as(&f, "inspecteur2");
    ck_assert_int_eq(mk_draft_load(v, &found, &back, &diag), MK_OK);
    ck_assert(!found);
    mk_vault_close(v);
    v = vault_as(&f, "inspecteur1");
    ck_assert_int_eq(mk_draft_load(v, &found, &back, &diag), MK_OK);
    ck_assert(found);
    ck_assert_mem_eq(back.data, text, strlen(text));
    ck_assert_int_eq(mk_draft_drop(v, &diag), MK_OK);
    ck_assert_int_eq(mk_draft_load(v, &found, &back, &diag), MK_OK);
    ck_assert(!found);
    mk_vault_close(v);
    mk_buf_release(&back);
    vault_teardown(&f);
}
END_TEST

START_TEST(the_largest_draft_is_read_back)
{
    static char text[MK_DRAFT_MAX];
    struct mk_vault *v;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_buf back = MK_BUF_INIT;
    bool found;

    vault_setup(&f);
    v = vault_as(&f, "inspecteur1");
    memset(text, 'a', sizeof text);
    ck_assert_int_eq(mk_draft_save(v, text, sizeof text, &diag), MK_OK);
    ck_assert_int_eq(mk_draft_load(v, &found, &back, &diag), MK_OK);
    ck_assert(found);
    ck_assert_uint_eq(back.len, sizeof text);
    mk_vault_close(v);
    mk_buf_release(&back);
    vault_teardown(&f);
}
END_TEST

static const char *import_text;
static size_t import_at;

static enum mk_err read_text(void *ctx, void *p, size_t n, size_t *got)
{
    size_t left = strlen(import_text) - import_at;

    (void)ctx;
    *got = left < n ? left : n;
    memcpy(p, import_text + import_at, *got);
    import_at += *got;
    return MK_OK;
}

static enum mk_err note_refusal(void *ctx, const struct mk_diag *why,
                                bool warning, const void *raw, size_t n)
{
    struct mk_diag *first = ctx;

    (void)raw;
    (void)n;
    if (!warning && first->err == MK_OK)
        *first = *why;
    return MK_OK;
}

static enum mk_err import(struct mk_vault *v, const char *text, bool partial,
                          struct mk_diag *first, struct mk_import_result *out)
{
    struct mk_diag diag = MK_DIAG_INIT;

    import_text = text;
    import_at = 0;
    *first = (struct mk_diag)MK_DIAG_INIT;
    return mk_import(v, &access_own, read_text, NULL, partial, note_refusal,
                     first, out, &diag);
}

#define IMPORT_HEADER                                                     \
    "ref,received,channel,reporter,sector,care_type,category,accused,"    \
    "victim_minor,in_care,qualification,occurred,contact,direct,verdict," \
    "verdict_date,outcome,closed\n"
#define ROW_ONE                                                              \
    "a-1,2019-01-05,TEL,OUD,KO,BSO,SM,MW,J,J,XIV,2019-01,2019-01-07,J,GEEN," \
    "2019-01-09,OVD,2019-02-01\n"

START_TEST(an_import_takes_all_rows_or_none)
{
    struct mk_vault *v;
    struct mk_diag first;
    struct mk_import_result out;
    struct mk_list_filter filter = {.year = 0};
    size_t n = 0;
    uint64_t others;
    enum mk_err rc;

    vault_setup(&f);
    v = vault_as(&f, "inspecteur1");
    rc = import(v, IMPORT_HEADER ROW_ONE "a-2,2019-13-05,TEL\n", false, &first,
                &out);
    ck_assert_int_eq(rc, MK_E_ROWS);
    ck_assert_uint_eq(first.line, 3);
    rc = import(v, IMPORT_HEADER ROW_ONE, false, &first, &out);
    ck_assert_msg(rc == MK_OK, "%s %s %s", mk_err_name(rc),
                  mk_err_name(first.err), first.place);
    ck_assert_uint_eq(out.imported, 1);
    rc = import(v, IMPORT_HEADER ROW_ONE, false, &first, &out);
    ck_assert_int_eq(rc, MK_E_ROWS);
    ck_assert_int_eq(first.err, MK_E_REF_TAKEN);
    ck_assert_int_eq(
        mk_list(v, &access_own, &filter, count_item, &n, &others, &first),
        MK_OK);
    ck_assert_uint_eq(n, 1);
    ck_assert_int_eq(vault_verify(v, NULL, &first), MK_OK);
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

static void start(void)
{
    ck_assert_int_eq(mk_init(NULL), MK_OK);
}

int main(void)
{
    const TTest *const tests[] = {
        a_melding_is_recorded_shown_counted_and_logged,
        the_auditor_reads_every_access_and_no_dossier,
        a_colleagues_dossier_needs_a_purpose,
        a_wrong_passphrase_is_refused_and_noted,
        lists_clock_and_search_find_what_is_there,
        a_changed_passphrase_opens_and_the_old_one_does_not,
        an_admitted_and_granted_inspector_works,
        a_request_that_was_done_is_not_done_again,
        who_asks_who_saw_a_dossier_finds_the_search_that_showed_it,
        a_draft_is_read_back_by_its_writer_only,
        the_largest_draft_is_read_back,
        an_import_takes_all_rows_or_none,
    };
    const TTest *const of_files[] = {
        an_old_copy_is_refused_until_two_people_accept_it,
        failed_unlocks_that_cannot_be_read_are_not_taken_for_none,
    };

    return UNIT_RUN_STORES("vault", tests, of_files, start);
}
