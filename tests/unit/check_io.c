/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/io.h"

#include "tests/support/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

START_TEST(all_bytes_are_written)
{
    char got[8] = "";
    int end[2];
    ck_assert_int_eq(pipe(end), 0);
    ck_assert(mk_io_write(end[1], "sleutel", 7));
    ck_assert(mk_io_write(end[1], NULL, 0));
    ck_assert_int_eq(read(end[0], got, sizeof got), 7);
    ck_assert_str_eq(got, "sleutel");
    close(end[0]);
    close(end[1]);
}
END_TEST

START_TEST(a_full_disk_is_said_in_errno)
{
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert(!mk_io_write(fd, "x", 1));
    ck_assert_int_eq(errno, ENOSPC);
    close(fd);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        all_bytes_are_written,
        a_full_disk_is_said_in_errno,
    };
    return UNIT_RUN("io", tests, NULL);
}
