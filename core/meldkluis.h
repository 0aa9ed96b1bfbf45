/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libmeldkluis: the vault.  Everything a client needs, and the only header of
 * core/ that the command line includes.  All rules live behind it.
 *
 * A vault is opened (its public part is read and proven), then unlocked by
 * one person, who holds from then on just the keys of his roles.  Each call
 * below is one command of that person: it writes the entries of the access
 * log that it owes before it reveals anything, works in one transaction, and
 * returns MK_OK only when what it did is durable.
 *
 * One vault handle belongs to one thread.  Text in structs is UTF-8.
 */
#ifndef MK_CORE_MELDKLUIS_H
#define MK_CORE_MELDKLUIS_H

#include "core/base/buf.h"
#include "core/base/date.h"
#include "core/base/err.h"
#include "core/base/read.h"
#include "core/case.h"
#include "core/codes.h"
#include "core/cosigner.h"
#include "core/cube.h"
#include "core/destruction.h"
#include "core/duty.h"
#include "core/emergency.h"
#include "core/event.h"
#include "core/fields.h"
#include "core/handover.h"
#include "core/keyring.h"
#include "core/log.h"
#include "core/log_keeping.h"
#include "core/move.h"
#include "core/recovery.h"
#include "core/release.h"
#include "core/restrict.h"
#include "core/tag.h"
#include "core/unseen.h"
#include "core/witness.h"
#include "core/words.h"
#include "core/workflow.h"
#include "crypto/note.h"
#include "crypto/secret.h"

struct mk_vault;

/* --- start-up and the vault as a place --- */

/* What ends the program when a library gives up for lack of memory (see
 * mk_crypto_on_exhausted).  Before mk_init; without it the end is abort(). */
void mk_on_exhausted(void (*end)(void *ctx, int err, const char *text));

/* Libraries and self-tests.  First call of a program. */
MK_MUST_USE enum mk_err mk_init(struct mk_diag *diag);

/* Called now and then in long work; total 0 = not known. */
typedef void mk_progress(void *ctx, const char *what, uint64_t done,
                         uint64_t total);

/*
 * A server on which vaults lie.  fd: one end of a socket pair, whose other end
 * is the standard input of meldkluis-pg; it is taken over, also when this
 * fails.  url: "postgresql://...", as libpq knows it, without a password.
 * Errors: E_SERVER_ADDRESS, E_SERVER (not reached), E_SERVER_FULL,
 * E_SERVER_DENIED.
 * Owns: mk_server_close, after the last vault on it.
 */
struct mk_server;
MK_MUST_USE enum mk_err mk_server_open(struct mk_server **out, int fd,
                                       const char *url, struct mk_diag *diag);
void mk_server_close(struct mk_server *s); /* NULL is fine */

struct mk_where {
    const char *vault;        /* folder of the vault, or the URL of server */
    struct mk_server *server; /* borrowed; NULL: vault is a folder */
    const char *state;        /* folder of this account's high-water marks */
    bool moved; /* opens a vault that is moving or moved, too (move.h) */
    mk_progress *progress; /* may be NULL */
    void *progress_ctx;
};

/* May a vault be made there?  The folder is empty or missing, or the database has
 * tables of this version that this account may write, and nothing in them.
 * Errors: E_EXISTS, E_SERVER_SCHEMA, E_SERVER_DENIED, those of the store. */
MK_MUST_USE enum mk_err mk_vault_check_free(const struct mk_where *where,
                                            struct mk_diag *diag);

/*
 * Makes a vault with its first people (at least one of each role) in folder
 * where->vault, which must be empty or missing.  Interrupted, it leaves a
 * folder that open refuses and create accepts again.
 * log_months: the term of the log (see mk_log_term_set); 0: nobody chose one.
 * fresh: recovery cards from the start; NULL: later, by mk_recovery_share.
 * Log: INIT, LOG_TERM.  Errors: E_EXISTS, E_USAGE, E_IO, E_BAD_NUMBER.
 */
