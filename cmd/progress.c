/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/app.h"

#include "core/base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { WIDTH = 30, PATIENCE_MS = 1000 };

void mk_app_progress(void *ctx, const char *what, uint64_t done,
                     uint64_t total)
{
    struct mk_app *app = ctx;
    char bar[WIDTH + 1];
    if (!isatty(STDERR_FILENO))
        return;
    if (app->began_ms == 0)
        app->began_ms = mk_clock_now();
    if (mk_clock_now() - app->began_ms < PATIENCE_MS)
        return;
    app->progress_shown = true;
    if (total == 0) {
        fprintf(stderr, "\r\033[K%s: %" PRIu64, what, done);
        return;
    }
    uint64_t full = done < total ? done * WIDTH / total : WIDTH;
    for (uint64_t i = 0; i < WIDTH; i++)
        bar[i] = i < full ? '#' : '.';
    bar[WIDTH] = '\0';
    fprintf(stderr, "\r\033[K%s: [%s] %" PRIu64 " / %" PRIu64, what, bar, done,
            total);
}

void mk_app_progress_end(struct mk_app *app)
{
    if (app->progress_shown)
        fputs("\r\033[K", stderr);
    app->progress_shown = false;
    app->began_ms = 0;
}
