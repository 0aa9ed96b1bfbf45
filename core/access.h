/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The step before every reveal: who asks for which dossier, and why, is in
 * the log and durable before a dossier key is unwrapped.
 */
#ifndef MK_CORE_ACCESS_H
#define MK_CORE_ACCESS_H

#include "core/sealed.h"

/* A command begins: what it proves it reads itself, nothing is kept from the
 * command before, and what that one opened in an emergency is shut again. */
void mk_access_afresh(struct mk_vault *v);

/*
 * Looks ref up, decides on the purpose (BEH for own dossiers; E_PURPOSE for
 * those of others without one) and commits the entry: asked, not found or
 * refused.  item has kind, verb, role and mask; the rest is filled in.
 * *ordinal is where the dossier is.
 */
MK_MUST_USE enum mk_err mk_access_ask(struct mk_vault *v,
                                      const struct mk_access *access,
                                      const struct mk_dossier_ref *ref,
                                      struct mk_log_item *item,
                                      uint64_t *ordinal, struct mk_diag *diag);

/* The purpose as given; without one CTL for an auditor, whose role it is, and
 * none for the others: nobody is said to treat what is not his.  For commands
 * over many dossiers. */
unsigned mk_access_purpose(const struct mk_access *access, enum mk_role role);

/* As mk_access_ask for a command over many dossiers, with that purpose. */
MK_MUST_USE enum mk_err mk_access_ask_many(struct mk_vault *v,
                                           const struct mk_access *access,
                                           enum mk_role role,
                                           enum mk_audit kind, uint64_t mask,
                                           struct mk_diag *diag);

/* Opens a dossier in a snapshot of its own. */
MK_MUST_USE enum mk_err mk_access_open(struct mk_vault *v, uint64_t ordinal,
                                       struct mk_opened *d,
                                       struct mk_diag *diag);

/* As mk_dossier_event with n events in one transaction: all of them or none,
 * each judged by the case that the one before left, and an entry in the log
 * for each.  All are used up.  listed: whose it was when they were decided on,
 * or NULL.  E_CHANGED when the owner is another by now; where the events are
 * about deputies, when those are. */
MK_MUST_USE enum mk_err mk_dossier_events(struct mk_vault *v,
                                          const struct mk_access *access,
                                          const struct mk_dossier_ref *ref,
                                          struct mk_event *e, size_t n,
                                          const struct mk_owners *listed,
                                          struct mk_written *out,
                                          struct mk_diag *diag);

/*
 * The id of a write's transaction: made of the request (out->request is that
 * of access, or a new one), who writes, which verb, and which dossier (NULL: a
 * new one), so that a request stands for one command of one person only.
 */
void mk_access_txid(const struct mk_vault *v, const struct mk_access *access,
                    enum mk_verb verb, const uint8_t *dossier,
                    struct mk_written *out, uint8_t txid[static MK_ID]);

/* --- a write that others may overtake --- */

/* e is written now, by the user, as number seq. */
void mk_access_stamp(const struct mk_vault *v, struct mk_event *e,
                     uint32_t seq);
/*
 * What others wrote in c that the author of e, the next event of it, had not
 * seen: for him into out->unseen, and into e->seen.  *seen is the last event
 * that he knew; 0, the last of c, which it becomes, for the tries after this.
 */
MK_MUST_USE enum mk_err mk_access_unseen(const struct mk_case *c,
                                         uint32_t *seen, struct mk_event *e,
                                         struct mk_written *out);

/* So often a write is tried at most. */
#define MK_ACCESS_TRIES 40
/* True when rc says that somebody was faster (E_CHANGED) and another try is
 * worth while: then it has let the others go on for a moment.  *tries: 0 at
 * first. */
bool mk_access_again(enum mk_err rc, unsigned *tries);

/* One try of a write, in a transaction that has the id of mk_access_write.
 * *tries: those before it; a try that wants no other after it sets it to
 * MK_ACCESS_TRIES. */
typedef enum mk_err mk_access_try(struct mk_vault *v, void *what,
                                  unsigned *tries, struct mk_written *out,
                                  struct mk_diag *diag);
/*
 * Writes by tries, as mk_access_again allows, unless the transaction txid was
 * committed before, or is by a command of the same request at the same moment:
 * then nothing is written, out is as it was given but for out->repeated and,
 * where dossier is NULL, out->dossier, which is the one that was made.
 */
MK_MUST_USE enum mk_err mk_access_write(struct mk_vault *v,
                                        const struct mk_access *access,
                                        const uint8_t txid[static MK_ID],
                                        const uint8_t *dossier,
                                        mk_access_try *try, void *what,
                                        struct mk_written *out,
                                        struct mk_diag *diag);

#endif