MK_MUST_USE enum mk_err mk_vault_create(const struct mk_where *where,
                                        const char *origin,
                                        const struct mk_first_member *people,
                                        size_t n, uint32_t log_months,
                                        const struct mk_new_cards *fresh,
                                        struct mk_diag *diag);

/* Reads and proves the keyring.  No secret is needed yet.
 * Errors: E_NOT_FOUND, E_PERMISSIONS, E_DAMAGED, E_NEWER. */
MK_MUST_USE enum mk_err mk_vault_open(struct mk_vault **out,
                                      const struct mk_where *where,
                                      struct mk_diag *diag);
void mk_vault_close(struct mk_vault *v); /* wipes; NULL is fine */
const struct mk_keyring *mk_vault_keyring(const struct mk_vault *v);

/*
 * Opens the slot of user (a name) and with his keys the store; checks every
 * head since the high-water mark.  passphrase: as typed; NFC is applied here.
 * Errors: E_LOCKED (noted in the side file), E_ROLLED_BACK, E_TAMPERED,
 * E_NOT_ALLOWED_HEAD, E_DAMAGED, E_NEWER.  After an integrity error
 * mk_log_verify and mk_vault_doctor still work (where the store could be
 * opened at all), after E_ROLLED_BACK mk_restart too; all else gives the same
 * error again.
 */
MK_MUST_USE enum mk_err mk_vault_unlock(struct mk_vault *v, const char *user,
                                        const struct mk_secret *passphrase,
                                        struct mk_diag *diag);
const struct mk_member *mk_vault_user(const struct mk_vault *v);
/* MK_ROLE_BITs of who unlocked. */
unsigned mk_vault_roles(const struct mk_vault *v);
/* True if this account had no mark yet for this vault. */
bool mk_vault_first_use(const struct mk_vault *v);
/* And has one since: an older copy will be noticed. */
bool mk_vault_first_mark(const struct mk_vault *v);

/*
 * For who keeps a vault unlocked over several calls: proves what others wrote
 * since, as each call does too, and whether what unlock found still holds: the
 * person's roles, his passphrase and the keys that he holds.
 * Errors: E_OPEN_AGAIN when it does not (unlocking anew tells why, or takes
 * what is new); those of mk_vault_unlock for a vault that was tampered with.
 */
MK_MUST_USE enum mk_err mk_vault_refresh(struct mk_vault *v,
                                         struct mk_diag *diag);

/* --- access --- */

/* With what right and in which manner a command works. */
struct mk_access {
    unsigned purpose; /* MK_PURPOSE_*; 0: BEH for own dossiers, and E_PURPOSE
                          for those of others */
    bool dry_run;     /* write the access entry, nothing else */
    bool only_seen;   /* of an event: E_CHANGED, and nothing written, when
                          others wrote what its author had not seen */
    bool has_request; /* request is the id of this write (option --request) */
    uint8_t request[16];
};

/* What the caller of a writing command gets. */
struct mk_written {
    uint8_t dossier[16]; /* its id; see mk_tag_format */
    uint32_t seq;        /* of the event */
    enum mk_state state; /* afterwards */
    unsigned duty; /* afterwards: MK_YN_J, N, ONB; 0 before duiding, and of a
                      request that was repeated */
    struct mk_workflow_result result;
    /* what others wrote that its author had not seen, also after a refusal;
     * of n_unseen entries at most MK_UNSEEN_TOLD are there */
    struct mk_unseen unseen[MK_UNSEEN_TOLD];
    size_t n_unseen;
    uint8_t request[16]; /* id of the transaction */
    bool repeated;       /* request was done before; nothing written */
};

/* Names a dossier: a parsed tag. */
struct mk_dossier_ref {
    uint8_t lo[16], hi[16];
};
MK_MUST_USE enum mk_err mk_dossier_ref_parse(struct mk_dossier_ref *ref,
                                             const char *tag,
                                             struct mk_diag *diag);

