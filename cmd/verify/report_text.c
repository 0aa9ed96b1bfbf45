/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * intact: yes; 120 entries ...
 *     a note
 * complete: no; witness ...
 *     what else failed
 */
#include "cmd/verify/report.h"

#include <string.h>

#include "core/base/bytes.h"

static const char *const names[MK_VF_VERDICTS][2] = {
    {"ongeschonden", "intact"},
    {"volledig", "complete"},
    {"toegestaan", "allowed"},
};

static const char *word(const struct mk_vf_opinion *o, bool english)
{
    if (o->failed > 0)
        return english ? "no" : "nee";
    if (o->judged)
        return english ? "yes" : "ja";
    return english ? "not judged" : "niet beoordeeld";
}

static enum mk_err add_line(struct mk_buf *out, const struct mk_vf_finding *f,
                            bool english)
{
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(out, "    "));
    MK_TRY(mk_vf_sentence(out, f, english));
    MK_TRY(mk_buf_add_str(out, "\n"));
out:
    return rc;
}

static enum mk_err add_opinion(struct mk_buf *out,
                               const struct mk_vf_opinion *o, const char *name,
                               bool english)
{
    enum mk_err rc;
    const struct mk_vf_finding *why = o->failed > 0 ? &o->kept[0] : &o->reason;

    MK_TRY(mk_buf_addf(out, "%s: %s; ", name, word(o, english)));
    MK_TRY(mk_vf_sentence(out, why, english));
    MK_TRY(mk_buf_add_str(out, "\n"));
    for (size_t i = 1; i < o->n; i++)
        MK_TRY(add_line(out, &o->kept[i], english));
    if (o->failed > o->n)
        MK_TRY(mk_buf_addf(
            out, english ? "    ... and %llu more\n" : "    ... en nog %llu\n",
            (unsigned long long)(o->failed - o->n)));
    for (size_t i = 0; i < o->n_notes; i++)
        MK_TRY(add_line(out, &o->notes[i], english));
out:
    return rc;
}

static const struct {
    const char *slug, *nl, *en;
} kinds[MK_VF_KINDS] = {
#define MK_AUDIT(number, NAME, slug, nl, en, object, roles, action) \
    [number] = {slug, nl, en},
#include "core/defs/audit.def"
#undef MK_AUDIT
};

static enum mk_err add_kinds(struct mk_buf *out, const struct mk_vf_report *r,
                             bool english)
{
    enum mk_err rc = MK_OK;

    for (size_t i = 0; i < MK_VF_KINDS; i++)
        if (r->n_kinds[i] > 0 && kinds[i].slug)
            MK_TRY(mk_buf_addf(out, "    %8llu  %s\n",
                               (unsigned long long)r->n_kinds[i],
                               english ? kinds[i].en : kinds[i].nl));
out:
    return rc;
}

enum mk_err mk_vf_text(struct mk_buf *out, const struct mk_vf_report *r,
                       bool english)
{
    enum mk_err rc = MK_OK;

    for (size_t i = 0; i < MK_VF_VERDICTS; i++)
        MK_TRY(add_opinion(out, &r->verdict[i], names[i][english], english));
    MK_TRY(add_kinds(out, r, english));
out:
    return rc;
}

/* ---- JSON (RFC 8259) ---- */

static enum mk_err add_string(struct mk_buf *out, const uint8_t *p, size_t n)
{
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(out, "\""));
    /* what is hidden or no text was made visible before: two are left */
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '"' || p[i] == '\\')
            MK_TRY(mk_buf_add_str(out, "\\"));
        MK_TRY(mk_buf_add_u8(out, p[i]));
    }
    MK_TRY(mk_buf_add_str(out, "\""));
out:
    return rc;
}

