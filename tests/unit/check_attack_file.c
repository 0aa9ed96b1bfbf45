/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes and pages changed by somebody who has no key at all.  What is found
 * afterwards is an integrity error, or exactly what was there before.
 */
#include <stdio.h>
#include <string.h>

#include "tests/support/attack.h"
#include "tests/support/unit.h"

static struct attack a;

static size_t stride(size_t unhurried)
{
    return getenv("MK_LONG") != NULL ? 1 : unhurried;
}

/* Flips one bit of every step-th byte; returns how often it was noticed. */
static size_t flip_bytes(enum attack_file which, size_t step)
{
    struct attack_files whole;
    struct attack_seen before;
    struct attack_seen seen;
    size_t noticed = 0;
    char what[64];

    attack_save(&a, &whole);
    ck_assert(whole.there[which]);
    attack_look(&a, &before);
    ck_assert_msg(before.read == MK_OK && before.verify == MK_OK, "%s %s",
                  mk_err_name(before.read), before.place);
    for (size_t i = 0; i < whole.text[which].len; i += step) {
        uint8_t bit = (uint8_t)(1u << (i / step % 8));

        attack_load(&a, &whole);
        whole.text[which].data[i] ^= bit;
        attack_load_one(&a, &whole, which);
        whole.text[which].data[i] ^= bit;
        attack_look(&a, &seen);
        snprintf(what, sizeof what, "byte %zu", i);
        if (attack_noticed(&seen)) {
            noticed++;
            attack_assert_verify(&seen, what);
        } else {
            ck_assert_msg(seen.read == MK_OK && seen.verify == MK_OK,
                          "%s: %s %s", what, mk_err_name(seen.read),
                          seen.place);
            ck_assert_msg(memcmp(seen.digest, before.digest, MK_HASH) == 0,
                          "%s: something else is shown", what);
        }
    }
    attack_load(&a, &whole);
    attack_files_release(&whole);
    return noticed;
}

START_TEST(a_flipped_byte_of_the_database_is_noticed_or_means_nothing)
{
    attack_setup(&a, 0);
    ck_assert_uint_gt(flip_bytes(ATTACK_DB, stride(211)), 300);
    attack_teardown(&a);
}
END_TEST

START_TEST(a_flipped_byte_of_retention_is_noticed)
{
    struct attack_files whole;

    attack_setup(&a, 0);
    attack_save(&a, &whole);
    ck_assert_uint_eq(flip_bytes(ATTACK_RETENTION, 1),
                      whole.text[ATTACK_RETENTION].len);
    attack_files_release(&whole);
    attack_teardown(&a);
}
END_TEST

static void start(void)
{
    ck_assert_int_eq(mk_init(NULL), MK_OK);
}

int main(void)
{
    const TTest *const tests[] = {
        a_flipped_byte_of_the_database_is_noticed_or_means_nothing,
        a_flipped_byte_of_retention_is_noticed,
    };

    if (getenv("MK_LONG") != NULL) /* every byte takes half an hour */
        ck_assert_int_eq(setenv("CK_DEFAULT_TIMEOUT", "3500", 1), 0);
    return UNIT_RUN("attack_file", tests, start);
}