/*
 * Takes in a melding: e->verb MELDING and its fields, as a new dossier or,
 * with to, as a further melding of that one.  Role: inspector.
 * Log: INTAKE (or CHANGE).  Errors: those of mk_workflow_check.
 */
MK_MUST_USE enum mk_err mk_report_new(struct mk_vault *v,
                                      const struct mk_access *access,
                                      struct mk_event *e,
                                      const struct mk_dossier_ref *to,
                                      struct mk_written *out,
                                      struct mk_diag *diag);

/*
 * Any other verb on a dossier.  e is used up.  Role: inspector.  e->seen is the
 * last entry that its author had seen, 0 when he does not say.  What others
 * wrote since does not stand in the way (but see only_seen): the rules are
 * applied to the dossier as it is now, out->unseen tells, and the entry says so
 * for ever.  Log: CHANGE asked, then done or refused.
 * Errors: those of mk_workflow_check; E_BAD_NUMBER (there is no such entry),
 * E_CHANGED.
 */
MK_MUST_USE enum mk_err mk_dossier_event(struct mk_vault *v,
                                         const struct mk_access *access,
                                         const struct mk_dossier_ref *ref,
                                         struct mk_event *e,
                                         struct mk_written *out,
                                         struct mk_diag *diag);

/*
 * The draft of an intake that may be cut off: any text of at most
 * MK_DRAFT_MAX bytes, one a person and account.  Sealed to the person himself
 * in the state folder, no part of the vault, so no entry in its log; save it
 * after each answer and drop it when the melding is in the vault.
 * load: *found false when there is none; text is replaced.
 * Errors: E_LOCKED, E_DAMAGED, E_TOO_LARGE, E_IO.
 */
