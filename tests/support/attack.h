/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Somebody who can write to the folder, and has the key of the file, at work
 * on a real vault: copies of its files, the rows below the core, and what
 * everybody sees of it afterwards.
 */
#ifndef MK_TESTS_ATTACK_H
#define MK_TESTS_ATTACK_H

#include "core/vault.h"
#include "tests/support/below.h"
#include "tests/support/vault.h"

/* Called where a program waits for the disk, which it does not do here. */
extern void (*attack_step)(void);

#define ATTACK_FILES 7
#define ATTACK_PEOPLE 7
#define ATTACK_DOSSIERS 3

/* The files of a vault, and the mark of this account, held in memory. */
struct attack_files {
    struct mk_buf text[ATTACK_FILES];
    bool there[ATTACK_FILES];
};
enum attack_file {
    ATTACK_DB,
    ATTACK_JOURNAL,
    ATTACK_KEYRING,
    ATTACK_KEYRING_NEW,
    ATTACK_RETENTION,
    ATTACK_FAILED,
    ATTACK_MARK,
};

struct attack {
    struct vault_fixture f;
    struct mk_dossier_ref ref[ATTACK_DOSSIERS];
    char mark[64]; /* name of its file */
    /* people who unlocked once; their keys serve for every later opening */
    struct mk_vault *known[ATTACK_PEOPLE];
    bool real;         /* derive keys from the passphrase at every opening */
    uint64_t log_size; /* entries that are compared, of attack_look */
};

/* A vault with ATTACK_DOSSIERS dossiers of several events and rows imported
 * ones behind them; inspecteur1 is an analyst too. */
void attack_setup(struct attack *a, size_t rows);
void attack_teardown(struct attack *a);

/* Unlocks as name; *v is open even when that fails. */
enum mk_err attack_unlock(struct attack *a, const char *name,
                          struct mk_vault **v, struct mk_diag *diag);
/* The same, or the test fails. */
struct mk_vault *attack_as(struct attack *a, const char *name);
/* A further dossier; a note on dossier i.  By inspecteur1. */
struct mk_dossier_ref attack_intake(struct attack *a, const char *received);
void attack_note(struct attack *a, size_t i, const char *text);

void attack_save(const struct attack *a, struct attack_files *out);
void attack_load(const struct attack *a, const struct attack_files *from);
/* One file of them. */
void attack_load_one(const struct attack *a, const struct attack_files *from,
                     enum attack_file which);
void attack_write(const struct attack *a, enum attack_file which,
                  const void *p, size_t n);
void attack_files_release(struct attack_files *files);
void attack_path(const struct attack *a, enum attack_file which,
                 char out[static 192]);

/* Statements run with the key of the file, below the core. */
void attack_sql(struct attack *a, const char *format, ...);
/* The same inside an open handle (and its transaction). */
void attack_sql_in(struct mk_vault *v, const char *format, ...);
void attack_rows(struct attack *a, const char *table, struct below_rows *out);

/*
 * What people find: inspecteur1 lists, shows every dossier, counts and
 * verifies; if he noticed nothing before, auditor1 lists the log and verifies
 * too.  read is the first error
 * before verify, verify that of log verify (or of the opening, when the store
 * could not be opened at all); digest is over all that was shown.
 */
struct attack_seen {
    enum mk_err read, verify;
    char place[256];        /* of read, else of verify */
    char verify_place[320]; /* of verify */
    uint8_t digest[MK_HASH];
};
void attack_look(struct attack *a, struct attack_seen *out);
/* Exit status 4 in read or verify (in verify; in both). */
bool attack_noticed(const struct attack_seen *seen);
/* Fails the test unless read and verify both say exit 4. */
void attack_assert_read(const struct attack_seen *seen, const char *what);
/* Fails the test unless verify says exit 4. */
void attack_assert_verify(const struct attack_seen *seen, const char *what);

#endif
