/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/destroy_ask.h"

#include "cmd/member.h"
#include "cmd/table.h"
#include "cmd/view.h"

#include <inttypes.h>

static enum mk_err add_item(struct mk_app *app, struct mk_buf *out,
                            const struct mk_destroy_item *item)
{
    enum mk_err rc;
    char tag[MK_TAG_TEXT], day[MK_DATE_TEXT] = "-";
    mk_tag_format(tag, item->dossier);
    if (item->ended != MK_DAY_NONE)
        mk_date_format(day, item->ended);
    MK_TRY(mk_buf_addf(out,
                       MK_T(app, "  %s, voorstel %" PRIu64 ", einde %s; ",
                            "  %s, proposal %" PRIu64 ", ended %s; "),
                       tag, item->number, day));
    MK_TRY(mk_visible_add(out, mk_member_name(app, item->by)));
    MK_TRY(mk_buf_add_str(out, "\n"));
out:
    return rc;
}

static bool is_due(const struct mk_destroy_item *item)
{
    return !item->held && (item->state == MK_DESTROY_APPROVED ||
                           item->state == MK_DESTROY_RESTORED);
}

/* number 0: what is due */
static enum mk_err ask(struct mk_app *app, uint64_t number,
                       const char *question)
{
    enum mk_err rc;
    struct mk_destroy_list list = {.n = 0};
    struct mk_buf text = MK_BUF_INIT;
    if (app->access.dry_run || !mk_member_can_ask(app))
        return MK_OK;
    MK_TRY(mk_destroy_list(app->vault, &list, &app->diag));
    for (size_t i = 0; i < list.n; i++) {
        const struct mk_destroy_item *item = &list.v[i];
        if (number
                ? item->state == MK_DESTROY_PROPOSED && item->number == number
                : is_due(item))
            MK_TRY(add_item(app, &text, item));
    }
    if (text.len != 0)
        MK_TRY(mk_member_confirm(app, &text, question));
out:
    mk_destroy_list_release(&list);
    mk_buf_release(&text);
    return rc;
}

enum mk_err mk_ask_approve(struct mk_app *app, uint64_t number)
{
    return ask(app, number,
               MK_T(app, "Mag dit dossier voorgoed worden vernietigd?",
                    "May this dossier be destroyed for good?"));
}

enum mk_err mk_ask_destroy(struct mk_app *app)
{
    return ask(app, 0,
               MK_T(app, "Dit is niet terug te draaien. Vernietigen?",
                    "This cannot be undone. Destroy?"));
}
