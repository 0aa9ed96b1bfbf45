/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/io.h"

#include <errno.h>
#include <unistd.h>

bool mk_io_write(int fd, const void *p, size_t n)
{
    const uint8_t *at = p;
    while (n > 0) {
        ssize_t done = write(fd, at, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        at += done;
        n -= (size_t)done;
    }
    return true;
}
