/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Migrations: the texts of core/store/schema/, numbered from 1, applied
 * forward only.  The table migration keeps the SHA-256 of each text that was
 * applied; every open compares them with the texts built in.
 */
#ifndef MK_STORE_MIGRATE_H
#define MK_STORE_MIGRATE_H

#include "core/store/driver.h"
#include "core/store/migrate_texts.h"

/*
 * create: fills an empty database.  Else checks what is there and brings it to
 * the newest version.  *version becomes what is there then.  Outside of a
 * transaction.
 * Errors: E_NEWER (num: found, known), E_TAMPERED (a checksum or the schema
 * text is another, or there is none), what the driver gives.
 */
MK_MUST_USE enum mk_err mk_migrate(struct mk_driver *d, bool create,
                                   unsigned *version, struct mk_diag *diag);
/* The same without writing: on a server an older version is E_SERVER_SCHEMA
 * (num: found, known). */
MK_MUST_USE enum mk_err mk_migrate_check(struct mk_driver *d,
                                         unsigned *version,
                                         struct mk_diag *diag);

#endif
