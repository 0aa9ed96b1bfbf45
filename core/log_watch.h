/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which questions of core/defs/questions.def an entry answers.  Entries come
 * in the order of the log; what is remembered grows with people and dossiers,
 * not with entries.
 *
 *   outside-caseload  an inspector's access to a dossier that somebody else
 *                     took in, as its intake entry says; where that entry is
 *                     not there (a pruned log), one with a purpose that is
 *                     not BEH.  A list or clock over everybody's dossiers,
 *                     whose entry has their number.  Of a search the dossiers
 *                     that it found, each by its own entry: one that found
 *                     nothing of somebody else's reached nothing of his.
 *   reopened          the verb that reopens, and any access to a dossier
 *                     whose last step that the log shows was an end.  Ends
 *                     inside an import are not in the log.
 *   night             outside Monday to Friday, 07:00 to 19:00 in Amsterdam;
 *                     public holidays are not known
 *   bulk              the access with which one person reached more distinct
 *                     dossiers than the threshold within an hour, and each
 *                     further one while that lasts
 *   probing           the same with searches, and accesses refused or to a
 *                     dossier that is not there
 *   emergency         purpose NOOD
 *   failed            an unlock that failed, an access that was refused
 */
#ifndef MK_CORE_LOG_WATCH_H
#define MK_CORE_LOG_WATCH_H

#include "core/log.h"

struct mk_log_watch;

/* threshold: as in struct mk_log_filter.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_log_watch_new(struct mk_log_watch **out,
                                         uint64_t threshold);
void mk_log_watch_free(struct mk_log_watch *w); /* NULL is fine */

/* Sets item->answers.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_log_watch_see(struct mk_log_watch *w,
                                         struct mk_log_item *item);

#endif
