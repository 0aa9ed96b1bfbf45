/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The main of a unit test whose tests need nothing but this. */
#ifndef MK_TESTS_UNIT_H
#define MK_TESTS_UNIT_H

#include <check.h>
#include <stdlib.h>

struct unit_tests {
    const TTest *const *tests;
    size_t n;
    const char *tags; /* may be NULL; CK_EXCLUDE_TAGS leaves these out */
};

/* setup and teardown (may be NULL) run once, before the first test and after the
 * last.  Slow tests, wanted by MK_LONG, may take an hour.  The exit status. */
static inline int unit_run(const char *name, const struct unit_tests groups[],
                           size_t n, void (*setup)(void),
                           void (*teardown)(void))
{
    Suite *suite = suite_create(name);
    for (size_t g = 0; g < n; g++) {
        TCase *all = tcase_create(name);
        if (getenv("MK_LONG"))
            tcase_set_timeout(all, 3600);
        if (groups[g].tags)
            tcase_set_tags(all, groups[g].tags);
        if (setup)
            tcase_add_unchecked_fixture(all, setup, teardown);
        for (size_t i = 0; i < groups[g].n; i++)
            tcase_add_test(all, groups[g].tests[i]);
        suite_add_tcase(suite, all);
    }
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#define UNIT_TESTS(tests, tags)                         \
    {                                                   \
        (tests), sizeof(tests) / sizeof(tests)[0], tags \
    }
#define UNIT_RUN(name, tests, setup) UNIT_RUN_SHARED(name, tests, setup, NULL)
/* What setup made serves all tests; each works on it in a process of its own. */
#define UNIT_RUN_SHARED(name, tests, setup, teardown)                       \
    unit_run(name, (const struct unit_tests[]){UNIT_TESTS(tests, NULL)}, 1, \
             setup, teardown)
/* of_files: those about a vault in a folder (tests/run --on server). */
#define UNIT_RUN_STORES(name, tests, of_files, setup)                    \
    unit_run(name,                                                       \
             (const struct unit_tests[]){UNIT_TESTS(tests, NULL),        \
                                         UNIT_TESTS(of_files, "files")}, \
             2, setup, NULL)

#endif
