/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Better patterns by chance: publish a few, repair at other prices, publish
 * what is not needed; keep what is cheaper. */
#include <stdlib.h>
#include <string.h>

#include "reports/sdc/suppress.h"

#define MOST_PUBLISHED 6
#define BANNED 30.0 /* times the price of what was just published */

static bool tired(const struct mk_sdc_search *search)
{
    return *search->effort->work >= search->effort->improve;
}

/* Publishes a few hidden classes, which become dear, and draws other prices. */
static void shake(struct mk_sdc_search *search, double *price)
{
    size_t n = 0, hidden = 0;
    for (size_t i = 0; i < search->n_open; i++) {
        uint32_t c = search->open[i];
        price[c] = search->cost[c] *
                   (1 + (double)mk_sdc_search_chance(search, 1000) / 1000);
        hidden += search->hidden[c];
    }
    size_t wanted = 1 + mk_sdc_search_chance(search, MOST_PUBLISHED);
    for (; n < wanted && hidden > 0; n++, hidden--) {
        size_t k = mk_sdc_search_chance(search, hidden);
        for (size_t i = 0; i < search->n_open; i++) {
            uint32_t c = search->open[i];
            if (!search->hidden[c] || k-- > 0)
                continue;
            mk_sdc_search_set(search, c, false);
            price[c] *= BANNED;
            break;
        }
    }
}

enum mk_err mk_sdc_search_improve(struct mk_sdc_search *search,
                                  double patience)
{
    size_t n = search->s->n_classes + 1, idle = 0;
    double *price = calloc(n, sizeof *price);
    bool *from = calloc(n, sizeof *from);
    double at = search->best_cost;
    enum mk_err rc = MK_E_MEMORY;
    search->judge->linear = true;
    if (!price || !from)
        goto out;
    rc = MK_OK;
    memcpy(from, search->best, search->s->n_classes * sizeof *from);
    while (!tired(search) && search->n_open > 0 &&
           (double)idle < patience * sqrt((double)search->n_open)) {
        bool safe;
        shake(search, price);
        MK_TRY(mk_sdc_search_repair(search, price, &safe));
        if (safe)
            MK_TRY(mk_sdc_search_publish(search));
        double cost = safe ? mk_sdc_search_cost(search) : INFINITY;
        idle++;
        if (cost < search->best_cost) {
            MK_TRY(mk_sdc_search_keep(search, &safe));
            if (safe)
                idle = 0;
        }
        if (cost <= at) {
            at = cost;
            memcpy(from, search->hidden, search->s->n_classes * sizeof *from);
        } else {
            mk_sdc_search_go(search, from);
        }
    }
    mk_sdc_search_go(search, search->best);
out:
    free(price);
    free(from);
    return rc;
}
