/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/year_rule.h"

#include <inttypes.h>

enum mk_err mk_year_rule(struct mk_buf *out, const struct mk_factsheet *f)
{
    const struct mk_rule *r = &f->rule;
    bool both = r->group_category && r->group_reporter;
    return mk_buf_addf(
        out,
        "\"threshold\":%" PRIu64
        ",\"zeros\":\"%s\",\"insider\":%s,\"group\":[%s%s%s],"
        "\"cost\":\"weighted\",\"contributors\":{\"tags\":[\"site\","
        "\"accused\"],\"min\":%" PRIu64 ",\"share\":%d.%02d}",
        f->threshold, r->zeros_protected ? "protected" : "published",
        r->insider ? "true" : "false", r->group_category ? "\"category\"" : "",
        both ? "," : "", r->group_reporter ? "\"reporter\"" : "",
        r->contributors_min, (int)(r->contributors_share / 100),
        (int)(r->contributors_share % 100));
}

enum mk_err mk_year_rule_words(struct mk_buf *out,
                               const struct mk_factsheet *f)
{
    const struct mk_rule *r = &f->rule;
    const char *zeros =
        r->zeros_protected
            ? (f->english ? "may be hidden too" : "kunnen ook verborgen zijn")
            : (f->english ? "are printed" : "staan er");
    const char *insider = r->insider ? (f->english ? "yes" : "ja")
                                     : (f->english ? "no" : "nee");
    const char *group =
        r->group_category && r->group_reporter
            ? (f->english ? "category and reporter" : "categorie en melder")
        : r->group_category ? (f->english ? "category" : "categorie")
        : r->group_reporter ? (f->english ? "reporter" : "melder")
                            : (f->english ? "nothing" : "niets");
    return mk_buf_addf(
        out,
        f->english
            ? " The policy of this publication: threshold %" PRIu64
              "; zeros %s; protected against whoever knows one dossier: %s; "
              "groups are looked at along %s; behind a figure stand at least "
              "%" PRIu64 " sites and persons, none for more than %" PRIu64
              " %%."
            : " Het beleid van deze uitgave: drempel %" PRIu64
              "; nullen %s; beschermd tegen wie een dossier kent: %s; naar "
              "groepen is gekeken langs %s; achter een aantal staan ten "
              "minste %" PRIu64 " locaties en personen, geen voor meer dan "
              "%" PRIu64 " %%.",
        f->threshold, zeros, insider, group, r->contributors_min,
        r->contributors_share);
}
