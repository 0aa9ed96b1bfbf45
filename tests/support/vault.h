/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A real vault with people of invented names: in a temporary folder, or, where
 * MK_STORE is server, in a database of its own on the server of the run
 * (tests/run --on server; tests/support/server.h).
 */
#ifndef MK_TESTS_VAULT_H
#define MK_TESTS_VAULT_H

#include "core/meldkluis.h"

struct vault_fixture {
    char dir[64]; /* holds the two below */
    char vault[96];
    char state[96];
    char url[256];         /* on a server */
    struct mk_where where; /* of the first who opened it */
};

/* Do vaults lie on a server?  A test about files is not added then. */
bool vault_on_server(void);

/* Makes it: bewaarder1, bewaarder2, inspecteur1, inspecteur2, analist1,
 * auditor1; each passphrase is the name and " geheim woord". */
void vault_setup(struct vault_fixture *f);
void vault_teardown(struct vault_fixture *f);

/* Opened and unlocked, or the test fails. */
struct mk_vault *vault_as(const struct vault_fixture *f, const char *name);
/* The outcome of unlocking; *v is open (locked if that failed). */
enum mk_err vault_try(const struct vault_fixture *f, const char *name,
                      struct mk_vault **v, struct mk_diag *diag);
struct mk_secret *vault_passphrase(const char *name);

/* "key: value" pairs, ending with NULL, as the fields of an event. */
void vault_event(struct mk_event *e, enum mk_verb verb, ...);

/* A new dossier with received as given, or the test fails. */
struct mk_dossier_ref vault_intake(struct mk_vault *v, const char *received);
/* Classified with duty J, or with N when with_duty is false. */
void vault_classify(struct mk_vault *v, const struct mk_dossier_ref *ref,
                    bool with_duty);
enum mk_err vault_do(struct mk_vault *v, const struct mk_dossier_ref *ref,
                     struct mk_event *e);
/* Result of log verify; number of findings in *n if not NULL. */
enum mk_err vault_verify(struct mk_vault *v, size_t *n, struct mk_diag *diag);

/* The end of the statistics, inside a transaction; or the test fails. */
struct mk_stats_tail;
void vault_stats_tail(struct mk_vault *v, struct mk_stats_tail *tail);

/* Of a vault in a folder: copies every file of the vault folder to a new folder, and back. */
void vault_copy(const char *from, const char *to);

#endif