#define MK_DRAFT_MAX (2u << 20)
MK_MUST_USE enum mk_err mk_draft_save(struct mk_vault *v, const void *text,
                                      size_t n, struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_draft_load(struct mk_vault *v, bool *found,
                                      struct mk_buf *text,
                                      struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_draft_drop(struct mk_vault *v,
                                      struct mk_diag *diag);

/* A dossier in clear. */
struct mk_view {
    uint8_t id[16];
    uint64_t version;
    struct mk_case c; /* with all events */
};
void mk_view_init(struct mk_view *view);
void mk_view_release(struct mk_view *view); /* wipes */

/* kind: MK_AUDIT_SHOW, _TIMELINE, _COPY.  Role: inspector.
 * Errors: E_NOT_FOUND (proven against every row), E_PURPOSE. */
MK_MUST_USE enum mk_err mk_dossier_open(struct mk_vault *v,
                                        const struct mk_access *access,
                                        enum mk_audit kind,
                                        const struct mk_dossier_ref *ref,
                                        struct mk_view *out,
                                        struct mk_diag *diag);

/* --- lists --- */

/* What a list shows of a dossier; borrowed during the call of each. */
struct mk_list_item {
    uint8_t id[16];
    enum mk_state state;
    unsigned unmet_which;
    unsigned duty;
    unsigned category, care_type;
    mk_day received;
    mk_day next_check;
    bool urgent;
    uint32_t meldingen;
    struct mk_owners owners;
    /* restricted, and not for who asks: only id and owners are known */
    bool barred;
    struct mk_track track[MK_DUTY_COUNT];
    const char *label; /* NUL-terminated, "" if none */
    mk_day destroyed;  /* state vernietigd only, and then no more is known */
    /* search and related only: what matched, as a field of the event */
    uint32_t match_event;
    enum mk_field match_field;
};
/* Returning anything but MK_OK ends the walk with that. */
typedef enum mk_err mk_list_each(void *ctx, const struct mk_list_item *item);

/* What one member has: owns or, deputy, only stands in for. */
struct mk_list_whose {
    uint8_t member[16];
    bool deputy;
};
struct mk_list_filter {
    enum mk_state state; /* NONE: any */
    bool open_only;      /* not ended */
    bool everybody;      /* own dossiers and those of colleagues */
    bool open_duty;      /* a duty track is open */
    int year;            /* of received; 0: any */
    const struct mk_list_whose *whose; /* of those: this member's; NULL: all */
};
/*
 * By intake order.  *others: dossiers of colleagues (of that year) that were
 * left shut, whatever else is asked; 0 with everybody.  Role: inspector.
 * Log: LIST, with purpose BEH (or the one given); with everybody the number
 * of dossiers, too.  Errors: E_PURPOSE when everybody is set and no purpose
 * was given.
 */
MK_MUST_USE enum mk_err mk_list(struct mk_vault *v,
                                const struct mk_access *access,
                                const struct mk_list_filter *filter,
                                mk_list_each *each, void *ctx,
                                uint64_t *others, struct mk_diag *diag);
/* Dossiers on the clock: every state that somebody still has to bring further;
 * urgent first, then open duties, then the longest waiting.  others, errors as
 * mk_list.  Log: CLOCK, the same way. */
MK_MUST_USE enum mk_err mk_clock_list(struct mk_vault *v,
                                      const struct mk_access *access,
                                      bool everybody, mk_list_each *each,
                                      void *ctx, uint64_t *others,
                                      struct mk_diag *diag);
/* Every word of text (the first 32) occurs somewhere in the identities, label
 * and narrative of the dossier; compared without case, diacritics and Dutch prefixes.
 * Log: SEARCH (never the text), and for each that is found.
 * Errors: E_PURPOSE when a colleague's was found and none was given. */
MK_MUST_USE enum mk_err mk_search(struct mk_vault *v,
                                  const struct mk_access *access,
                                  const char *text, mk_list_each *each,
                                  void *ctx, struct mk_diag *diag);
/* Other dossiers with the same location, houder or accused.  Log: RELATED, also
 * for each that is found.  Errors: E_PURPOSE as mk_search. */
MK_MUST_USE enum mk_err mk_related(struct mk_vault *v,
                                   const struct mk_access *access,
                                   const struct mk_dossier_ref *ref,
                                   mk_list_each *each, void *ctx,
                                   struct mk_diag *diag);

/* How many restricted dossiers the last list, clock, search or related left
 * shut, because they are not for who unlocked. */
uint64_t mk_vault_barred(const struct mk_vault *v);

/* --- import --- */

/* A refused row (diag names line and reason) or a warning (warning true);
 * raw is the row as it stood in the file, for the file of refused rows. */
typedef enum mk_err mk_import_report(void *ctx, const struct mk_diag *why,
                                     bool warning, const void *raw, size_t n);
struct mk_import_result {
    uint64_t rows, imported, refused, warnings;
    uint8_t request[16]; /* id of this import, as in struct mk_written */
    bool repeated;       /* it was done before; nothing was read or written */
};
/*
 * The CSV of INTERFACE, replayed through the workflow, in one transaction.
 * Without partial a refused row ends in E_ROWS and nothing was imported (all
 * rows are looked at first).  Role: inspector.  Log: IMPORT, INTAKE a dossier.
 */
MK_MUST_USE enum mk_err mk_import(
    struct mk_vault *v, const struct mk_access *access, mk_read_more *read,
    void *read_ctx, bool partial, mk_import_report *report, void *report_ctx,
    struct mk_import_result *out, struct mk_diag *diag);

/* The columns that a file may have; NONE past the end. */
enum mk_field mk_import_column(size_t i);

/* --- counting --- */

struct mk_count_request {
    bool by_day, by_position;
    mk_day day;
    uint64_t position;
    bool internal; /* what for: decides the log entry */
    bool exact;
};
/* cube->years and school_year are set by the caller.  Role: analyst.
 * Log: COUNT, COUNT_EXACT or COUNT_INTERNAL. */
MK_MUST_USE enum mk_err mk_count(struct mk_vault *v,
                                 const struct mk_access *access,
                                 const struct mk_count_request *request,
                                 struct mk_cube *cube, struct mk_diag *diag);

/* --- the access log, besides core/log.h --- */

struct mk_verify_report {
    uint64_t log_size, heads, dossiers, entries, stats, registers;
    uint8_t log_root[32];
    uint64_t signatures;
    uint64_t destroyed; /* dossiers of which a tombstone is left */
    uint64_t pruned;    /* entries that are gone by the rules: hashes only */
    bool rolled_back;   /* verified in itself, but behind the mark */
};
/* Called for each thing found wrong; verification goes on where it can. */
typedef void mk_verify_finding(void *ctx, const struct mk_diag *what);
/*
 * Recomputes everything: tree, all heads and their signers, every root
 * against the rows, keyring hashes and serials.  Any role that can unlock;
 * also after E_ROLLED_BACK.  Log: LOG_VERIFY (not in a rolled-back vault).
 * Errors: the first finding's.
 */
MK_MUST_USE enum mk_err mk_log_verify(struct mk_vault *v,
                                      const struct mk_access *access,
                                      struct mk_verify_report *report,
                                      mk_verify_finding *finding, void *ctx,
                                      struct mk_diag *diag);
struct mk_export_report {
    uint64_t log_size; /* entries in the export now */
    uint64_t old_size; /* in the folder before; 0: none */
    uint8_t log_root[32];
    uint64_t heads, registers; /* in the export now */
    uint64_t files;            /* written */
    bool repaired; /* the folder was damaged where it ended: all of it was
                      written anew */
};
/*
 * Writes the log, its heads, the register and the members into a folder (an
 * open descriptor; empty, or of an earlier export of this log, which is
 * brought up to date), in the form of docs/FORMAT-export.md.  All that is
 * read is proven against the newest head; the checkpoint that says so comes
 * last.  In a vault that was put back it is written as it is found, without
 * an entry.  dry_run: the entry, and whether the folder fits (-1: it is not
 * there yet); writes nothing.
 * Sizes: memory does not grow with the log.  Role: auditor.  Log: LOG_EXPORT,
 * which is in the export.
 * Errors: E_NOT_EXPORT (other things in the folder), E_OTHER_EXPORT,
 * E_NOT_PREFIX (it holds what is not in this log), E_TAMPERED, E_BUSY
 * (somebody else writes there), E_DISK_FULL, E_IO.
 */
MK_MUST_USE enum mk_err mk_log_export(struct mk_vault *v,
                                      const struct mk_access *access, int dir,
                                      struct mk_export_report *report,
                                      struct mk_diag *diag);
/*
 * The text of a key file, with which a program without the vault can read the
 * log: X25519 secret of R_L under passphrase (NFC is applied here).  It opens
 * every entry, also later ones.  Role: auditor.  Log: LOG_KEY.
 */
MK_MUST_USE enum mk_err mk_log_key(struct mk_vault *v,
                                   const struct mk_access *access,
                                   const struct mk_secret *passphrase,
                                   struct mk_buf *text, struct mk_diag *diag);

/* --- people --- */

/* text is a request made by mk_request_make.  Role: custodian. */
MK_MUST_USE enum mk_err mk_user_admit(struct mk_vault *v,
                                      const struct mk_access *access,
                                      const void *text, size_t n,
                                      unsigned roles,
                                      struct mk_member *admitted,
                                      struct mk_diag *diag);
/*
 * A custodian certifies who is not certified for role yet; after that a holder
 * of the role wraps its key (for a custodian any other member who is none).
 * Which of the two it was mk_keyring_roles tells afterwards.
 * Errors: E_NOT_CERTIFIED, E_TWO_PEOPLE, E_EXISTS, E_ROLE_CONFLICT, E_NO_ROLE.
 */
MK_MUST_USE enum mk_err mk_role_grant(struct mk_vault *v,
                                      const struct mk_access *access,
                                      const char *user, enum mk_role role,
                                      struct mk_diag *diag);
/*
 * What a custodian decides about somebody else; roles only for the last two.
 * REMOVE ends all of his roles; keys that he knows are stale then
 * (mk_keyring_stale) until a holder rotates each.  EXCEPT allows roles
 * beside those he has although they exclude each other; another custodian
 * certifies.
 * Errors: as mk_keyring_suspend.  Log: USER_SUSPEND, ...
 */
enum mk_user_change {
    MK_USER_SUSPEND,
    MK_USER_RESUME,
    MK_USER_REMOVE,
    MK_USER_REVOKE,
    MK_USER_EXCEPT
};
MK_MUST_USE enum mk_err mk_user_change(struct mk_vault *v,
                                       const struct mk_access *access,
                                       enum mk_user_change what,
                                       const char *user, unsigned roles,
                                       struct mk_diag *diag);
/* A new passphrase of who unlocked; fresh NULL takes the second away.
 * Log: PASSPHRASE, SECOND_SLOT. */
enum mk_passphrase { MK_PASSPHRASE_FIRST = 1, MK_PASSPHRASE_SECOND = 2 };
MK_MUST_USE enum mk_err mk_passphrase_change(struct mk_vault *v,
                                             const struct mk_access *access,
                                             enum mk_passphrase which,
                                             const struct mk_secret *fresh,
                                             struct mk_diag *diag);

/* --- keys --- */

/*
 * A new secret of a kind for all who hold it now, and what lies under the old
 * one put under it: complete, or not begun.  Whoever held the old one opens
 * nothing that is written afterwards.  Progress as "dossiers" or "rows".
 * Role: who holds it.  Log: KEY_ROTATE with 1 << kind as mask and the
 * generation as count.
 * Errors: E_NO_ROLE; E_BUSY, E_DISK_FULL (a new DBK takes as much room as the
 * vault has), E_TAMPERED: nothing is changed; E_UNKNOWN_OUTCOME.
 */
MK_MUST_USE enum mk_err mk_rekey(struct mk_vault *v,
                                 const struct mk_access *access,
                                 enum mk_key_kind kind, struct mk_diag *diag);
/* States that every key of now may have been stolen (mk_keyring_stolen says
 * which are left to be replaced).  Any member.  Log: THEFT. */
MK_MUST_USE enum mk_err mk_rekey_theft(struct mk_vault *v,
                                       const struct mk_access *access,
                                       struct mk_diag *diag);
/* Bits (1 << kind) of what who unlocked holds. */
unsigned mk_rekey_held(const struct mk_vault *v);

/*
 * After a legitimate restore: a custodian (who unlocked v, and was told
 * E_ROLLED_BACK) and an auditor sign the head known here, the head restored
 * and a reason (MK_RESTART_*); the epoch rises by one.  Log: RESTART.
 */
MK_MUST_USE enum mk_err mk_restart(struct mk_vault *v, const char *auditor,
                                   const struct mk_secret *auditor_passphrase,
                                   unsigned reason, struct mk_diag *diag);

/* --- doctor --- */

/* One finding: name and value are short texts of ours; ok false asks for
 * attention, and remedy says what to do. */
typedef void mk_doctor_each(void *ctx, const char *name, bool ok,
                            const char *value, const char *remedy_nl,
                            const char *remedy_en);
/* The vault's part of doctor: modes, keyring, slots, high-water mark, engine
 * and library versions.  Works locked too, with less. */
void mk_vault_doctor(struct mk_vault *v, mk_doctor_each *each, void *ctx);
/* Without a vault: library versions, swap, core dumps, memory locking. */
void mk_machine_doctor(mk_doctor_each *each, void *ctx);

#endif