static enum mk_err add_sentence(struct mk_buf *out,
                                const struct mk_vf_finding *f, bool english)
{
    struct mk_buf text = MK_BUF_INIT;
    enum mk_err rc;
    MK_TRY(mk_vf_sentence(&text, f, english));
    MK_TRY(add_string(out, text.data, text.len));
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err add_findings(struct mk_buf *out, const char *key,
                                const struct mk_vf_finding *list, size_t n,
                                bool english)
{
    enum mk_err rc;

    MK_TRY(mk_buf_addf(out, ",\"%s\":[", key));
    for (size_t i = 0; i < n; i++) {
        MK_TRY(mk_buf_addf(out, "%s{\"code\":\"%s\",\"a\":%llu,\"b\":%llu",
                           i > 0 ? "," : "", mk_vf_slug(list[i].code),
                           (unsigned long long)list[i].a,
                           (unsigned long long)list[i].b));
        MK_TRY(mk_buf_add_str(out, ",\"text\":"));
        MK_TRY(add_sentence(out, &list[i], english));
        MK_TRY(mk_buf_add_str(out, "}"));
    }
    MK_TRY(mk_buf_add_str(out, "]"));
out:
    return rc;
}

static enum mk_err add_json_opinion(struct mk_buf *out,
                                    const struct mk_vf_opinion *o,
                                    const char *name, bool english)
{
    enum mk_err rc;
    const char *verdict = o->failed > 0 ? "no"
                          : o->judged   ? "yes"
                                        : "not-judged";

    MK_TRY(mk_buf_addf(out, ",\"%s\":{\"verdict\":\"%s\",\"failed\":%llu",
                       name, verdict, (unsigned long long)o->failed));
    MK_TRY(mk_buf_add_str(out, ",\"reason\":"));
    MK_TRY(
        add_sentence(out, o->failed > 0 ? &o->kept[0] : &o->reason, english));
    MK_TRY(add_findings(out, "findings", o->kept, o->n, english));
    MK_TRY(add_findings(out, "notes", o->notes, o->n_notes, english));
    MK_TRY(mk_buf_add_str(out, "}"));
out:
    return rc;
}

static enum mk_err add_json_kinds(struct mk_buf *out,
                                  const struct mk_vf_report *r)
{
    enum mk_err rc;
    const char *comma = "";

    MK_TRY(mk_buf_add_str(out, ",\"kinds\":{"));
    for (size_t i = 0; i < MK_VF_KINDS; i++)
        if (r->n_kinds[i] > 0 && kinds[i].slug) {
            MK_TRY(mk_buf_addf(out, "%s\"%s\":%llu", comma, kinds[i].slug,
                               (unsigned long long)r->n_kinds[i]));
            comma = ",";
        }
    MK_TRY(mk_buf_add_str(out, "}"));
out:
    return rc;
}

enum mk_err mk_vf_json(struct mk_buf *out, const struct mk_vf_report *r,
                       bool english)
{
    enum mk_err rc;
    char store[33], root[65];

    mk_hex(store, r->store, sizeof r->store);
    mk_hex(root, r->root, sizeof r->root);
    /* an origin is printable ASCII: it was checked before it came here */
    MK_TRY(mk_buf_add_str(out, "{\"schema\":1,\"origin\":"));
    MK_TRY(add_string(out, (const uint8_t *)r->origin, strlen(r->origin)));
    MK_TRY(mk_buf_addf(
        out,
        ",\"store\":\"%s\",\"size\":%llu,\"root\":\"%s\",\"heads\":%llu,"
        "\"signatures\":%llu,\"statements\":%llu,\"register\":%llu,"
        "\"pruned\":%llu,\"opened\":%llu,\"refused\":%llu,"
        "\"failed_unlocks\":%llu",
        store, (unsigned long long)r->size, root, (unsigned long long)r->heads,
        (unsigned long long)r->signatures, (unsigned long long)r->statements,
        (unsigned long long)r->registers, (unsigned long long)r->pruned,
        (unsigned long long)r->opened, (unsigned long long)r->refused,
        (unsigned long long)r->failed_unlocks));
    for (size_t i = 0; i < MK_VF_VERDICTS; i++)
        MK_TRY(add_json_opinion(out, &r->verdict[i], names[i][1], english));
    MK_TRY(add_json_kinds(out, r));
    MK_TRY(mk_buf_add_str(out, "}\n"));
out:
    return rc;
}
