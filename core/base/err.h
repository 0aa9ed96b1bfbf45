/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Errors.  Every function that can fail returns an enum mk_err and fills a
 * struct mk_diag that its caller carries.  The list, the exit status of each
 * code and its texts stand in errors.def and nowhere else.
 */
#ifndef MK_BASE_ERR_H
#define MK_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MK_MUST_USE __attribute__((warn_unused_result))

enum mk_err {
#define MK_ERROR(name, exit_status, nl, en) MK_##name,
#include "core/base/errors.def"
#undef MK_ERROR
    MK_ERR_COUNT
};

/* Exit status of the programs (the page INTERFACE of the design). */
enum mk_exit {
    MK_EXIT_DONE = 0,
    MK_EXIT_FAILED = 1,
    MK_EXIT_USAGE = 2,
    MK_EXIT_LOCKED = 3,
    MK_EXIT_INTEGRITY = 4,
    MK_EXIT_WORKFLOW = 5,
    MK_EXIT_DISCLOSURE = 6,
    MK_EXIT_UNKNOWN = 7,
};

/*
 * Where and what: for the person who reads the message.  Never holds text
 * from a dossier: place is a name of ours (a table, a form key, a file name
 * without its content), num are counts, ordinals or limits.
 */
struct mk_diag {
    enum mk_err err;
    char place[256]; /* NUL-terminated; empty if there is none */
    char said[256];  /* what another program said of it, as it came: quoted
                        after our own words; empty if it said nothing */
    uint64_t line;   /* line of an input, from 1; 0 = none */
    int64_t num[2];  /* meaning by error; 0 if unused */
    int list;        /* enum mk_list of allowed codes, or -1 */
    int sys;         /* errno, or 0 */
};

#define MK_DIAG_INIT             \
    {                            \
        .err = MK_OK, .list = -1 \
    }

/*
 * Fills diag (may be NULL) with err and place (NULL: none; cut to size) and
 * returns err, so that a refusal is one statement.  Keeps line, num, list;
 * forgets what was said of another.
 */
enum mk_err mk_fail(struct mk_diag *diag, enum mk_err err, const char *place);

/* What another program said of the error that diag (may be NULL) has; cut to
 * size.  It may be hostile: whoever shows it makes it visible. */
void mk_diag_said(struct mk_diag *diag, const char *text, size_t n);

/* As mk_fail, with errno kept in diag->sys. */
enum mk_err mk_fail_sys(struct mk_diag *diag, enum mk_err err,
                        const char *place);

/* As mk_fail, with a line and two numbers. */
enum mk_err mk_fail_at(struct mk_diag *diag, enum mk_err err,
                       const char *place, uint64_t line, int64_t num0,
                       int64_t num1);

enum mk_exit mk_err_exit(enum mk_err err);
/* What was asked is wrong or against the rules; the world around it is well. */
MK_MUST_USE bool mk_err_is_refusal(enum mk_err err);
const char *mk_err_name(enum mk_err err); /* "E_BAD_CODE" */

/*
 * The texts of err: "what happened; what it means; what to do".  They hold
 * the markers {place} {paste} {line} {num0} {num1} {sys} {help}, which cmd/ fills in.
 */
const char *mk_err_text(enum mk_err err, bool english);

/* Leaves by the label out with rc set, unless the call succeeds. */
#define MK_TRY(call)     \
    do {                 \
        rc = (call);     \
        if (rc != MK_OK) \
            goto out;    \
    } while (0)

#endif
