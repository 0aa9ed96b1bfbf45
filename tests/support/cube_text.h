/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cubes written by hand, for the tests of the reports. */
#ifndef MK_TESTS_CUBE_TEXT_H
#define MK_TESTS_CUBE_TEXT_H

#define CUBE_COLUMNS                                                       \
    "year,category,care_type,reporter,mtbp,qualification,duty,direct,red," \
    "referred,complaint,police_report,unmet_overleg,unmet_aangifte,n\n"

#define CUBE_HEAD(years, rows)                                             \
    "meldkluis-cube: 1\nyears: " years                                     \
    "\nbasis: calendar\ndata-date: 2023-03-01\nposition: 366\nrows: " rows \
    "\n\n" CUBE_COLUMNS

#define CUBE_HEAD_SCHOOL(years, rows)                                    \
    "meldkluis-cube: 1\nyears: " years                                   \
    "\nbasis: school\ndata-date: 2023-03-01\nposition: 366\nrows: " rows \
    "\n\n" CUBE_COLUMNS

#endif
