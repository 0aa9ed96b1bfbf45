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

int main(void)
{
    const TTest *const tests[] = {
        the_page_of_the_workflow_is_what_the_lists_say,
        the_page_of_the_codes_is_what_the_lists_say,
    };
    return UNIT_RUN("lists", tests, NULL);
}
