/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/format.h"

#include "tests/support/cube_text.h"
#include "tests/support/hostile.h"
#include "tests/support/sheet_kit.h"
#include "tests/support/unit.h"

#include <jansson.h>
#include <string.h>

#define DATA                                       \
    "2018,SM,KDV,OUD,J,XIV,J,J,J,J,J,N,N,N,1234\n" \
    "2019,FG,VGO,HOU,J,XX,J,N,N,N,N,N,J,N,5\n"

static void build(struct mk_factsheet *f, enum mk_policy policy, bool english)
{
    static const char cube[] = CUBE_HEAD("2018 2019", "2") DATA;
    struct mk_table *t;
    sheet_kit_build(f, cube, policy, english);
    t = &f->table[MK_TABLE_F2];
    t->cells[t->category.n] = sheet_kit_hidden(0, 6);
}

/* The text of one file; free with mk_buf_release. */
static const char *rendered(struct mk_buf *out, enum mk_format_file file,
                            const struct mk_factsheet *f)
{
    return sheet_kit_render(out, mk_format_get(file)->render, f);
}

static size_t count(const char *text, const char *word)
{
    size_t n = 0;
    for (const char *p = text; (p = strstr(p, word)); p += strlen(word))
        n++;
    return n;
}

START_TEST(a_format_is_found_by_its_word_alone)
{
    for (unsigned i = 0; i < MK_FORMAT_COUNT; i++)
        ck_assert_uint_eq(mk_format_find(mk_format_get(i)->word), i);
    ck_assert_uint_eq(mk_format_find("xlsx"), MK_FORMAT_COUNT);
    ck_assert_uint_eq(mk_format_find(""), MK_FORMAT_COUNT);
    ck_assert_uint_eq(mk_format_find("csvw"), MK_FORMAT_COUNT);
}
END_TEST

START_TEST(metadata_goes_with_csv_and_release_json_with_all)
{
    bool wants[MK_FORMAT_COUNT] = {false};
    for (unsigned i = 0; i < MK_FILE_COUNT; i++)
        ck_assert(!mk_format_makes(wants, i));
    wants[MK_FORMAT_HTML] = true;
    ck_assert(mk_format_makes(wants, MK_FILE_HTML));
    ck_assert(mk_format_makes(wants, MK_FILE_RELEASE));
    ck_assert(!mk_format_makes(wants, MK_FILE_CSVW));
    wants[MK_FORMAT_CSV] = true;
    ck_assert(mk_format_makes(wants, MK_FILE_CSVW));
    ck_assert(!mk_format_makes(wants, MK_FILE_TEXT));
}
END_TEST

START_TEST(every_file_with_words_tells_release_and_marking)
{
    for (unsigned i = 0; i < MK_FILE_COUNT; i++) {
        struct mk_factsheet f;
        struct mk_buf out;
        if (!mk_format_get(i)->render)
            continue;
        build(&f, MK_POLICY_EXACT, i % 2);
        f.release = "voorjaar-7";
        f.draft = true;
        const char *text = rendered(&out, i, &f);
        bool silent = i == MK_FILE_CSV;
        ck_assert_msg(silent == !strstr(text, "voorjaar-7"), "%s",
                      mk_format_get(i)->file);
        ck_assert_msg(silent == !strstr(text, i % 2 ? "DRAFT" : "PROEFDRUK"),
                      "%s", mk_format_get(i)->file);
        mk_buf_release(&out);
        mk_factsheet_release(&f);
    }
}
END_TEST

START_TEST(jsonstat_is_a_collection_of_datasets)
{
    struct mk_factsheet f;
    struct mk_buf out;
    build(&f, MK_POLICY_INTERNAL, true);
    json_t *root = json_loads(rendered(&out, MK_FILE_JSONSTAT, &f), 0, NULL),
           *set;
    json_t *items = json_object_get(json_object_get(root, "link"), "item");
    ck_assert_str_eq(json_string_value(json_object_get(root, "class")),
                     "collection");
    ck_assert_uint_eq(json_array_size(items), MK_TABLE_COUNT);
    for (size_t i = 0; i < MK_TABLE_COUNT; i++) {
        size_t cells = 1;
        set = json_array_get(items, i);
        json_t *size = json_object_get(set, "size");
        for (size_t d = 0; d < json_array_size(size); d++)
            cells *= (size_t)json_integer_value(json_array_get(size, d));
        ck_assert_uint_eq(cells,
                          json_array_size(json_object_get(set, "value")));
    }
    set = json_array_get(items, MK_TABLE_F2);
    char at[24];
    snprintf(at, sizeof at, "%zu", f.table[MK_TABLE_F2].category.n);
    json_t *extension = json_object_get(root, "extension");
    json_t *said = json_object_get(extension, "summary");
    ck_assert_uint_eq(json_array_size(said), f.n_summary);
    for (size_t i = 0; i < f.n_summary; i++) {
        const char *heading = json_string_value(
            json_object_get(json_array_get(said, i), "heading"));
        ck_assert_pstr_eq(heading, f.summary[i].heading);
    }
    extension = json_object_get(set, "extension");
    ck_assert_str_eq(
        json_string_value(json_object_get(json_object_get(set, "status"), at)),
        "x");
    ck_assert_int_eq(json_integer_value(json_object_get(
                         json_object_get(extension, "hi"), at)),
                     6);
    json_decref(root);
    mk_buf_release(&out);
    mk_factsheet_release(&f);
}
END_TEST

