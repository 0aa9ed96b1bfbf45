/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys and values: text in, value, text out; what is refused. */
#include "core/fields.h"

#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

static enum mk_err parse(struct mk_fields *f, enum mk_field key,
                         const char *text)
{
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc = mk_fields_parse(f, key, text, strlen(text), &diag);
    if (rc != MK_OK) {
        ck_assert_str_eq(diag.place, mk_field_get(key)->key);
        ck_assert_int_eq(diag.err, rc);
    }
    if (rc == MK_E_BAD_CODE)
        ck_assert_int_eq(diag.list, mk_field_get(key)->list);
    return rc;
}

static enum mk_err try_one(enum mk_field key, const char *text)
{
    struct mk_fields f;
    mk_fields_init(&f);
    enum mk_err rc = parse(&f, key, text);
    ck_assert_int_eq(mk_fields_has(&f, key), rc == MK_OK);
    mk_fields_release(&f);
    return rc;
}

START_TEST(every_key_has_a_number_a_type_and_two_labels)
{
    size_t n = 0;
    for (enum mk_field k = 1; k < MK_FIELD_MAX; k++) {
        const struct mk_field_info *info = mk_field_get(k);
        if (!info)
            continue;
        n++;
        ck_assert_int_eq(info->number, k);
        ck_assert_uint_gt(strlen(info->nl), 0);
        ck_assert_uint_gt(strlen(info->en), 0);
        bool coded = info->type == MK_T_CODE || info->type == MK_T_CODES;
        ck_assert_int_eq(coded, info->list >= 0);
        ck_assert_ptr_nonnull(mk_field_find(info->key, strlen(info->key)));
        for (enum mk_field j = 1; j < k; j++) {
            if (mk_field_get(j) && strcmp(info->key, "reason") != 0)
                ck_assert_str_ne(mk_field_get(j)->key, info->key);
        }
    }
    ck_assert_uint_ge(n, 58);
    ck_assert_ptr_null(mk_field_get(MK_F_NONE));
    ck_assert_ptr_null(mk_field_find("Received", 8));
}
END_TEST

START_TEST(every_column_of_the_import_file_is_a_key)
{
    static const char columns[] =
        "ref,received,channel,reporter,sector,care_type,category,extra,"
        "accused,victim_minor,in_care,qualification,occurred,known,contact,"
        "direct,verdict,verdict_date,referred,referred_for,complaint,notified,"
        "police_report,unmet,placed,authority,outcome,closed,lrk_id";
    for (const char *p = columns; *p;) {
        size_t n = strcspn(p, ",");
        ck_assert_msg(mk_field_find(p, n) != NULL, "%.*s", (int)n, p);
        p += n + (p[n] == ',');
    }
}
END_TEST

START_TEST(every_key_of_duiding_but_sector_may_be_unknown)
{
    static const char *const keys[] = {
        "care_type", "category",      "accused",      "victim_minor",
        "in_care",   "qualification", "occurred",     "extra",
        "known",     "lrk_id",        "worker_known", "worker_told"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        enum mk_field k = mk_field_find(keys[i], strlen(keys[i]))->number;
        ck_assert_msg(try_one(k, "ONB") == MK_OK, "%s", keys[i]);
        ck_assert_msg(try_one(k, "NR") == MK_OK, "%s", keys[i]);
    }
    ck_assert_int_eq(try_one(MK_F_SECTOR, "ONB"), MK_E_BAD_CODE);
    ck_assert_int_eq(try_one(MK_F_SECTOR, "NR"), MK_E_BAD_CODE);
    ck_assert_int_eq(try_one(MK_F_RECEIVED, "NR"), MK_E_BAD_DATE);
    ck_assert_int_eq(try_one(MK_F_CONTACT, "ONB"), MK_E_BAD_DATE);
    ck_assert_int_eq(try_one(MK_F_REPORTER, "ONB"), MK_E_BAD_CODE);
}
END_TEST

