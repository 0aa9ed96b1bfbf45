/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: both */
/* Import into a real vault: all rows, the good ones, or none. */
#include <stdio.h>
#include <string.h>

#include "tests/support/unit.h"
#include "tests/support/vault.h"

static struct vault_fixture f;
static struct mk_vault *v;
static const struct mk_access own = {.purpose = 0};

/* The file, and where it breaks (SIZE_MAX: nowhere). */
struct source {
    const char *p;
    size_t n, at, breaks;
};

static enum mk_err more_text(void *ctx, void *p, size_t n, size_t *got)
{
    struct source *s = ctx;

    if (s->at >= s->breaks)
        return MK_E_IO;
    *got = s->n - s->at < n ? s->n - s->at : n;
    if (*got > s->breaks - s->at)
        *got = s->breaks - s->at;
    memcpy(p, s->p + s->at, *got);
    s->at += *got;
    return MK_OK;
}

/* What was reported: "line:error" of each row, "?" before a warning. */
struct told {
    char text[512];
    char raw[1024]; /* the refused rows, one behind the other */
};

static enum mk_err note(void *ctx, const struct mk_diag *why, bool warning,
                        const void *raw, size_t n)
{
    struct told *t = ctx;
    size_t at = strlen(t->text);
    size_t raw_at = strlen(t->raw);

    snprintf(t->text + at, sizeof t->text - at, "%s%s%llu:%s", at ? " " : "",
             warning ? "?" : "", (unsigned long long)why->line,
             mk_err_name(why->err));
    if (!warning)
        snprintf(t->raw + raw_at, sizeof t->raw - raw_at, "%.*s", (int)n,
                 (const char *)raw);
    return MK_OK;
}

static struct told told;
static struct mk_import_result result;

static enum mk_err import_with(struct source s, const struct mk_access *access,
                               bool partial)
{
    struct mk_diag diag = MK_DIAG_INIT;

    memset(&told, 0, sizeof told);
    return mk_import(v, access, more_text, &s, partial, note, &told, &result,
                     &diag);
}

static enum mk_err import(const char *text, bool partial)
{
    const struct source s = {text, strlen(text), 0, SIZE_MAX};

    return import_with(s, &own, partial);
}

static enum mk_err count_item(void *ctx, const struct mk_list_item *item)
{
    size_t *n = ctx;

    (void)item;
    ++*n;
    return MK_OK;
}

static size_t dossiers(void)
{
    const struct mk_list_filter all = {.year = 0};
    struct mk_diag diag = MK_DIAG_INIT;
    size_t n = 0;
    uint64_t others;

    ck_assert_int_eq(mk_list(v, &own, &all, count_item, &n, &others, &diag),
                     MK_OK);
    return n;
}

static void begin(void)
{
    vault_setup(&f);
    v = vault_as(&f, "inspecteur1");
}

static void end(void)
{
    struct mk_diag diag = MK_DIAG_INIT;

    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_OK);
    mk_vault_close(v);
    vault_teardown(&f);
}

#define HEADER                                                         \
    "ref,received,channel,reporter,sector,care_type,category,accused," \
    "victim_minor,in_care,qualification,occurred,known,contact,direct\n"
#define ROW(ref) ref ",2019-01-05,TEL,OUD,KO,BSO,SM,MW,J,J,XIV,2019-01,,,\n"
#define BAD(ref) ref ",2019-01-05,FAX,OUD,KO,BSO,SM,MW,J,J,XIV,2019-01,,,\n"

START_TEST(a_partial_import_takes_the_good_rows_and_hands_back_the_others)
{
    begin();
    ck_assert_int_eq(import(HEADER ROW("a") BAD("b") ROW("c") "\"d", true),
                     MK_E_SYNTAX);
    ck_assert_uint_eq(dossiers(), 0);
    ck_assert_int_eq(
        import(HEADER ROW("a") BAD("b") ROW("c") "d,2019\n" ROW("e"), true),
        MK_OK);
    ck_assert_str_eq(told.text, "3:E_BAD_CODE 5:E_SYNTAX");
    ck_assert_str_eq(told.raw, BAD("b") "d,2019\n");
    ck_assert_uint_eq(result.rows, 5);
    ck_assert_uint_eq(result.imported, 3);
    ck_assert_uint_eq(result.refused, 2);
    ck_assert_uint_eq(dossiers(), 3);
    end();
}
END_TEST

START_TEST(without_partial_every_bad_row_is_named_and_nothing_is_imported)
{
    begin();
    ck_assert_int_eq(
        import(HEADER ROW("a") BAD("b") ROW("c") ROW("a") BAD("d"), false),
        MK_E_ROWS);
    ck_assert_str_eq(told.text, "3:E_BAD_CODE 5:E_REF_TAKEN 6:E_BAD_CODE");
    ck_assert_uint_eq(result.imported, 0);
    ck_assert_uint_eq(dossiers(), 0);
    end();
}
END_TEST

START_TEST(a_reference_is_taken_once_in_the_file_and_in_the_vault)
{
    begin();
    ck_assert_int_eq(import(HEADER ROW("a") ROW("b") ROW("a"), true), MK_OK);
    ck_assert_str_eq(told.text, "4:E_REF_TAKEN");
    ck_assert_uint_eq(result.imported, 2);
    ck_assert_int_eq(import(HEADER ROW("c") ROW("b"), true), MK_OK);
    ck_assert_str_eq(told.text, "3:E_REF_TAKEN");
    ck_assert_uint_eq(result.imported, 1);
    /* without a reference nothing says that two rows are one */
    ck_assert_int_eq(import(HEADER ROW("") ROW(""), false), MK_OK);
    ck_assert_uint_eq(dossiers(), 5);
    end();
}
END_TEST

