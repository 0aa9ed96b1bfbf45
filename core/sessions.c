/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/sessions.h"

#include <stdlib.h>
#include <string.h>

void mk_sessions_release(struct mk_sessions *s)
{
    free(s->v);
    *s = (struct mk_sessions){.v = NULL};
}

static bool is_empty(const struct mk_session *s)
{
    static const uint8_t none[MK_ID];

    return memcmp(s->id, none, MK_ID) == 0;
}

static struct mk_session *place_for(struct mk_session *table, size_t cap,
                                    const uint8_t *id)
{
    uint64_t hash;
    size_t i;

    memcpy(&hash, id, sizeof hash);
    i = (size_t)hash & (cap - 1);
    while (!is_empty(&table[i]) && memcmp(table[i].id, id, MK_ID) != 0)
        i = (i + 1) & (cap - 1);
    return &table[i];
}

static enum mk_err grow(struct mk_sessions *s)
{
    size_t cap = s->cap == 0 ? 256 : 2 * s->cap;
    struct mk_session *grown = calloc(cap, sizeof *grown);

    if (grown == NULL)
        return MK_E_MEMORY;
    for (size_t i = 0; i < s->cap; i++)
        if (!is_empty(&s->v[i]))
            *place_for(grown, cap, s->v[i].id) = s->v[i];
    free(s->v);
    s->v = grown;
    s->cap = cap;
    return MK_OK;
}

enum mk_err mk_sessions_add(struct mk_sessions *s, const struct mk_leaf *leaf)
{
    enum mk_err rc = MK_OK;
    struct mk_session *place;

    if (2 * (s->n + 1) > s->cap)
        MK_TRY(grow(s));
    place = place_for(s->v, s->cap, leaf->session);
    if (!is_empty(place))
        return MK_E_EXISTS;
    s->n++;
    memcpy(place->id, leaf->session, MK_ID);
    memcpy(place->rest, leaf->rest, sizeof place->rest);
out:
    return rc;
}

const struct mk_session *mk_sessions_find(const struct mk_sessions *s,
                                          const uint8_t id[static MK_ID])
{
    const struct mk_session *place;

    if (s->cap == 0)
        return NULL;
    place = place_for(s->v, s->cap, id);
    return is_empty(place) ? NULL : place;
}