START_TEST(every_code_of_a_list_is_read_and_written_back)
{
    for (enum mk_field k = 1; k < MK_FIELD_MAX; k++) {
        const struct mk_field_info *info = mk_field_get(k);
        if (!info || info->type != MK_T_CODE)
            continue;
        for (size_t i = 0; mk_code_at((enum mk_list)info->list, i); i++) {
            const struct mk_code *c = mk_code_at((enum mk_list)info->list, i);
            struct mk_fields f;
            struct mk_buf out = MK_BUF_INIT;
            mk_fields_init(&f);
            ck_assert_int_eq(parse(&f, k, c->slug), MK_OK);
            ck_assert_uint_eq(mk_fields_code(&f, k), c->number);
            ck_assert_int_eq(mk_fields_format(&out, &f, k), MK_OK);
            ck_assert_uint_eq(out.len, strlen(c->slug));
            ck_assert_mem_eq(out.data, c->slug, out.len);
            mk_buf_release(&out);
            mk_fields_release(&f);
        }
        ck_assert_int_eq(try_one(k, ""), MK_E_BAD_CODE);
        ck_assert_int_eq(try_one(k, "zz"), MK_E_BAD_CODE);
        ck_assert_int_eq(try_one(k, "J N"), MK_E_BAD_CODE);
    }
}
END_TEST

static const struct {
    enum mk_field key;
    const char *text;
    enum mk_err err;
} values[] = {
    {MK_F_EXTRA, "SM", MK_OK},
    {MK_F_EXTRA, "SM PG OV", MK_OK},
    {MK_F_EXTRA, "SM SM", MK_E_BAD_CODE},
    {MK_F_EXTRA, "SM  PG", MK_E_BAD_CODE},
    {MK_F_EXTRA, " SM", MK_E_BAD_CODE},
    {MK_F_EXTRA, "SM ", MK_E_BAD_CODE},
    {MK_F_EXTRA, "SM NR", MK_E_BAD_CODE},
    {MK_F_EXTRA, "", MK_E_BAD_CODE},
    {MK_F_RECEIVED, "2024-02-29", MK_OK},
    {MK_F_RECEIVED, "2023-02-29", MK_E_BAD_DATE},
    {MK_F_RECEIVED, "2023-2-3", MK_E_BAD_DATE},
    {MK_F_RECEIVED, "", MK_E_BAD_DATE},
    {MK_F_RECEIVED, "2023", MK_E_BAD_DATE},
    {MK_F_OCCURRED, "2019", MK_OK},
    {MK_F_OCCURRED, "2019-02", MK_OK},
    {MK_F_OCCURRED, "2020-02", MK_OK},
    {MK_F_OCCURRED, "2019-12", MK_OK},
    {MK_F_OCCURRED, "2019-05-12", MK_OK},
    {MK_F_OCCURRED, "2019-05-01/2019-06-15", MK_OK},
    {MK_F_OCCURRED, "2019-05-01/2019-05-01", MK_OK},
    {MK_F_OCCURRED, "2019-06-15/2019-05-01", MK_E_BAD_DATE},
    {MK_F_OCCURRED, "2019-05/2019-06", MK_E_BAD_DATE},
    {MK_F_OCCURRED, "2019-05-01-2019-06-15", MK_E_BAD_DATE},
    {MK_F_OCCURRED, "2019-13", MK_E_BAD_DATE},
    {MK_F_OCCURRED, "2019-00", MK_E_BAD_DATE},
    {MK_F_OCCURRED, "2019-5", MK_E_BAD_DATE},
    {MK_F_OCCURRED, "0019", MK_E_BAD_DATE},
    {MK_F_OCCURRED, "201a", MK_E_BAD_DATE},
    {MK_F_OCCURRED, "", MK_E_BAD_DATE},
    {MK_F_LRK_ID, "123456782", MK_OK},
    {MK_F_LRK_ID, "12345678", MK_E_BAD_LRK},
    {MK_F_LRK_ID, "1234567820", MK_E_BAD_LRK},
    {MK_F_LRK_ID, "12345678x", MK_E_BAD_LRK},
    {MK_F_LRK_ID, "12345678 ", MK_E_BAD_LRK},
    {MK_F_KEPT, "MK-7Q4D-K2XZ", MK_OK},
    {MK_F_KEPT, "MK-7Q4D-K2XY", MK_E_BAD_TAG},
    {MK_F_EVENT, "1", MK_OK},
    {MK_F_EVENT, "4294967295", MK_OK},
    {MK_F_EVENT, "4294967296", MK_E_BAD_NUMBER},
    {MK_F_EVENT, "0", MK_E_BAD_NUMBER},
    {MK_F_EVENT, "01", MK_E_BAD_NUMBER},
    {MK_F_EVENT, "-1", MK_E_BAD_NUMBER},
    {MK_F_KEY, "verdict", MK_OK},
    {MK_F_KEY, "reason", MK_OK},
    {MK_F_KEY, "oordeel", MK_E_UNKNOWN_KEY},
    {MK_F_NAME, "Ren\xc3\xa9 Verzonnen", MK_OK},
    {MK_F_NAME, "Ren\xe9", MK_E_BAD_UTF8},
    {MK_F_NAME, "twee\nregels", MK_E_SYNTAX},
    {MK_F_NAME, "escape\x1b[2J", MK_E_SYNTAX},
    {MK_F_NARRATIVE, "twee\nregels", MK_OK},
    {MK_F_NARRATIVE, "\xff", MK_E_BAD_UTF8},
};

