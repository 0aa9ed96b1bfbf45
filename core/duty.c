/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/duty.h"

unsigned mk_mtbp_derive(unsigned accused,
                        const struct mk_domain_settings *settings)
{
    const struct mk_code *code = mk_code_get(MK_LIST_ACCUSED, accused);
    if (!code || code->list != MK_LIST_ACCUSED || accused == MK_ACCUSED_OB)
        return MK_YN_ONB;
    if (accused == MK_ACCUSED_HO)
        return settings->houder_is_mtbp ? MK_YN_J : MK_YN_N;
    return code->flags & MK_CODE_MTBP ? MK_YN_J : MK_YN_N;
}

/* J and N are sure; whatever else was said, or nothing, is not. */
static unsigned yes_no(unsigned code)
{
    return code == MK_YN_J || code == MK_YN_N ? code : MK_YN_ONB;
}

static unsigned is_childcare(unsigned sector)
{
    const struct mk_code *code = mk_code_get(MK_LIST_SECTOR, sector);
    if (!code || code->list != MK_LIST_SECTOR)
        return MK_YN_ONB;
    return sector == MK_SECTOR_KO ? MK_YN_J : MK_YN_N;
}

/* A possible sexual offence (Titel XIV) or ill-treatment (Titel XX). */
static unsigned is_offence(unsigned qualification)
{
    switch (qualification) {
    case MK_QUALIFICATION_XIV:
    case MK_QUALIFICATION_XX:
        return MK_YN_J;
    case MK_QUALIFICATION_GEEN:
        return MK_YN_N;
    default:
        return MK_YN_ONB;
    }
}

unsigned mk_duty_derive(const struct mk_fields *facts,
                        const struct mk_domain_settings *settings)
{
    const unsigned condition[] = {
        is_childcare(mk_fields_code(facts, MK_F_SECTOR)),
        yes_no(mk_fields_code(facts, MK_F_IN_CARE)),
        yes_no(mk_fields_code(facts, MK_F_VICTIM_MINOR)),
        mk_mtbp_derive(mk_fields_code(facts, MK_F_ACCUSED), settings),
        is_offence(mk_fields_code(facts, MK_F_QUALIFICATION)),
    };
    unsigned duty = MK_YN_J;
    for (size_t i = 0; i < sizeof(condition) / sizeof(condition[0]); i++) {
        if (condition[i] == MK_YN_N)
            return MK_YN_N;
        if (condition[i] == MK_YN_ONB)
            duty = MK_YN_ONB;
    }
    return duty;
}

unsigned mk_statute_derive(const struct mk_fields *facts)
{
    mk_day first = mk_fields_day(facts, MK_F_OCCURRED);
    mk_day last = mk_fields_last_day(facts, MK_F_OCCURRED);
    mk_day new_text = mk_date_day(2024, 7, 1);
    if (first == MK_DAY_NONE)
        return MK_STATUTE_ONB;
    if (last < new_text)
        return MK_STATUTE_OUD;
    return first < new_text ? MK_STATUTE_ONB : MK_STATUTE_NIEUW;
}

/* Weights 9..2 and -1: the 11-proof of the LRK. */
static bool passes_eleven(const struct mk_buf *digits)
{
    int sum = 0;
    for (int i = 0; i < 8; i++)
        sum += (9 - i) * (digits->data[i] - '0');
    sum -= digits->data[8] - '0';
    return sum % 11 == 0;
}

enum mk_lrk_verdict mk_lrk_check(const struct mk_value *lrk,
                                 unsigned care_type)
{
    if (!lrk || lrk->text.len != 9 || passes_eleven(&lrk->text))
        return MK_LRK_GOOD;
    switch (care_type) {
    case MK_CARE_TYPE_KDV:
    case MK_CARE_TYPE_BSO:
    case MK_CARE_TYPE_GOB:
        return MK_LRK_WRONG;
    default:
        return MK_LRK_DOUBTFUL;
    }
}
