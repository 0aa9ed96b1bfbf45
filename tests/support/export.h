/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An export of the log of a vault_fixture, and what lies in it. */
#ifndef MK_TESTS_EXPORT_H
#define MK_TESTS_EXPORT_H

#include "core/vault.h"
#include "tests/support/vault.h"

/* A folder beside the vault, made if it is not there; the caller closes it. */
int export_folder(const struct vault_fixture *f, const char *name);
/* Exports v into the folder name.  without_entry: as a vault that was put
 * back, so that the same log is exported again. */
enum mk_err export_run(const struct vault_fixture *f, struct mk_vault *v,
                       const char *name, bool without_entry,
                       struct mk_export_report *report, struct mk_diag *diag);
/* The same as an entry of its own, or the test fails. */
struct mk_export_report export_ok(const struct vault_fixture *f,
                                  struct mk_vault *v, const char *name);
/* n entries more, each a transaction; all in one. */
void export_work(struct mk_vault *v, size_t n);
void export_much(struct mk_vault *v, size_t n);
/* Folders beside each other: the vault's is "kluis", the marks' "stand". */
void export_copy(const struct vault_fixture *f, const char *from,
                 const char *to);
/* The bytes of a file of it; the test fails if it is not there. */
struct mk_buf export_file(const struct vault_fixture *f, const char *name,
                          const char *path);
bool export_has(const struct vault_fixture *f, const char *name,
                const char *path);
/* Puts other bytes in its place. */
void export_put(const struct vault_fixture *f, const char *name,
                const char *path, const void *p, size_t n);
/* The first n bytes stay. */
void export_cut(const struct vault_fixture *f, const char *name,
                const char *path, size_t n);
/* Same files with the same bytes. */
bool export_same(const struct vault_fixture *f, const char *a, const char *b);

#endif