START_TEST(values_are_read_strictly_and_written_back)
{
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        struct mk_fields f;
        struct mk_buf out = MK_BUF_INIT;
        mk_fields_init(&f);
        enum mk_err rc = parse(&f, values[i].key, values[i].text);
        ck_assert_msg(rc == values[i].err, "%s: %s", values[i].text,
                      mk_err_name(rc));
        if (rc == MK_OK) {
            ck_assert_int_eq(mk_fields_format(&out, &f, values[i].key), MK_OK);
            ck_assert_uint_eq(out.len, strlen(values[i].text));
            ck_assert_mem_eq(out.data, values[i].text, out.len);
        }
        mk_buf_release(&out);
        mk_fields_release(&f);
    }
}
END_TEST

static void assert_period(const char *text, const char *from, const char *to,
                          enum mk_period_form form)
{
    struct mk_fields f;
    char first[MK_DATE_TEXT], last[MK_DATE_TEXT];
    mk_fields_init(&f);
    ck_assert_int_eq(parse(&f, MK_F_OCCURRED, text), MK_OK);
    mk_date_format(first, mk_fields_day(&f, MK_F_OCCURRED));
    mk_date_format(last, mk_fields_last_day(&f, MK_F_OCCURRED));
    ck_assert_str_eq(first, from);
    ck_assert_str_eq(last, to);
    ck_assert_uint_eq(mk_fields_get(&f, MK_F_OCCURRED)->form, form);
    mk_fields_release(&f);
}

START_TEST(a_period_knows_its_first_and_last_day_and_its_form)
{
    assert_period("2019", "2019-01-01", "2019-12-31", MK_PERIOD_YEAR);
    assert_period("2019-02", "2019-02-01", "2019-02-28", MK_PERIOD_MONTH);
    assert_period("2020-02", "2020-02-01", "2020-02-29", MK_PERIOD_MONTH);
    assert_period("2020-11", "2020-11-01", "2020-11-30", MK_PERIOD_MONTH);
    assert_period("2020-12", "2020-12-01", "2020-12-31", MK_PERIOD_MONTH);
    assert_period("2020-02-03", "2020-02-03", "2020-02-03", MK_PERIOD_DAY);
    assert_period("2020-02-03/2021-01-01", "2020-02-03", "2021-01-01",
                  MK_PERIOD_RANGE);
}
END_TEST

START_TEST(text_has_its_limit)
{
    struct mk_buf long_text = MK_BUF_INIT;
    struct mk_fields f;
    struct mk_diag diag = MK_DIAG_INIT;
    ck_assert_int_eq(mk_buf_reserve(&long_text, MK_TEXT_MAX + 1), MK_OK);
    memset(long_text.data, 'a', MK_TEXT_MAX + 1);
    mk_fields_init(&f);
    ck_assert_int_eq(mk_fields_parse(&f, MK_F_NARRATIVE, long_text.data,
                                     MK_TEXT_MAX + 1, &diag),
                     MK_E_TOO_LARGE);
    ck_assert_int_eq(diag.num[0], MK_TEXT_MAX);
    ck_assert_int_eq(mk_fields_parse(&f, MK_F_NARRATIVE, long_text.data,
                                     MK_TEXT_MAX, &diag),
                     MK_OK);
    ck_assert_int_eq(
        mk_fields_parse(&f, MK_F_NAME, long_text.data, MK_LINE_MAX + 1, &diag),
        MK_E_TOO_LARGE);
    ck_assert_int_eq(diag.num[0], MK_LINE_MAX);
    ck_assert_int_eq(
        mk_fields_parse(&f, MK_F_NAME, long_text.data, MK_LINE_MAX, &diag),
        MK_OK);
    mk_fields_release(&f);
    mk_buf_release(&long_text);
}
END_TEST

