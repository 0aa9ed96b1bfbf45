/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The form of the statements about recovery; of their meaning nothing. */
#include "core/keyring_recovery_impl.h"

#include <string.h>

static uint32_t read_set(struct mk_kr_text *t)
{
    return (uint32_t)mk_kr_read_num(t, "set", 1, UINT32_MAX);
}

static void read_share(struct mk_kr_text *t, struct mk_kr_set *set)
{
    set->threshold =
        (unsigned)mk_kr_read_num(t, "threshold", 1, MK_SHARES_MOST);
    mk_kr_read_hex(t, "box-key", set->box, MK_PK);
    mk_kr_read_hex(t, "sign-key", set->sign, MK_PK);
    while (mk_kr_ahead(t, "holder: ")) {
        if (set->n == MK_SHARES_MOST) {
            t->bad = true;
            return;
        }
        mk_kr_read_hex(t, "holder", set->share[set->n].holder, MK_ID);
        mk_kr_read_hex(t, "check", set->share[set->n].check, MK_ID);
        set->n++;
    }
}

static void read_escrow(struct mk_kr_text *t, struct mk_kr_statement *st)
{
    st->kind = mk_kr_read_kind(t);
    if (t->bad)
        return;
    mk_kr_read_hex(t, "key-id", st->key_id, MK_ID);
    st->generation = (uint32_t)mk_kr_read_num(t, "generation", 1, UINT32_MAX);
    st->n_box = MK_KR_PREFIX + mk_kr_kind_size(st->kind) + MK_BOX_OVERHEAD;
    mk_kr_read_b64(t, "box", st->box, st->n_box);
}

void mk_kr_recovery_read(struct mk_kr_text *t, struct mk_kr_statement *st)
{
    st->set.number = read_set(t);
    if (st->type == MK_KR_SHARE)
        read_share(t, &st->set);
    else if (st->type == MK_KR_ESCROW)
        read_escrow(t, st);
    else if (st->type == MK_KR_DRILL)
        st->at_ms = mk_kr_read_num(t, "at", 1, INT64_MAX);
}

static enum mk_err add_share(struct mk_buf *out, const struct mk_kr_set *set)
{
    enum mk_err rc;

    MK_TRY(mk_buf_addf(out, "threshold: %u\n", set->threshold));
    MK_TRY(mk_kr_add_hex(out, "box-key", set->box, MK_PK));
    MK_TRY(mk_kr_add_hex(out, "sign-key", set->sign, MK_PK));
    for (unsigned i = 0; i < set->n; i++) {
        MK_TRY(mk_kr_add_hex(out, "holder", set->share[i].holder, MK_ID));
        MK_TRY(mk_kr_add_hex(out, "check", set->share[i].check, MK_ID));
    }
out:
    return rc;
}

static enum mk_err add_escrow(struct mk_buf *out,
                              const struct mk_kr_statement *st)
{
    enum mk_err rc;

    MK_TRY(mk_buf_addf(out, "key: %s\n", mk_key_slug(st->kind)));
    MK_TRY(mk_kr_add_hex(out, "key-id", st->key_id, MK_ID));
    MK_TRY(mk_buf_addf(out, "generation: %u\n", (unsigned)st->generation));
    MK_TRY(mk_kr_add_b64(out, "box", st->box, st->n_box));
out:
    return rc;
}

enum mk_err mk_kr_recovery_add(struct mk_buf *out,
                               const struct mk_kr_statement *st)
{
    enum mk_err rc;

    MK_TRY(mk_buf_addf(out, "set: %u\n", (unsigned)st->set.number));
    if (st->type == MK_KR_SHARE)
        rc = add_share(out, &st->set);
    else if (st->type == MK_KR_ESCROW)
        rc = add_escrow(out, st);
    else if (st->type == MK_KR_DRILL)
        rc = mk_buf_addf(out, "at: %llu\n", (unsigned long long)st->at_ms);
out:
    return rc;
}