START_TEST(lines_are_those_of_the_file)
{
    begin();
    ck_assert_int_eq(
        import("\xef\xbb\xbf" HEADER "\"een\ntwee\n\",2019-01-05"
               ",TEL,OUD,KO,BSO,SM,MW,J,J,XIV,2019-01,,,\n\n" BAD("b"),
               true),
        MK_OK);
    /* a line feed is no part of a reference */
    ck_assert_str_eq(told.text, "2:E_SYNTAX 6:E_BAD_CODE");
    ck_assert_int_eq(import("received,sector\r\n2019-01-05,KO\r\n2019-01-06,"
                            "XX\r\n2019-01-07,KO",
                            true),
                     MK_OK);
    ck_assert_str_eq(told.text, "3:E_BAD_CODE");
    ck_assert_uint_eq(result.imported, 2);
    end();
}
END_TEST

static enum mk_err keep_id(void *ctx, const struct mk_list_item *item)
{
    memcpy(ctx, item->id, 16);
    return MK_OK;
}

START_TEST(dates_out_of_order_warn_and_the_event_says_so)
{
    const struct mk_list_filter all = {.year = 0};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_dossier_ref ref;
    struct mk_view view;
    uint8_t id[16];
    uint64_t others;
    char tag[MK_TAG_TEXT];

    begin();
    ck_assert_int_eq(import(HEADER "a,2019-01-05,TEL,OUD,KO,BSO,SM,MW,J,J,XIV,"
                                   "2019-01,2019-01-09,2019-01-07,J\n",
                            false),
                     MK_OK);
    ck_assert_str_eq(told.text, "?2:E_BREACH");
    ck_assert_uint_eq(result.warnings, 1);
    ck_assert_int_eq(mk_list(v, &own, &all, keep_id, id, &others, &diag),
                     MK_OK);
    mk_tag_format(tag, id);
    ck_assert_int_eq(mk_dossier_ref_parse(&ref, tag, &diag), MK_OK);
    mk_view_init(&view);
    ck_assert_int_eq(
        mk_dossier_open(v, &own, MK_AUDIT_SHOW, &ref, &view, &diag), MK_OK);
    ck_assert_uint_eq(view.c.n_events, 3);
    ck_assert_uint_eq(mk_fields_code(&view.c.events[2].f, MK_F_BREACH),
                      MK_BREACH_ONB);
    ck_assert(view.c.events[2].imported);
    mk_view_release(&view);
    end();
}
END_TEST

START_TEST(a_file_that_breaks_off_imports_nothing)
{
    static const char text[] = HEADER ROW("a") ROW("b") ROW("c");
    struct source s = {text, sizeof text - 1, 0, sizeof HEADER + 80};

    begin();
    ck_assert_int_eq(import_with(s, &own, true), MK_E_IO);
    ck_assert_uint_eq(result.imported, 0);
    ck_assert_uint_eq(dossiers(), 0);
    end();
}
END_TEST

START_TEST(a_dry_run_imports_nothing)
{
    const struct mk_access dry = {.dry_run = true};
    static const char text[] = HEADER ROW("a") ROW("b");
    const struct source s = {text, sizeof text - 1, 0, SIZE_MAX};

    begin();
    ck_assert_int_eq(import_with(s, &dry, false), MK_OK);
    ck_assert_uint_eq(dossiers(), 0);
    end();
}
END_TEST

START_TEST(only_an_inspector_imports)
{
    begin();
    mk_vault_close(v);
    v = vault_as(&f, "analist1");
    ck_assert_int_eq(import(HEADER ROW("a"), false), MK_E_NO_ROLE);
    mk_vault_close(v);
    v = vault_as(&f, "inspecteur1");
    ck_assert_uint_eq(dossiers(), 0);
    end();
}
END_TEST

START_TEST(the_366_invented_dossiers_are_taken_whole)
{
    static char text[1 << 17];
    FILE *file = fopen("tests/data/dossiers-2018-2020.csv", "r");
    size_t n;

    begin();
    ck_assert_ptr_nonnull(file);
    n = fread(text, 1, sizeof text - 1, file);
    ck_assert_int_ne(feof(file), 0);
    fclose(file);
    text[n] = '\0';
    ck_assert_int_eq(import(text, false), MK_OK);
    ck_assert_uint_eq(result.imported, 366);
    ck_assert_uint_eq(dossiers(), 366);
    ck_assert_int_eq(import(text, false), MK_E_ROWS);
    ck_assert_uint_eq(result.refused, 366);
    ck_assert_uint_eq(dossiers(), 366);
    end();
}
END_TEST

static void start(void)
{
    ck_assert_int_eq(mk_init(NULL), MK_OK);
}

int main(void)
{
    const TTest *const tests[] = {
        a_partial_import_takes_the_good_rows_and_hands_back_the_others,
        without_partial_every_bad_row_is_named_and_nothing_is_imported,
        a_reference_is_taken_once_in_the_file_and_in_the_vault,
        lines_are_those_of_the_file,
        dates_out_of_order_warn_and_the_event_says_so,
        a_file_that_breaks_off_imports_nothing,
        a_dry_run_imports_nothing,
        only_an_inspector_imports,
        the_366_invented_dossiers_are_taken_whole,
    };

    return UNIT_RUN("import", tests, start);
}
