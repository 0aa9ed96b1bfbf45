/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/certificate.h"

#include "cmd/json.h"
#include "cmd/table.h"
#include "cmd/view.h"

#include "core/base/bytes.h"

#include <inttypes.h>
#include <string.h>

#define RECORD "record:\n"
#define ROW 32 /* bytes of the record in a line */

static enum mk_err line(struct mk_buf *out, const char *name,
                        const char *value)
{
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out, "%s: ", name));
    MK_TRY(mk_visible_add(out, value));
    MK_TRY(mk_buf_add_str(out, "\n"));
out:
    return rc;
}

/* Who did it, with the name and, for ever the same, the id. */
static enum mk_err person(struct mk_app *app, struct mk_buf *out,
                          const char *what, const uint8_t id[static 16])
{
    enum mk_err rc;
    char hex[33];
    mk_hex(hex, id, 16);
    MK_TRY(mk_buf_addf(out, "%s: ", what));
    MK_TRY(mk_visible_add(out, mk_member_name(app, id)));
    MK_TRY(mk_buf_addf(out, " (%s)\n", hex));
out:
    return rc;
}

static enum mk_err add_people(struct mk_app *app,
                              const struct mk_certificate *c,
                              struct mk_buf *out)
{
    enum mk_err rc;
    MK_TRY(person(app, out, MK_T(app, "voorgesteld door", "proposed by"),
                  c->proposed_by));
    MK_TRY(person(app, out, MK_T(app, "akkoord van", "approved by"),
                  c->approved_by));
    MK_TRY(person(app, out, MK_T(app, "uitgevoerd door", "carried out by"),
                  c->destroyed_by));
out:
    return rc;
}

/* What has gone when: the key now, the last copy later. */
static enum mk_err add_reach(struct mk_app *app,
                             const struct mk_certificate *c,
                             struct mk_buf *out)
{
    enum mk_err rc;
    char moment[20];
    mk_date_format_moment(moment, c->complete_ms);
    MK_TRY(line(
        out, MK_T(app, "sleutel", "key"),
        c->erased ? MK_T(app, "gewist", "erased")
                  : MK_T(app,
                         "nog niet gewist: een kopie van de bewaarsleutels is "
                         "niet bereikbaar of wijkt af",
                         "not erased yet: a copy of the retention keys cannot "
                         "be reached, or differs")));
    MK_TRY(line(out, MK_T(app, "volledig", "complete"),
                c->erased ? moment
                          : MK_T(app, "nog niet: eerst moet de sleutel weg",
                                 "not yet: the key has to go first")));
out:
    return rc;
}

static size_t row_at(const struct mk_buf *record, size_t at)
{
    return record->len - at < ROW ? record->len - at : ROW;
}

static enum mk_err add_record(const struct mk_buf *record, struct mk_buf *out)
{
    enum mk_err rc;
    char hex[2 * ROW + 1];
    MK_TRY(mk_buf_add_str(out, RECORD));
    for (size_t at = 0; at < record->len; at += ROW) {
        mk_hex(hex, record->data + at, row_at(record, at));
        MK_TRY(mk_buf_addf(out, " %s\n", hex));
    }
out:
    return rc;
}

