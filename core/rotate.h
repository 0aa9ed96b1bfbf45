/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of core: replacing secrets.  Clients see core/meldkluis.h. */
#ifndef MK_CORE_ROTATE_H
#define MK_CORE_ROTATE_H

#include "core/tx.h"

/* The role that a secret belongs to, for errors; NONE: everybody's. */
enum mk_role mk_rekey_role(enum mk_key_kind kind);

#endif
