/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tags: what is misheard or mistyped is noticed. */
#include "core/tag.h"

#include "tests/support/unit.h"

#include <string.h>

static const char signs[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static bool reads(const char *text)
{
    uint8_t lo[16], hi[16];
    return mk_tag_parse(text, strlen(text), lo, hi);
}

/* Repeatable ids that differ in all places. */
static void sample_id(uint8_t id[16], uint32_t i)
{
    uint64_t x = (i + 1) * UINT64_C(0x9e3779b97f4a7c15);
    for (size_t k = 0; k < 16; k++) {
        x ^= x >> 29;
        x *= UINT64_C(0xbf58476d1ce4e5b9);
        id[k] = (uint8_t)(x >> 56);
    }
}

START_TEST(a_tag_gives_back_the_first_35_bits)
{
    for (uint32_t i = 0; i < 20000; i++) {
        uint8_t id[16], lo[16], hi[16];
        char tag[MK_TAG_TEXT];
        sample_id(id, i);
        mk_tag_format(tag, id);
        ck_assert_uint_eq(strlen(tag), 12);
        ck_assert(mk_tag_parse(tag, 12, lo, hi));
        ck_assert_int_le(memcmp(lo, id, 16), 0);
        ck_assert_int_ge(memcmp(hi, id, 16), 0);
        ck_assert_mem_eq(lo, id, 4);
        ck_assert_uint_eq(lo[4], id[4] & 0xe0);
        ck_assert_uint_eq(hi[4], id[4] | 0x1f);
        ck_assert_uint_eq(lo[15], 0);
        ck_assert_uint_eq(hi[15], 0xff);
    }
}
END_TEST

START_TEST(every_wrong_sign_is_noticed)
{
    for (uint32_t i = 0; i < 300; i++) {
        uint8_t id[16];
        char tag[MK_TAG_TEXT];
        sample_id(id, i);
        mk_tag_format(tag, id);
        for (size_t at = 3; at < 12; at++) {
            char right = tag[at];
            for (size_t s = 0; right != '-' && s < 32; s++) {
                tag[at] = signs[s];
                ck_assert_int_eq(reads(tag), signs[s] == right);
            }
            tag[at] = right;
        }
    }
}
END_TEST

START_TEST(every_exchange_of_two_signs_is_noticed)
{
    for (uint32_t i = 0; i < 2000; i++) {
        uint8_t id[16];
        char tag[MK_TAG_TEXT];
        sample_id(id, i);
        mk_tag_format(tag, id);
        for (size_t a = 3; a < 12; a++) {
            for (size_t b = a + 1; b < 12; b++) {
                char wrong[MK_TAG_TEXT];
                if (tag[a] == '-' || tag[b] == '-' || tag[a] == tag[b])
                    continue;
                memcpy(wrong, tag, sizeof(wrong));
                wrong[a] = tag[b];
                wrong[b] = tag[a];
                ck_assert_msg(!reads(wrong), "%s for %s", wrong, tag);
            }
        }
    }
}
END_TEST

START_TEST(the_tag_of_the_manual_is_one)
{
    ck_assert(reads("MK-7Q4D-K2XZ"));
    /* a vector: 35 zero bits, then 35 one bits */
    uint8_t id[16] = {0};
    char tag[MK_TAG_TEXT];
    mk_tag_format(tag, id);
    ck_assert_str_eq(tag, "MK-0000-000Z");
    memset(id, 0xff, sizeof(id));
    mk_tag_format(tag, id);
    ck_assert(reads(tag));
    ck_assert_mem_eq(tag, "MK-ZZZZ-ZZZ", 11);
}
END_TEST

START_TEST(a_tag_may_be_written_as_people_do)
{
    static const char *const good[] = {
        "MK-7Q4D-K2XZ", "mk-7q4d-k2xz", "MK7Q4DK2XZ",  "7Q4DK2XZ",
        "7q4d-k2xz",    "MK7Q4D-K2XZ",  "MK-7Q4DK2XZ", "Mk-7Q4d-k2Xz"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        ck_assert_msg(reads(good[i]), "%s", good[i]);
    ck_assert(reads("MK-oO0o-Ooo"
                    "Z"));
}
END_TEST

START_TEST(I_and_L_are_read_as_1_and_O_as_0)
{
    uint8_t id[16], lo[16], hi[16], lo2[16], hi2[16];
    size_t with_one = 0;
    for (uint32_t i = 0; i < 3000; i++) {
        char tag[MK_TAG_TEXT];
        sample_id(id, i);
        mk_tag_format(tag, id);
        ck_assert(mk_tag_parse(tag, 12, lo, hi));
        for (size_t k = 3; k < 12; k++) {
            if (tag[k] == '1') {
                tag[k] = i % 2 ? 'I' : 'l';
                with_one++;
            } else if (tag[k] == '0') {
                tag[k] = i % 2 ? 'O' : 'o';
            }
        }
        ck_assert(mk_tag_parse(tag, 12, lo2, hi2));
        ck_assert_mem_eq(lo, lo2, 16);
    }
    ck_assert_uint_gt(with_one, 100);
}
END_TEST

START_TEST(anything_else_is_no_tag)
{
    static const char *const bad[] = {"",
                                      "MK",
                                      "MK-",
                                      "7Q4D-K2X",
                                      "7Q4DK2XZ0",
                                      "MK-7Q4D-K2XU",
                                      "MK-7Q4D_K2XZ",
                                      "MK--7Q4D-K2XZ",
                                      "MK-7Q4-DK2XZ",
                                      "-7Q4DK2XZ",
                                      "MK-7Q4D-K2XZ ",
                                      " MK-7Q4D-K2XZ",
                                      "KM-7Q4D-K2XZ",
                                      "7Q4D-K2XZ-",
                                      "MK-MK-7Q4DK2XZ"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        ck_assert_msg(!reads(bad[i]), "%s", bad[i]);
    uint8_t lo[16], hi[16];
    ck_assert(!mk_tag_parse("7Q4DK2X\0", 8, lo, hi));
    ck_assert(!mk_tag_parse("7Q4DK2X\xc3", 8, lo, hi));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_tag_gives_back_the_first_35_bits,
        every_wrong_sign_is_noticed,
        every_exchange_of_two_signs_is_noticed,
        the_tag_of_the_manual_is_one,
        a_tag_may_be_written_as_people_do,
        I_and_L_are_read_as_1_and_O_as_0,
        anything_else_is_no_tag,
    };
    return UNIT_RUN("tag", tests, NULL);
}