/* VGO and GOB are in the group, which is in the total where they are hidden. */
START_TEST(jsonstat_says_what_a_total_is_made_of)
{
    static const char *const wanted[] = {
        [MK_POLICY_INTERNAL] = "\"TOT\":[\"KDV\",\"BSO\",\"VGO\",\"GOB\","
                               "\"PSZ\",\"ONB\"]",
        [MK_POLICY_EXACT] = "\"TOT\":[\"KDV\",\"BSO\",\"GASTOUDER\","
                            "\"PSZ\",\"ONB\"]",
    };
    for (unsigned policy = 0; policy < 2; policy++) {
        struct mk_factsheet f;
        struct mk_buf out;
        build(&f, policy, false);
        const char *text = rendered(&out, MK_FILE_JSONSTAT, &f);
        ck_assert_uint_eq(count(text, wanted[policy]), 2); /* F3, F7 */
        ck_assert_uint_eq(count(text, "\"GASTOUDER\":[\"VGO\",\"GOB\"]"),
                          policy == MK_POLICY_INTERNAL ? 2 : 0);
        mk_buf_release(&out);
        mk_factsheet_release(&f);
    }
}
END_TEST

START_TEST(metadata_explains_every_code_of_the_csv)
{
    struct mk_factsheet f;
    struct mk_buf csv, out;
    char word[32], concept[64];
    build(&f, MK_POLICY_EXACT, false);
    const char *text = rendered(&out, MK_FILE_CSVW, &f);
    const char *line = rendered(&csv, MK_FILE_CSV, &f);
    while ((line = strchr(line, '\n')) && *++line)
        for (size_t column = 0, n; column < 5; column++, line += n + 1) {
            n = strcspn(line, ",");
            ck_assert_uint_lt(n, sizeof word);
            memcpy(word, line, n);
            word[n] = '\0';
            snprintf(concept, sizeof concept, "\"skos:notation\": \"%s\"",
                     word);
            if (column != 1 && n > 0)
                ck_assert_msg(strstr(text, concept), "no %s", word);
        }
    ck_assert_uint_eq(count(text, "\"skos:notation\": \"SM\""), 1);
    ck_assert(strstr(text, "\"@value\": \"seksueel misbruik\""));
    ck_assert(strstr(text, "\"@value\": \"sexual abuse\""));
    mk_buf_release(&csv);
    mk_buf_release(&out);
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(a_spreadsheet_has_numbers_as_numbers_and_marks_as_text)
{
    struct mk_factsheet f;
    struct mk_buf out;
    build(&f, MK_POLICY_EXACT, true);
    const char *text = rendered(&out, MK_FILE_FODS, &f);
    ck_assert(strstr(text, "office:value-type=\"float\" "
                           "office:value=\"1234\"><text:p>1,234</text:p>"));
    ck_assert(strstr(text, "office:value-type=\"string\"><text:p>x (0-6)"));
    ck_assert(strstr(text, "office:value-type=\"string\"><text:p>NR</"));
    ck_assert(strstr(text, "office:value-type=\"string\"><text:p>NA</"));
    ck_assert(!strstr(text, "formula"));
    ck_assert_uint_eq(count(text, "<table:table "), MK_TABLE_COUNT + 2);
    ck_assert_uint_eq(count(text, "\"VerticalSplitPosition\""),
                      MK_TABLE_COUNT);
    ck_assert(!strstr(text, "meta:creation-date") && !strstr(text, "dc:date"));
    mk_buf_release(&out);
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(markdown_has_a_table_for_every_grid)
{
    struct mk_factsheet f;
    struct mk_buf out;
    build(&f, MK_POLICY_EXACT, true);
    const char *text = rendered(&out, MK_FILE_MARKDOWN, &f);
    ck_assert(strstr(text, "\n| SM | sexual abuse | 1,234 | x (0-6) |\n"));
    ck_assert(strstr(text, "| XX | ill-treatment") != NULL);
    ck_assert(strstr(text,
                     "| Code | Category | day care (KDV) | out-of-school "
                     "care (BSO) |"));
    /* F3 twice, marks */
    ck_assert_uint_eq(count(text, "\n| :--- |"), MK_TABLE_COUNT + 1 + 1);
    mk_buf_release(&out);
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(hostile_texts_change_no_figure)
{
    for (int english = 0; english < 2; english++) {
        struct hostile h;
        struct mk_buf out;
        json_t *root;
        hostile_init(&h, english);
        const char *csv = rendered(&out, MK_FILE_CSV, &h.sheet);
        ck_assert(strstr(csv, "F2,2019,,SM,dossiers,dossier,,x,0,6\n"));
        for (const char *p = csv; *p; p = strchr(p, '\n') + 1)
            ck_assert_uint_eq(strcspn(p, "\"=@<\x1b"), strlen(p));
        mk_buf_release(&out);
        const enum mk_format_file json[] = {MK_FILE_JSON, MK_FILE_JSONSTAT,
                                            MK_FILE_CSVW, MK_FILE_RELEASE};
        for (size_t i = 0; i < 4; i++) {
            root = json_loads(rendered(&out, json[i], &h.sheet),
                              JSON_REJECT_DUPLICATES, NULL);
            ck_assert_msg(root != NULL, "%s", mk_format_get(json[i])->file);
            json_decref(root);
            mk_buf_release(&out);
        }
        hostile_release(&h);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_format_is_found_by_its_word_alone,
        metadata_goes_with_csv_and_release_json_with_all,
        every_file_with_words_tells_release_and_marking,
        jsonstat_is_a_collection_of_datasets,
        jsonstat_says_what_a_total_is_made_of,
        metadata_explains_every_code_of_the_csv,
        a_spreadsheet_has_numbers_as_numbers_and_marks_as_text,
        markdown_has_a_table_for_every_grid,
        hostile_texts_change_no_figure,
    };
    return UNIT_RUN("formats", tests, NULL);
}
