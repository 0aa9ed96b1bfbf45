/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of a record, and the record as a tail row (layout: stats_parts.h). */
#include "core/stats_parts.h"

#include "core/base/bytes.h"

#include <string.h>

#define VERSION 2
#define FIRST_VERSION 1 /* without a cause */
#define CAUSE 47
#define CODE_ONB 62 /* and 63, NR: the two top values of a column */
#define CODES 11    /* bytes of state and codes in a row */

static const uint8_t column_bits[MK_STATS_COLUMNS] = {
#define MK_STATS_COLUMN(NAME, bits, list) bits,
#include "core/defs/stats.def"
#undef MK_STATS_COLUMN
};

void mk_stats_values_of(const struct mk_stats_record *r,
                        uint8_t v[static MK_STATS_COLUMNS])
{
    v[MK_STATS_STATE] = r->state;
    v[MK_STATS_CATEGORY] = r->category;
    v[MK_STATS_CARE_TYPE] = r->care_type;
    v[MK_STATS_REPORTER] = r->reporter;
    v[MK_STATS_MTBP] = r->mtbp;
    v[MK_STATS_QUALIFICATION] = r->qualification;
    v[MK_STATS_DUTY] = r->duty;
    v[MK_STATS_DIRECT] = r->direct;
    v[MK_STATS_FLAGS] = (uint8_t)(r->red << 5 | r->referred << 4 |
                                  r->complaint << 3 | r->police_report << 2 |
                                  r->unmet_overleg << 1 | r->unmet_aangifte);
    v[MK_STATS_SECTOR] = r->sector;
    v[MK_STATS_ACCUSED] = r->accused;
    v[MK_STATS_VERDICT] = r->verdict;
    v[MK_STATS_CAUSE] = r->cause;
}

void mk_stats_values_set(struct mk_stats_record *r,
                         const uint8_t v[static MK_STATS_COLUMNS])
{
    unsigned flags = v[MK_STATS_FLAGS];
    r->state = v[MK_STATS_STATE];
    r->category = v[MK_STATS_CATEGORY];
    r->care_type = v[MK_STATS_CARE_TYPE];
    r->reporter = v[MK_STATS_REPORTER];
    r->mtbp = v[MK_STATS_MTBP];
    r->qualification = v[MK_STATS_QUALIFICATION];
    r->duty = v[MK_STATS_DUTY];
    r->direct = v[MK_STATS_DIRECT];
    r->red = flags >> 5 & 1;
    r->referred = flags >> 4 & 1;
    r->complaint = flags >> 3 & 1;
    r->police_report = flags >> 2 & 1;
    r->unmet_overleg = flags >> 1 & 1;
    r->unmet_aangifte = flags & 1;
    r->sector = v[MK_STATS_SECTOR];
    r->accused = v[MK_STATS_ACCUSED];
    r->verdict = v[MK_STATS_VERDICT];
    r->cause = v[MK_STATS_CAUSE];
}

bool mk_stats_is_code(size_t column)
{
    return column != MK_STATS_STATE && column != MK_STATS_FLAGS &&
           column != MK_STATS_CAUSE;
}

bool mk_stats_fits(const struct mk_stats_record *r)
{
    uint8_t v[MK_STATS_COLUMNS];
    mk_stats_values_of(r, v);
    for (size_t c = 0; c < MK_STATS_COLUMNS; c++) {
        unsigned values = 1u << column_bits[c];
        bool all = !mk_stats_is_code(c);
        bool unknown = !all && (v[c] == CODE_ONB || v[c] == CODE_ONB + 1);
        if (!unknown && v[c] >= (all ? values : values - 2))
            return false;
    }
    return true;
}

void mk_stats_row_encode(uint8_t out[static MK_STATS_ROW_PLAIN],
                         const struct mk_stats_record *r)
{
    uint8_t v[MK_STATS_COLUMNS];
    mk_stats_values_of(r, v);
    const uint8_t codes[CODES] = {
        r->state,    r->sector,  r->category,      r->care_type,
        r->reporter, r->accused, r->qualification, r->mtbp,
        r->duty,     r->direct,  r->verdict,
    };
    memset(out, 0, MK_STATS_ROW_PLAIN);
    out[0] = VERSION;
    mk_put_u64(out + 1, r->ordinal);
    mk_put_u32(out + 9, mk_stats_day_put(r->recorded));
    mk_put_u32(out + 13, mk_stats_day_put(r->received));
    memcpy(out + 17, codes, CODES);
    mk_put_u16(out + 28, r->extra);
    out[30] = (uint8_t)(v[MK_STATS_FLAGS] | r->site_empty << 6 |
                        r->accused_empty << 7);
    memcpy(out + 31, r->site, sizeof r->site);
    memcpy(out + 39, r->accused_tag, sizeof r->accused_tag);
    out[CAUSE] = r->cause;
}

bool mk_stats_row_decode(struct mk_stats_record *r,
                         const uint8_t in[static MK_STATS_ROW_PLAIN])
{
    static const uint8_t zero[4];
    size_t rest = in[0] == FIRST_VERSION ? CAUSE : CAUSE + 1;
    const uint8_t *codes = in + 17;
    const uint8_t v[MK_STATS_COLUMNS] = {
        [MK_STATS_STATE] = codes[0],         [MK_STATS_SECTOR] = codes[1],
        [MK_STATS_CATEGORY] = codes[2],      [MK_STATS_CARE_TYPE] = codes[3],
        [MK_STATS_REPORTER] = codes[4],      [MK_STATS_ACCUSED] = codes[5],
        [MK_STATS_QUALIFICATION] = codes[6], [MK_STATS_MTBP] = codes[7],
        [MK_STATS_DUTY] = codes[8],          [MK_STATS_DIRECT] = codes[9],
        [MK_STATS_VERDICT] = codes[10],      [MK_STATS_FLAGS] = in[30] & 0x3f,
        [MK_STATS_CAUSE] = in[CAUSE],
    };
    *r = (struct mk_stats_record){
        .ordinal = mk_get_u64(in + 1),
        .recorded = mk_stats_day_get(mk_get_u32(in + 9)),
        .received = mk_stats_day_get(mk_get_u32(in + 13)),
        .extra = mk_get_u16(in + 28),
        .site_empty = in[30] >> 6 & 1,
        .accused_empty = in[30] >> 7 & 1,
    };
    mk_stats_values_set(r, v);
    memcpy(r->site, in + 31, sizeof r->site);
    memcpy(r->accused_tag, in + 39, sizeof r->accused_tag);
    return (in[0] == FIRST_VERSION || in[0] == VERSION) &&
           memcmp(in + rest, zero, MK_STATS_ROW_PLAIN - rest) == 0 &&
           mk_stats_fits(r);
}