enum mk_err mk_certificate_text(struct mk_app *app,
                                const struct mk_certificate *c,
                                struct mk_buf *out)
{
    enum mk_err rc;
    char tag[MK_TAG_TEXT], day[MK_DATE_TEXT], moment[20], store[33];
    mk_tag_format(tag, c->dossier);
    mk_date_format(day, c->ended);
    mk_date_format_moment(moment, c->time_ms);
    mk_hex(store, c->store, sizeof c->store);
    MK_TRY(mk_buf_addf(out, "%s\n\n",
                       MK_T(app, "CERTIFICAAT VAN VERNIETIGING",
                            "CERTIFICATE OF DESTRUCTION")));
    MK_TRY(line(out, "dossier", tag));
    MK_TRY(line(out, MK_T(app, "stand", "state"),
                mk_state_label(MK_STATE_VERNIETIGD, app->english)));
    MK_TRY(line(out, MK_T(app, "kluis", "vault"),
                mk_keyring_origin(mk_vault_keyring(app->vault))));
    MK_TRY(
        line(out, MK_T(app, "nummer van de kluis", "id of the vault"), store));
    MK_TRY(line(out, MK_T(app, "vernietigd op", "destroyed on"), moment));
    if (c->again)
        MK_TRY(line(out, MK_T(app, "opnieuw", "anew"),
                    MK_T(app, "nadat een kopie was teruggezet",
                         "after a copy had been put back")));
    MK_TRY(line(out, MK_T(app, "selectielijst", "selection list"), c->item));
    MK_TRY(mk_buf_addf(out,
                       MK_T(app,
                            "termijn: %" PRIu32 " maanden, vanaf %s\n"
                            "gebeurtenissen: %" PRIu64 "\n"
                            "voorstel: %" PRIu64 "\n",
                            "term: %" PRIu32 " months, from %s\n"
                            "events: %" PRIu64 "\n"
                            "proposal: %" PRIu64 "\n"),
                       c->months, day, c->entries, c->number));
    MK_TRY(add_people(app, c, out));
    MK_TRY(add_reach(app, c, out));
    MK_TRY(add_record(&c->record, out));
out:
    return rc;
}

enum mk_err mk_certificate_json(struct mk_app *app,
                                const struct mk_certificate *c,
                                struct mk_buf *out)
{
    struct mk_json j;
    char moment[20];
    mk_json_begin(&j, out);
    mk_json_tag(&j, "tag", c->dossier);
    mk_json_str(&j, "state", mk_state_slug(MK_STATE_VERNIETIGD));
    mk_json_hex(&j, "store", c->store, sizeof c->store);
    mk_date_format_moment(moment, c->time_ms);
    mk_json_str(&j, "destroyed", moment);
    mk_json_bool(&j, "again", c->again);
    mk_json_str(&j, "item", c->item);
    mk_json_num(&j, "months", c->months);
    mk_json_day(&j, "ended", c->ended);
    mk_json_num(&j, "events", (int64_t)c->entries);
    mk_json_num(&j, "proposal", (int64_t)c->number);
    mk_json_str(&j, "proposed_by", mk_member_name(app, c->proposed_by));
    mk_json_str(&j, "approved_by", mk_member_name(app, c->approved_by));
    mk_json_str(&j, "destroyed_by", mk_member_name(app, c->destroyed_by));
    mk_json_bool(&j, "erased", c->erased);
    mk_date_format_moment(moment, c->complete_ms);
    if (c->erased)
        mk_json_str(&j, "complete", moment);
    else
        mk_json_null(&j, "complete");
    mk_json_array(&j, "record"); /* as the lines of the text */
    for (size_t at = 0; at < c->record.len; at += ROW)
        mk_json_hex(&j, NULL, c->record.data + at, row_at(&c->record, at));
    mk_json_end(&j);
    return mk_json_finish(&j);
}

/* --- reading --- */

static bool digit(char c, uint8_t *value)
{
    if (c >= '0' && c <= '9')
        *value = (uint8_t)(c - '0');
    else if (c >= 'a' && c <= 'f')
        *value = (uint8_t)(c - 'a' + 10);
    else
        return false;
    return true;
}

enum mk_err mk_certificate_read(const struct mk_buf *text,
                                struct mk_buf *record, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    static const char before[] = "\n" RECORD;
    const char *p = text->len == 0 ? NULL
                                   : memmem(text->data, text->len, before,
                                            sizeof before - 1);
    const char *end = (const char *)text->data + text->len;
    uint8_t high, low;
    if (p == NULL)
        return mk_fail(diag, MK_E_CERTIFICATE, NULL);
    for (p += sizeof before - 1; p < end && *p == ' '; p++) {
        for (p++; end - p >= 2 && digit(p[0], &high) && digit(p[1], &low);
             p += 2)
            MK_TRY(mk_buf_add_u8(record, (uint8_t)(high << 4 | low)));
        if (p == end || *p != '\n')
            return mk_fail(diag, MK_E_CERTIFICATE, NULL);
    }
    if (record->len == 0)
        rc = mk_fail(diag, MK_E_CERTIFICATE, NULL);
out:
    return rc;
}
