/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/year_rule.h"

#include <inttypes.h>

#include "reports/fill.h"
#include "reports/say.h"
#include "reports/words.h"

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
    bool en = f->english;
    char threshold[MK_CELL_TEXT], min[MK_CELL_TEXT], share[MK_CELL_TEXT];
    const struct mk_fill with[] = {
        {"threshold", threshold},
        {"zeros", r->zeros_protected ? mk_say(en, "may be hidden too")
                                     : mk_say(en, "are printed")},
        {"insider", r->insider ? mk_say(en, "yes") : mk_say(en, "no")},
        {"group", r->group_category && r->group_reporter
                      ? mk_say(en, "category and reporter")
                  : r->group_category ? mk_say(en, "category")
                  : r->group_reporter ? mk_say(en, "reporter")
                                      : mk_say(en, "nothing")},
        {"min", min},
        {"share", share},
    };
    mk_words_number(threshold, f->threshold, en);
    mk_words_number(min, r->contributors_min, en);
    mk_words_number(share, r->contributors_share, en);
    return mk_fill(
        out,
        mk_say(en,
               " The policy of this publication: threshold {threshold}; "
               "zeros {zeros}; protected against whoever knows one dossier: "
               "{insider}; groups are looked at along {group}; behind a "
               "figure stand at least {min} sites and persons, each for at "
               "most {share} %."),
        with, sizeof with / sizeof with[0]);
}
