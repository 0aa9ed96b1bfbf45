/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moving a whole vault: from a folder to a server, back, or from one of either
 * to another.  There is never more than one that can be worked in:
 *
 *   1  the place it goes to is locked, and holds nothing
 *   2  the place it leaves is shut: the document `moved` there says where to,
 *      and every transaction from then on meets it (E_MOVED)
 *   3  rows and documents are copied as they are, read again, and proven
 *      against the newest head; then they become the vault there, at once
 *   4  `moved` says that it is done
 *
 * Cut off anywhere, the same call finishes it.  Up to the end of 3 it can be
 * taken back.  Nothing is erased at the place that was left.
 */
#ifndef MK_CORE_MOVE_H
#define MK_CORE_MOVE_H

#include "core/base/err.h"

struct mk_vault;
struct mk_where;
struct mk_access;

#define MK_MOVE_PLACE 1024 /* bytes of a place, with its NUL */

/*
 * `moved`, readable, each line as here:
 *
 *   meldkluis-moved: 2
 *   state: moving                (or moved)
 *   to: /absolute/folder         (or postgresql://...)
 *   store: <32 hexadecimal digits>
 *   head: <log size> <64 hexadecimal digits, its hash>
 *   time: <milliseconds since 1970>
 *   by: <32 hexadecimal digits, the custodian who moves it>
 *   sign: <128 hexadecimal digits, over all before this line>
 *
 * Whoever may write at the old place can write it, too: so it counts for what
 * the signature is worth to this account.
 */
enum mk_moved_proof {
    MK_MOVED_DOUBT = 0, /* no custodian of the keyring that is there, or that
                           keyring is not the one this account has seen; or
                           nobody can read it, and it names no place */
    MK_MOVED_UNCHECKED, /* there is no keyring */
    MK_MOVED_SIGNED, /* by a custodian; this account has seen no keyring yet,
                           so he may be anybody's */
    MK_MOVED_PROVEN, /* by a custodian of the vault that it has seen */
};
struct mk_moved {
    bool there; /* else all else is empty */
    bool done;
    enum mk_moved_proof proof; /* by mk_moved_read */
    char to[MK_MOVE_PLACE];
    uint8_t store[16];
    uint64_t log_size;
    uint8_t head[32];
    int64_t time_ms;
    uint8_t by[16];
    uint8_t sig[64];
};
/* Without unlocking; says what it is worth.  A place on a server is without a
 * user name: that is each one's own.  Errors: E_NOT_FOUND (no such folder),
 * E_IO, E_SERVER. */
MK_MUST_USE enum mk_err mk_moved_read(const struct mk_where *where,
                                      struct mk_moved *out,
                                      struct mk_diag *diag);
/* Who comes here is told where it went, with what doubt there is: E_MOVED,
 * E_MOVED_UNCHECKED or E_MOVED_DOUBT, which is returned. */
MK_MUST_USE enum mk_err mk_moved_refuse(const struct mk_moved *m,
                                        struct mk_diag *diag);

struct mk_move_report {
    uint64_t rows;      /* all tables */
    uint64_t documents; /* copied */
    uint64_t dossiers, destroyed, entries, records, registers, heads;
    uint64_t log_size, pruned;
    uint8_t log_root[32];
    bool there; /* it was there whole already: only the end was missing */
    bool ahead; /* and somebody has worked there since */
};

/*
 * v was opened with where->moved.  to is empty, or where an earlier call was
 * cut off; of a folder the one that holds it is written, too.
 * dry_run: proves the vault as it is and looks at the place; changes nothing.
 * Role: custodian.  Log: MOVE asked, before the vault is shut.
 * Errors: E_MOVED (to another place), E_MOVE_OTHER, E_KEY_GONE (a folder of
 * retention keys is not here), E_BUSY (somebody else moves it there), the
 * first finding of the proof, E_UNKNOWN_OUTCOME (repeat: it tells).
 */
MK_MUST_USE enum mk_err mk_move(struct mk_vault *v,
                                const struct mk_access *access,
                                const struct mk_where *to,
                                struct mk_move_report *out,
                                struct mk_diag *diag);
/*
 * Takes back a move that has not come to its end: v is open again.  to is the
 * place that `moved` names; NULL of one that is in doubt: nobody moves then, and
 * what it names is nobody's business.  Role: custodian.  Log: MOVE refused.
 * Errors: E_NOT_MOVING, E_MOVE_DONE, E_MOVED (to is another place), as mk_move.
 */
MK_MUST_USE enum mk_err mk_move_back(struct mk_vault *v,
                                     const struct mk_where *to,
                                     struct mk_diag *diag);

#endif
