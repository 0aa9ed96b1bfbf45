/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Findings of doctor in Dutch: values are put together of phrases and of names, places
 * and numbers, which stay as they are. */
#include <check.h>
#include <stdlib.h>

#include "cmd/place.h"
#include "tests/support/unit.h"

static void in_dutch(const char *value, const char *wanted)
{
    struct mk_buf text = MK_BUF_INIT;

    ck_assert_int_eq(mk_finding_dutch(&text, value), MK_OK);
    ck_assert_int_eq(mk_buf_terminate(&text), MK_OK);
    ck_assert_str_eq((const char *)text.data, wanted);
    mk_buf_release(&text);
}

START_TEST(numbers_are_counted_in_dutch)
{
    in_dutch("set 1: 2 of 3", "reeks 1: 2 van 3");
    in_dutch("0 of 0", "0 van 0");
    in_dutch("ABI 7, active", "ABI 7, actief");
    in_dutch("ABI 7, not active", "ABI 7, niet actief");
    in_dutch("active, mode 2", "actief, modus 2");
    in_dutch("set 2, accepted", "reeks 2, aanvaard");
    in_dutch("60 months, 0 entries pruned",
             "60 maanden, 0 regels opgeschoond");
    in_dutch("epoch 0, 2 log entries, 3 dossiers, 4 records",
             "tijdvak 0, 2 logregels, 3 dossiers, 4 telregels");
    in_dutch("0 witnesses, 2 entries uncovered, 9 days",
             "0 getuigen, 2 regels niet bevestigd, 9 dagen");
    in_dutch("in the vault", "in de kluis");
}
END_TEST

START_TEST(names_and_places_stay_as_they_are)
{
    in_dutch("moved to /srv/asset of b", "verhuisd naar /srv/asset of b");
    in_dutch("rd: Piet of Kees, Anna", "rd: Piet of Kees, Anna");
    in_dutch("moving to /mnt/inactive", "verhuist naar /mnt/inactive");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        numbers_are_counted_in_dutch,
        names_and_places_stay_as_they_are,
    };
    return UNIT_RUN("place", tests, NULL);
}