START_TEST(a_key_that_is_there_is_not_replaced_by_parsing)
{
    struct mk_fields f;
    mk_fields_init(&f);
    ck_assert_int_eq(parse(&f, MK_F_CHANNEL, "TEL"), MK_OK);
    ck_assert_int_eq(parse(&f, MK_F_CHANNEL, "MAIL"), MK_E_DUPLICATE_KEY);
    ck_assert_uint_eq(mk_fields_code(&f, MK_F_CHANNEL), MK_CHANNEL_TEL);
    ck_assert_int_eq(mk_fields_set_code(&f, MK_F_CHANNEL, MK_CHANNEL_MAIL),
                     MK_OK);
    ck_assert_uint_eq(mk_fields_code(&f, MK_F_CHANNEL), MK_CHANNEL_MAIL);
    mk_fields_release(&f);
}
END_TEST

/* A set of keys against a plain array, over many random steps. */
START_TEST(a_set_of_values_holds_exactly_what_was_put_in)
{
    struct mk_fields f, copy;
    int days[MK_FIELD_MAX];
    uint32_t x = 12345;
    mk_fields_init(&f);
    mk_fields_init(&copy);
    memset(days, 0, sizeof(days));
    for (int step = 0; step < 20000; step++) {
        x = x * 1664525 + 1013904223;
        enum mk_field k = (enum mk_field)(1 + (x >> 16) % 61);
        if (x >> 31) {
            mk_fields_unset(&f, k);
            days[k] = 0;
        } else {
            ck_assert_int_eq(mk_fields_set_day(&f, k, step + 1), MK_OK);
            days[k] = step + 1;
        }
        if (step % 100)
            continue;
        ck_assert_int_eq(mk_fields_copy(&copy, &f), MK_OK);
        enum mk_field next = MK_F_NONE;
        for (enum mk_field i = 1; i < MK_FIELD_MAX; i++) {
            ck_assert_int_eq(mk_fields_has(&copy, i), days[i] != 0);
            ck_assert_int_eq(mk_fields_day(&copy, i),
                             days[i] ? days[i] : MK_DAY_NONE);
            if (days[i]) {
                next = mk_fields_next(&copy, next);
                ck_assert_int_eq(next, i);
                ck_assert_uint_eq(mk_fields_get(&copy, i)->number, i);
            }
        }
        ck_assert_int_eq(mk_fields_next(&copy, next), MK_F_NONE);
    }
    mk_fields_take(&copy, &f);
    ck_assert_int_eq(mk_fields_next(&f, MK_F_NONE), MK_F_NONE);
    mk_fields_release(&copy);
    mk_fields_release(&f);
}
END_TEST

START_TEST(what_is_not_set_reads_as_nothing)
{
    struct mk_fields f;
    struct mk_buf out = MK_BUF_INIT;
    mk_fields_init(&f);
    ck_assert(!mk_fields_has(&f, MK_F_NAME));
    ck_assert_ptr_null(mk_fields_get(&f, MK_F_NAME));
    ck_assert_ptr_null(mk_fields_text(&f, MK_F_NAME));
    ck_assert_ptr_null(mk_fields_id(&f, MK_F_KEPT));
    ck_assert_uint_eq(mk_fields_code(&f, MK_F_CHANNEL), 0);
    ck_assert_uint_eq(mk_fields_number(&f, MK_F_EVENT), 0);
    ck_assert_int_eq(mk_fields_day(&f, MK_F_CLOSED), MK_DAY_NONE);
    ck_assert_int_eq(mk_fields_format(&out, &f, MK_F_NAME), MK_OK);
    ck_assert_uint_eq(out.len, 0);
    mk_fields_release(&f);
    mk_fields_release(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_key_has_a_number_a_type_and_two_labels,
        every_column_of_the_import_file_is_a_key,
        every_key_of_duiding_but_sector_may_be_unknown,
        every_code_of_a_list_is_read_and_written_back,
        values_are_read_strictly_and_written_back,
        a_period_knows_its_first_and_last_day_and_its_form,
        text_has_its_limit,
        a_key_that_is_there_is_not_replaced_by_parsing,
        a_set_of_values_holds_exactly_what_was_put_in,
        what_is_not_set_reads_as_nothing,
    };
    return UNIT_RUN("fields", tests, NULL);
}
