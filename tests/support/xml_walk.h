/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XML read as strictly as the programs should write it. */
#ifndef MK_TESTS_XML_WALK_H
#define MK_TESTS_XML_WALK_H

/* Fails the test unless text is well formed: tags nest and end, attributes
 * stand in double quotes, entities are those that XML has, and there is no
 * character that it has not. */
void xml_check(const char *text);

#endif
