/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 *   TimeStampResp ::= SEQUENCE {
 *     status          SEQUENCE { INTEGER (0, 1: granted), ... },
 *     timeStampToken  SEQUENCE {                        -- if granted
 *       id-signedData,
 *       [0] SEQUENCE {                                  -- SignedData
 *         INTEGER 3, SET digestAlgorithms,
 *         SEQUENCE { id-ct-TSTInfo, [0] OCTET STRING TSTInfo },
 *         ... } } }
 *   TSTInfo ::= SEQUENCE {
 *     INTEGER 1, OID policy,
 *     SEQUENCE { SEQUENCE { id-sha256, NULL OPTIONAL }, OCTET STRING },
 *     INTEGER serial, GeneralizedTime, ... }
 */
#include "core/tsr.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/base/date.h"
#include "core/base/num.h"

enum {
    INTEGER = 0x02,
    OCTETS = 0x04,
    NULL_ = 0x05,
    OID = 0x06,
    GENERALIZED_TIME = 0x18,
    SEQUENCE = 0x30,
    SET = 0x31,
    EXPLICIT_0 = 0xa0,
};

/* --- DER --- */

/* The length at the front of r, in its one shortest form. */
static size_t take_length(struct mk_reader *r)
{
    const uint8_t first = mk_read_u8(r);
    size_t n = 0;

    if (first < 0x80)
        return first;
    if (first < 0x81 || first > 0x83) {
        r->bad = true;
        return 0;
    }
    for (uint8_t i = 0x80; i < first; i++)
        n = n << 8 | mk_read_u8(r);
    if (n < 0x80 || (first > 0x81 && n >> 8 * (first - 0x81) == 0))
        r->bad = true;
    return n;
}

/* What stands inside the next element, which has that tag; whatever is wrong
 * in it shows in in->bad. */
static void take(struct mk_reader *r, uint8_t tag, struct mk_reader *in)
{
    const uint8_t *p;
    size_t n;

    if (mk_read_u8(r) != tag)
        r->bad = true;
    n = take_length(r);
    p = mk_read_bytes(r, n);
    mk_reader_init(in, p, r->bad ? 0 : n);
    in->bad = r->bad;
}

static bool is_next(const struct mk_reader *r, uint8_t tag)
{
    return r->left > 0 && r->p[0] == tag;
}

static bool is_bytes(const struct mk_reader *in, const void *p, size_t n)
{
    return !in->bad && in->left == n && memcmp(in->p, p, n) == 0;
}

/* --- what is in it --- */

/* YYYYMMDDHHMMSS[.f]Z, no zero at the end of the fraction. */
static bool read_time(const struct mk_reader *in, int64_t *out)
{
    static const struct {
        size_t at, n;
        uint64_t max;
    } parts[6] = {{0, 4, 9999}, {4, 2, 12},  {6, 2, 31},
                  {8, 2, 23},   {10, 2, 59}, {12, 2, 60}};
    const char *text = (const char *)in->p;
    uint64_t v[6];

    if (in->bad || in->left < 15 || text[in->left - 1] != 'Z')
        return false;
    for (size_t i = 0; i < 6; i++) {
        const char *p = text + parts[i].at;
        size_t n = parts[i].n;

        for (; n > 1 && *p == '0'; n--)
            p++;
        if (!mk_num_parse(p, n, 0, parts[i].max, &v[i]))
            return false;
    }
    if (v[0] < 1970 || !mk_date_valid((int)v[0], (int)v[1], (int)v[2]))
        return false;
    if (in->left > 15) {
        if (text[14] != '.' || in->left == 16 || text[in->left - 2] == '0')
            return false;
        for (size_t i = 15; i + 1 < in->left; i++)
            if (text[i] < '0' || text[i] > '9')
                return false;
    }
    *out = (int64_t)mk_date_day((int)v[0], (int)v[1], (int)v[2]) * 86400 +
           (int64_t)(v[3] * 3600 + v[4] * 60 + v[5]);
    return true;
}

static bool read_imprint(struct mk_reader *info, uint8_t out[static MK_HASH])
{
    static const uint8_t sha256[] = {0x60, 0x86, 0x48, 0x01, 0x65,
                                     0x03, 0x04, 0x02, 0x01};
    struct mk_reader imprint, algorithm, oid, none, hash;

    take(info, SEQUENCE, &imprint);
    take(&imprint, SEQUENCE, &algorithm);
    take(&algorithm, OID, &oid);
    if (is_next(&algorithm, NULL_)) {
        take(&algorithm, NULL_, &none);
        if (!mk_reader_done(&none))
            return false;
    }
    take(&imprint, OCTETS, &hash);
    if (!is_bytes(&oid, sha256, sizeof sha256) ||
        !mk_reader_done(&algorithm) || !mk_reader_done(&imprint) || hash.bad ||
        hash.left != MK_HASH)
        return false;
    memcpy(out, hash.p, MK_HASH);
    return true;
}

static bool read_info(struct mk_tsr *out, struct mk_reader *octets)
{
    struct mk_reader info, version, policy, serial, time;

    take(octets, SEQUENCE, &info);
    take(&info, INTEGER, &version);
    take(&info, OID, &policy);
    if (!is_bytes(&version, "\1", 1) || policy.bad || policy.left == 0 ||
        !read_imprint(&info, out->imprint))
        return false;
    take(&info, INTEGER, &serial);
    take(&info, GENERALIZED_TIME, &time);
    return !serial.bad && serial.left > 0 && read_time(&time, &out->time) &&
           mk_reader_done(octets);
}

static bool read_token(struct mk_tsr *out, struct mk_reader *answer)
{
    static const uint8_t signed_data[] = {0x2a, 0x86, 0x48, 0x86, 0xf7,
                                          0x0d, 0x01, 0x07, 0x02};
    static const uint8_t tst_info[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
                                       0x01, 0x09, 0x10, 0x01, 0x04};
    struct mk_reader token, type, outer, data, version, digests;
    struct mk_reader content, kind, inner, octets;

    take(answer, SEQUENCE, &token);
    take(&token, OID, &type);
    take(&token, EXPLICIT_0, &outer);
    take(&outer, SEQUENCE, &data);
    take(&data, INTEGER, &version);
    take(&data, SET, &digests);
    take(&data, SEQUENCE, &content);
    take(&content, OID, &kind);
    take(&content, EXPLICIT_0, &inner);
    take(&inner, OCTETS, &octets);
    return is_bytes(&type, signed_data, sizeof signed_data) &&
           is_bytes(&version, "\3", 1) && !digests.bad &&
           is_bytes(&kind, tst_info, sizeof tst_info) && !octets.bad &&
           mk_reader_done(&inner) && mk_reader_done(&content) &&
           mk_reader_done(&outer) && mk_reader_done(&token) &&
           read_info(out, &octets);
}

bool mk_tsr_read(struct mk_tsr *out, const void *p, size_t n)
{
    struct mk_reader all, answer, info, status;

    memset(out, 0, sizeof *out);
    if (n > MK_TSR_MAX)
        return false;
    mk_reader_init(&all, p, n);
    take(&all, SEQUENCE, &answer);
    take(&answer, SEQUENCE, &info);
    take(&info, INTEGER, &status);
    if (!mk_reader_done(&all) || info.bad || status.bad || status.left != 1)
        return false;
    out->granted = status.p[0] <= 1;
    if (!out->granted)
        return mk_reader_done(&answer);
    return read_token(out, &answer) && mk_reader_done(&answer);
}
