/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/race.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "core/vault.h"

static struct {
    struct mk_vault *slow;
    bool asked;
    void (*meanwhile)(void);
} race;

void race_while(struct mk_vault *slow, bool asks, void (*meanwhile)(void))
{
    race.slow = slow;
    race.asked = !asks;
    race.meanwhile = meanwhile;
}

bool race_was_run(void)
{
    return race.slow && !race.meanwhile;
}

int clock_gettime(clockid_t id, struct timespec *ts)
{
    void (*run)(void) = race.meanwhile;
    bool writes = run && mk_store_in_write(race.slow->store);

    if (id == CLOCK_REALTIME && run && writes) {
        race.asked = true;
    } else if (id == CLOCK_REALTIME && run && race.asked) {
        race.meanwhile = NULL;
        run();
    }
    return (int)syscall(SYS_clock_gettime, id, ts);
}
