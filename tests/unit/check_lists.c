/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages made from the lists are those in docs/. */
#include "tests/support/lists_doc.h"
#include "tests/support/unit.h"

#include <string.h>

static void compare(const char *path, void (*print)(FILE *out))
{
    char *want = NULL, *got;
    size_t n_want = 0;
    FILE *memory = open_memstream(&want, &n_want);
    ck_assert_ptr_nonnull(memory);
    print(memory);
    ck_assert_int_eq(fclose(memory), 0);
    if (getenv("MK_WRITE_DOCS")) {
        FILE *file = fopen(path, "w");
        ck_assert_ptr_nonnull(file);
        ck_assert_uint_eq(fwrite(want, 1, n_want, file), n_want);
        ck_assert_int_eq(fclose(file), 0);
    }
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s is missing", path);
    got = calloc(1, n_want + 2);
    ck_assert_ptr_nonnull(got);
    size_t n_got = fread(got, 1, n_want + 1, file);
    fclose(file);
    ck_assert_msg(n_got == n_want && memcmp(got, want, n_want) == 0,
                  "%s differs from the lists", path);
    free(got);
    free(want);
}

START_TEST(the_page_of_the_workflow_is_what_the_lists_say)
{
    compare("docs/WORKFLOW.md", lists_doc_workflow);
}
END_TEST

START_TEST(the_page_of_the_codes_is_what_the_lists_say)
{
    compare("docs/CODES.md", lists_doc_codes);
}
END_TEST

START_TEST(the_page_of_the_access_log_is_what_the_lists_say)
{
    compare("docs/NEN7513.md", lists_doc_log);
}
END_TEST

START_TEST(every_kind_of_access_of_nen_7513_has_entries_and_each_entry_has_one)
{
    static const char *const kinds[] = {"C", "R", "U", "D", "E"};
    const char *unmapped = lists_doc_unmapped();
    ck_assert_msg(unmapped == NULL, "%s is of no kind of access", unmapped);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        ck_assert_msg(lists_doc_rows_of_action(kinds[i]) > 0, "%s", kinds[i]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_page_of_the_workflow_is_what_the_lists_say,
        the_page_of_the_codes_is_what_the_lists_say,
        the_page_of_the_access_log_is_what_the_lists_say,
        every_kind_of_access_of_nen_7513_has_entries_and_each_entry_has_one,
    };
    return UNIT_RUN("lists", tests, NULL);
}
