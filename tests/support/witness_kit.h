/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A vault with witnesses, who are numbered, each with a key of his own. */
#ifndef MK_TESTS_WITNESS_KIT_H
#define MK_TESTS_WITNESS_KIT_H

#include "core/tx.h"
#include "core/witness_impl.h"
#include "tests/support/vault.h"

extern const struct mk_access wk_plain;
extern struct vault_fixture wk_f;
extern struct mk_vault *wk_bewaarder, *wk_auditor;
extern struct mk_secret *wk_log_secret;

struct mk_secret *wk_witness_key(unsigned number, const char *name,
                                 struct mk_note_key *key);
enum mk_err wk_trust(unsigned number, const char *name);
enum mk_err wk_drop(const char *name);
size_t wk_listed(struct mk_witness_state *w);
struct mk_checkpoint wk_checkpoint_at(uint64_t size);
uint64_t wk_log_size(void);
/* The note of c, signed by the log, and by witness number (0: nobody). */
void wk_note_of(struct mk_buf *out, const struct mk_checkpoint *c,
                unsigned number, uint64_t time);
enum mk_err wk_take(const struct mk_buf *note);
enum mk_err wk_take_signed(uint64_t size, unsigned number, uint64_t time);
void wk_path_of(char out[static 160], const char *name);
void wk_read_kept(struct mk_buf *out, uint64_t size);
/* When witness number signed what is kept; 0: he did not. */
uint64_t wk_kept_time(uint64_t size, unsigned number);
void wk_write_kept(const char *name, const void *p, size_t n);
void wk_setup(void);
void wk_teardown(void);

#endif
